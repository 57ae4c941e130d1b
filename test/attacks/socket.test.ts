import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { type PlexMediaServer, startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'

/** What the stand-in original ends with. */
const originalCode = 42

let paceline: RunningPaceline
let server: PlexMediaServer
let folder: string
let clip: string
let original: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 1 })
  server = await startPlexMediaServer()
  folder = await realpath(await mkdtemp(join(tmpdir(), 'paceline-socket-')))
  await chmod(folder, 0o755)
  clip = await makeClip({ seconds: 20, audio: 'aac-48000' })
  original = join(folder, 'original')
  await writeFile(original, `#!/bin/sh\nexit ${originalCode}\n`, { mode: 0o755 })
})

afterAll(async () => {
  await server?.close()
  await paceline?.stop()
  await rm(folder, { recursive: true, force: true })
})

function startJob(mediaPath: string, args = hlsArguments()) {
  return startTranscoder({
    ...{ program: paceline.shim, server, args, sessions: folder, mediaPath },
    environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: original },
  })
}

/** Does something at the socket while a session runs, which comes to its end all the same. */
async function whileServing<T>(attack: () => Promise<T>): Promise<T> {
  const job = await startJob(clip)
  const result = await attack()
  expect(await job.exited(), paceline.log()).toMatchObject({ exit: 0 })
  return result
}

const socketPath = () => paceline.head.slice('unix:'.length)

/** Connects, and again as long as the head has more to take than the system keeps for it. */
async function connected(): Promise<Socket> {
  for (;;) {
    const socket = connect(socketPath()).on('error', () => undefined)
    const error = await once(socket, 'connect').then(
      () => null,
      (reason: NodeJS.ErrnoException) => reason,
    )
    if (error === null) return socket
    if (error.code !== 'EAGAIN') throw error
    await sleep(5)
  }
}

async function say(...words: readonly Buffer[]): Promise<Socket> {
  const socket = await connected()
  for (const bytes of words) socket.write(bytes)
  return socket.resume()
}

/** Lines of the head's log that name a code, by what they say of it. */
const told = (code: string): string[] =>
  paceline
    .log()
    .split('\n')
    .filter((line) => line.includes(`"${code}"`))
    .map((line) => {
      const { what, reason, uid } = JSON.parse(line) as Record<string, string>
      return String(what ?? reason ?? uid)
    })

describe('the socket', () => {
  it('takes neither nonsense nor frames that are oversized or half, and tells of each once', async () => {
    await whileServing(async () => {
      for (let n = 0; n < 5; n++) {
        await once(await say(Buffer.from('GET / HTTP/1.1\r\n\r\n')), 'close')
        await once(await say(Buffer.from([0xff, 0, 1, 0, 1, 0, 1])), 'close')
        const half = await say(Buffer.from([0, 0, 1, 0, 1, 0, 1]))
        half.end()
        await once(half, 'close')
      }
    })
    await expect
      .poll(() => told('E_DOOR_PROTOCOL').toSorted())
      .toEqual([
        'a frame of type 1 with 4278190336 bytes, over 4194304',
        'a frame of type 47',
        'half a hello',
      ])
  })

  it('is not taken up by a thousand connections that say nothing, and tells of them once', async () => {
    const sockets: Socket[] = []
    await whileServing(async () => {
      for (let n = 0; n < 1_000; n++) sockets.push(await say())
      // One that has something to say is answered.
      const late = await startJob(clip)
      expect(await late.exited(), paceline.log()).toMatchObject({ exit: 0 })
      await expect.poll(() => sockets.filter(({ closed }) => !closed).length, { timeout: 5_000 }).toBe(0)
    })
    expect(told('E_DOOR_PROTOCOL').filter((what) => what.startsWith('no hello'))).toHaveLength(1)
  })

  it.skipIf(process.getuid!() !== 0)('lets in no other user (needs root to be one)', async () => {
    // Whoever has changed the permissions: the kernel is asked all the same.
    for (const place of [paceline.dataFolder, dirname(socketPath())]) await chmod(place, 0o755)
    await chmod(socketPath(), 0o666)
    const shim = join(folder, 'shim')
    await copyFile(paceline.shim, shim)
    const exits = await whileServing(() =>
      Promise.all(
        Array.from({ length: 5 }, async () => {
          const environment = { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: original }
          const other = { uid: 65_534, gid: 65_534, env: environment, cwd: folder }
          const [code] = await once(spawn(shim, ['-progressurl', 'http://127.0.0.1:9/'], other), 'close')
          return code as number
        }),
      ),
    )
    expect(exits).toEqual([originalCode, originalCode, originalCode, originalCode, originalCode])
    expect(told('E_DOOR_PEER')).toEqual(['65534'])
  })
})

describe('a job', () => {
  it('whose input is behind a link is the original’s, and the log has it once with its code', async () => {
    const [secret, link] = [join(folder, 'secret.mkv'), join(folder, 'link.mkv')]
    await copyFile(clip, secret)
    await symlink(secret, link)
    const exit = await whileServing(async () => (await startJob(link)).exited())
    expect(exit).toMatchObject({ exit: originalCode })
    await expect.poll(() => told('E_HANDS_REFUSED')).toEqual([expect.stringContaining('link.mkv')])
  })

  it('whose input is named by way of another folder is the original’s, and the log has it with its code', async () => {
    const way = `${folder}/../${basename(folder)}/film.mkv`
    await copyFile(clip, join(folder, 'film.mkv'))
    const exits = await whileServing(async () => [
      await (await startJob(way)).exited(),
      await (await startJob(way)).exited(),
    ])
    expect(exits.map(({ exit }) => exit)).toEqual([originalCode, originalCode])
    await expect.poll(() => told('E_HANDS_REFUSED').filter((what) => what === way)).toHaveLength(1)
  })

  it('whose segments are to lie outside its folder is the original’s, which may', async () => {
    const args = hlsArguments().map((word) => (word === 'media-%05d.ts' ? '../out-%05d.ts' : word))
    const exit = await whileServing(async () => (await startJob(clip, args)).exited())
    expect(exit).toMatchObject({ exit: originalCode })
    expect((await readdir(folder)).filter((name) => name.startsWith('out-'))).toEqual([])
  })

  it('whose folder is swapped for a link writes nothing where the link leads', async () => {
    const elsewhere = join(folder, 'elsewhere')
    await mkdir(elsewhere)
    const job = await startJob(clip)
    await whileServing(async () => {
      await expect.poll(() => server.requests.length, { timeout: 5_000 }).toBeGreaterThan(0)
      await rename(job.directory, `${job.directory}-moved`)
      await symlink(elsewhere, job.directory)
      await job.exited()
    })
    expect(await readdir(elsewhere)).toEqual([])
  })
})
