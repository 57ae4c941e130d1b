import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decodeJoinToken } from '../../src/cluster/join-token.ts'
import { makeClip } from '../clips/make-clip.ts'
import { projectFolder, type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { Intruder } from './intruder.ts'

const serverToken = 'xPlexSecretOfTheServer'

let paceline: RunningPaceline
let folder: string
let node: ChildProcess
let nodeLog = ''
let joinToken: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-secrets-'))
  paceline = await startPaceline({ nodes: 1, environment: { PACELINE_LOG: 'debug' } })
  joinToken = await (await Intruder.at(paceline)).token({ name: 'by-hand' })
  // As somebody types it: the token stands among the arguments.
  const args = [join(projectFolder, 'bin', 'paceline.js'), '--data', join(folder, 'own'), 'node', '--json']
  node = spawn(process.execPath, [...args, '--join', joinToken], { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [node.stdout!, node.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      nodeLog += text
    })
  }
  while (!nodeLog.includes('node is ready')) await sleep(20)
})

afterAll(async () => {
  node?.kill('SIGINT')
  if (node) await once(node, 'exit')
  await paceline?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Everything that nobody but its owner may see, by what it is. */
async function secrets(): Promise<Map<string, string>> {
  const read = (...path: string[]) => readFile(join(...path), 'utf8')
  const found = new Map([
    ['the token of the media server', serverToken],
    ['the join token', joinToken],
    ['the secret in the join token', decodeJoinToken(joinToken).secret],
    ['the key to the API', (await read(paceline.dataFolder, 'api-token')).trim()],
    ['the key of the head', bodyOf(await read(paceline.dataFolder, 'certificate-key.pem'))],
  ])
  const { headSeed, ledgerSeed } = JSON.parse(await read(paceline.dataFolder, 'credentials.json'))
  found.set('the seed of the head', headSeed).set('the seed of the ledger', ledgerSeed)
  for (const own of [join(folder, 'own'), join(paceline.dataFolder, 'nodes', 'node-1')]) {
    const { keys } = JSON.parse(await read(own, 'node', 'node.json'))
    found.set(`the seed of ${own}`, keys.seed).set(`the key of ${own}`, bodyOf(keys.identity.key))
  }
  return found
}

/** The second line of a PEM: the first that says something. */
const bodyOf = (pem: string): string => pem.split('\n')[1]!

/** The list of processes as everybody sees it, and the variables of all encoders. */
function processes(): string {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      const words = fileOf(pid, 'cmdline')
      // The media server's own command line is the shim's: nobody of ours has put anything there.
      if (words.startsWith(paceline.shim)) return ''
      return words.startsWith('ffmpeg') || /^\S*ffmpeg\0/.test(words) ? words + fileOf(pid, 'environ') : words
    })
  return lines.join('\n')
}

function fileOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    // It has ended meanwhile, or is not ours to look into.
    return ''
  }
}

it('no secret is in any log, list of processes or message of a session', async () => {
  const spy = await (await Intruder.at(paceline)).headNats()
  let messages = ''
  let seen = ''
  spy.subscribe('>', {
    callback: (_error, message) => {
      messages += `${message.subject} ${message.string()}\n`
    },
  })
  const server = await startPlexMediaServer()
  const args = hlsArguments().map((word) =>
    word.replace(
      'X-Plex-Http-Pipeline=infinite',
      `X-Plex-Http-Pipeline=infinite&X-Plex-Token=${serverToken}`,
    ),
  )
  const job = await startTranscoder({
    ...{ program: paceline.shim, server, args, sessions: folder, token: serverToken },
    mediaPath: await makeClip({ seconds: 20, audio: 'aac-48000' }),
    environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
  })
  let over = false
  const ended = job.exited().finally(() => {
    over = true
  })
  while (!over) {
    seen += processes()
    await sleep(10)
  }
  expect(await ended, paceline.log()).toMatchObject({ exit: 0 })
  await sleep(300)
  await spy.close()
  await server.close()
  // What is looked through has what it should: orders, encoders, words of both sides.
  expect(messages).toMatch(/paceline\.order\.\w+ .*"type":"grant"/)
  expect(seen).toMatch(/ffmpeg\0-hide_banner/)
  expect(paceline.log()).toContain('node is ready')
  expect((await readdir(join(paceline.dataFolder, 'nodes', 'node-1'))).toSorted()).toEqual(['node'])
  for (const [what, secret] of await secrets()) {
    expect(secret.length, what).toBeGreaterThan(15)
    expect(messages.includes(secret), `${what} in a message`).toBe(false)
    expect(seen.includes(secret), `${what} in the list of processes`).toBe(false)
    expect(`${paceline.log()}${nodeLog}`.includes(secret), `${what} in a log`).toBe(false)
  }
})
