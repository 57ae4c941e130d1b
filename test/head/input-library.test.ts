import { execFileSync } from 'node:child_process'
import { appendFile, copyFile, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PacelineError } from '../../src/errors.ts'
import { type InputView, viewBelow, viewOfOwn } from '../../src/head/files/input-view.ts'
import { createRoots } from '../../src/head/files/roots.ts'
import { pathBytes } from '../../src/head/files/testing/path-bytes.ts'
import { createInputLibrary, type InputLibrary } from '../../src/head/input-library.ts'
import { openProbeDesk, type ProbeDesk } from '../../src/head/probe/probe-desk.ts'
import { createWaitingProbe, type WaitingProbe } from '../../src/head/probe/waiting-probe.ts'
import { createSourceSeeking } from '../../src/head/source-seeking.ts'
import { unknownLight } from '../../src/head/testing/unknown-light.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { makeClip } from '../clips/make-clip.ts'

let folder: string
let film: string
let desk: ProbeDesk
let waiting: WaitingProbe
let library: InputLibrary

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-library-'))
  film = join(folder, 'film.mkv')
  await copyFile(await makeClip({ seconds: 4, container: 'mkv', audio: 'aac-48000' }), film)
  desk = await openProbeDesk(pino({ level: 'silent' }))
  waiting = createWaitingProbe(desk)
  library = createInputLibrary(
    desk,
    waiting,
    createSourceSeeking({ log: pino({ level: 'silent' }) }),
    unknownLight,
  )
})

afterEach(async () => {
  await waiting.close()
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

const openOwn = async (path: string) => library.open(path, await viewOfOwn(path))

/** A file that the head cannot open, and somebody else reads for it. */
async function elsewhere(path: string): Promise<InputView & { reads: number }> {
  const bytes = pathBytes(path)
  const view = {
    ...{
      state: await stat(path, { bigint: true }),
      path: null,
      teller: 1,
      reads: 0,
      close: () => Promise.resolve(),
    },
    bytes: {
      read: (position: number, length: number) => {
        view.reads++
        return bytes.read(position, length)
      },
    },
  }
  return view
}

describe('an input of the library', () => {
  it('comes with what is in it and how leases open it', async () => {
    const { info, input, close } = await openOwn(film)
    expect(info.streams.map(({ kind }) => kind)).toEqual(['video', 'audio'])
    expect(input).toMatchObject({ path: film, size: (await stat(film)).size })
    expect((await input.bytes.read(0, 4)).toString('hex')).toBe('1a45dfa3')
    await close()
  })

  it('is the same one as long as the file is', async () => {
    const [first, second] = [await openOwn(film), await openOwn(film)]
    expect({ ...second.input, bytes: null }).toEqual({ ...first.input, bytes: null })
    expect(second.info).toBe(first.info)
  })

  it('is another one when the file has changed', async () => {
    const first = await openOwn(film)
    await appendFile(film, Buffer.alloc(1_000))
    const second = await openOwn(film)
    expect(second.input.identity).not.toBe(first.input.identity)
    expect(second.input.size).toBe(first.input.size + 1_000)
  })
})

describe('an input that only a shim can read', () => {
  it.each(['mkv', 'mp4', 'ts'] as const)('is understood as one of the head’s own: %s', async (container) => {
    const clip = await makeClip({ seconds: 6, container, audio: 'aac-48000' })
    const path = join(folder, `a film.${container}`)
    await copyFile(clip, path)
    const far = await library.open('/not/on/this/machine/film', { ...(await elsewhere(path)) })
    expect(far.info).toEqual(await probeMedia(path))
    expect(far.input.edges).toBe((await openOwn(path)).input.edges)
    expect(far.input.path).toBe('/not/on/this/machine/film')
    await far.close()
  })

  it('is read once, and not at all when it is known', async () => {
    const first = await elsewhere(film)
    const opened = await library.open(film, first)
    const size = Number(first.state.size)
    const inOneGo = Math.ceil(size / (256 * 1024))
    expect((await opened.input.bytes.read(0, size)).length).toBe(size)
    expect(first.reads).toBe(inOneGo)
    const second = await elsewhere(film)
    await library.open(film, second)
    expect(second.reads).toBe(0)
  })

  it('is believed to be what a user has told for that user alone', async () => {
    const first = await elsewhere(film)
    const opened = await library.open(film, first)
    const liar = { ...(await elsewhere(film)), teller: 2, bytes: { read: async () => Buffer.alloc(0) } }
    await expect(library.open(film, liar)).rejects.toBeInstanceOf(Error)
    const other = { ...(await elsewhere(film)), teller: 3 }
    const again = await library.open(film, other)
    expect(again.input.identity).not.toBe(opened.input.identity)
    expect(again.info).toEqual(opened.info)
    const own = await openOwn(film)
    expect(own.input.identity).not.toBe(opened.input.identity)
  })

  it('has an address for ffprobe until it is closed', async () => {
    const opened = await library.open(film, await elsewhere(film))
    const address = opened.address()
    expect((await probeMedia(address)).streams).toEqual(opened.info.streams)
    await opened.close()
    await expect(probeMedia(address)).rejects.toMatchObject({ code: expect.stringMatching(/^E_PROBE/) })
  })

  it('that is no film says so by its path, and in FFmpeg’s words', async () => {
    const text = join(folder, 'text.mkv')
    await writeFile(text, 'once upon a time')
    await expect(library.open('/films/text.mkv', await elsewhere(text))).rejects.toMatchObject({
      code: 'E_PROBE_INVALID',
      where: '/films/text.mkv',
      cause: { reason: 'Invalid data found when processing input' },
    })
  })

  it('whose shim goes while it is looked at is not to be had', async () => {
    const gone = { ...(await elsewhere(film)), bytes: { read: () => Promise.reject(new Error('gone')) } }
    await expect(library.open(film, gone)).rejects.toThrow('gone')
    expect((await library.open(film, await elsewhere(film))).info.streams).toHaveLength(2)
  })
})

/** One whose shim hangs until it dies. */
async function dying(path: string) {
  const view = await elsewhere(path)
  let die = () => {}
  const death = new Promise<never>((_, reject) => {
    die = () => reject(new PacelineError('E_HANDS_GONE', 'the shim has gone'))
  })
  return {
    view: { ...view, bytes: { read: () => death } },
    die,
  }
}

describe('a file that two jobs look at', () => {
  it('is read by the second one’s shim when the first one’s dies', async () => {
    const { view, die } = await dying(film)
    const first = library.open(film, view)
    const second = library.open(film, await elsewhere(film))
    first.catch(() => undefined)
    await sleep(300)
    die()
    expect((await second).info.streams).toHaveLength(2)
    expect((await second).input.edges).toBe((await openOwn(film)).input.edges)
    await expect(first).rejects.toMatchObject({ code: 'E_HANDS_GONE' })
    await (await second).close()
  })

  it('is none the worse for another state of it that comes and goes meanwhile', async () => {
    let letRead = () => {}
    const gate = new Promise<void>((resolve) => {
      letRead = resolve
    })
    const slow = await elsewhere(film)
    const { read } = slow.bytes
    const first = library.open(film, {
      ...slow,
      bytes: { read: (position, length) => gate.then(() => read(position, length)) },
    })
    const other = await elsewhere(film)
    const newer = { ...other, state: { size: other.state.size, mtimeNs: 1n } }
    await (await library.open(film, newer)).close()
    letRead()
    expect((await first).info.streams).toHaveLength(2)
    await (await first).close()
  })
})

describe('what is no input', () => {
  it('is a folder, or a pipe to which nobody writes', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.mkv')])
    for (const path of [folder, join(folder, 'pipe.mkv')]) {
      await expect(viewOfOwn(path)).rejects.toMatchObject({ code: 'E_PROBE_INVALID' })
    }
  })
})

describe('the roots of the head', () => {
  it('are all that it opens, links followed', async () => {
    const [media, other] = [join(folder, 'media'), join(folder, 'media-other')]
    await Promise.all([mkdir(media), mkdir(other)])
    await copyFile(film, join(media, 'film.mkv'))
    await copyFile(film, join(other, 'film.mkv'))
    await symlink(join(media, 'film.mkv'), join(media, 'inside.mkv'))
    await symlink(join(other, 'film.mkv'), join(media, 'outside.mkv'))
    await symlink(other, join(media, 'way'))
    await symlink(media, join(folder, 'link-to-media'))
    const roots = createRoots([join(folder, 'link-to-media'), '/no/such/folder'])
    for (const name of [
      'media/film.mkv',
      'media/inside.mkv',
      'media/../media/film.mkv',
      'link-to-media/film.mkv',
    ]) {
      await (await viewBelow(join(folder, name), roots)).close()
    }
    for (const name of [
      'media/outside.mkv',
      'media/way/film.mkv',
      'media-other/film.mkv',
      'film.mkv',
      'media/../film.mkv',
    ]) {
      await expect(viewBelow(`${folder}/${name}`, roots), name).rejects.toMatchObject({
        code: 'E_PATH_OUTSIDE',
      })
    }
    await expect(viewBelow(join(media, 'none'), roots)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('have room for a new file only below them', async () => {
    await mkdir(join(folder, 'out'))
    await symlink('/tmp', join(folder, 'out', 'link'))
    const roots = createRoots([join(folder, 'out')])
    expect(await roots.hasRoomFor(join(folder, 'out', 'film.mp4'))).toBe(true)
    for (const path of ['film.mp4', 'out/link/film.mp4', 'out/none/film.mp4', 'out/..']) {
      expect(await roots.hasRoomFor(`${folder}/${path}`), path).toBe(false)
    }
  })

  it('are none without any', async () => {
    expect(await createRoots([]).open(film)).toBeNull()
    expect(await createRoots([]).hasRoomFor(film)).toBe(false)
  })
})
