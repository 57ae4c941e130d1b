import { chmod, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openProbeDesk, type ProbeDesk } from '../../src/head/probe/probe-desk.ts'
import { createWaitingProbe, type WaitingProbe } from '../../src/head/probe/waiting-probe.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'

let folder = ''
let desk: ProbeDesk
let waiting: WaitingProbe
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-waiting-'))
  desk = await openProbeDesk(pino({ level: 'silent' }))
  waiting = createWaitingProbe(desk, await notingFfprobe())
})
afterEach(async () => {
  await waiting.close()
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

/** An ffprobe that writes down what it was started with. */
async function notingFfprobe(): Promise<string> {
  const path = join(folder, 'ffprobe')
  await writeFile(path, `#!/bin/sh\necho "$@" >>${folder}/calls\nexec ffprobe "$@"\n`)
  await chmod(path, 0o755)
  return path
}

/** Each call of ffprobe so far: by address, or by path. */
async function calls(): Promise<string[]> {
  const text = await readFile(join(folder, 'calls'), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (line.includes('-i http://127.0.0.1:') ? 'address' : 'path'))
}

async function untilCalled(count: number): Promise<void> {
  for (let tries = 0; (await calls()).length < count; tries += 1) {
    if (tries > 200) throw new Error(`${count} calls were expected: ${await calls()}`)
    await sleep(25)
  }
}

const sources: readonly ClipOptions[] = [
  { container: 'mp4', audio: 'aac-48000' },
  { container: 'mkv', audio: 'ac3', startSeconds: 3 },
  { container: 'ts', audio: 'aac-44100', codec: 'hevc' },
  { container: 'mkv', rate: 'variable' },
]

describe('an ffprobe that waits for its file', () => {
  it.each(sources)('finds in %o what one finds that is given the path', async (source) => {
    const path = await makeClip(source)
    expect(await waiting.probe(path)).toEqual(await probeMedia(path))
    expect(await calls()).toEqual(['address'])
  })

  it('is followed by another, which waits for the next file', async () => {
    const path = await makeClip({})
    await waiting.probe(path)
    await untilCalled(2)
    await waiting.probe(path)
    expect(await calls()).toEqual(['address', 'address'])
  })

  it('leaves a second file at the same time to one that is started for it', async () => {
    const [first, second] = await Promise.all([makeClip({}), makeClip({ container: 'mkv' })])
    const [one, two] = await Promise.all([waiting.probe(first), waiting.probe(second)])
    expect([one.formats.includes('mp4'), two.formats.includes('matroska')]).toEqual([true, true])
    expect((await calls()).toSorted()).toEqual(['address', 'path'])
  })

  it('has the probe size of the job before', async () => {
    const path = await makeClip({})
    const limits = { probeSize: '10000000', analyzeDuration: '10000000' }
    await untilCalled(1)
    await waiting.probe(path, limits)
    await untilCalled(3)
    await waiting.probe(path, limits)
    expect(await calls()).toEqual(['address', 'path', 'address'])
    expect((await readFile(join(folder, 'calls'), 'utf8')).split('\n')[2]).toContain('-probesize 10000000')
  })

  it('leaves files that FFmpeg knows by their names to one that is given the path', async () => {
    const path = join(folder, 'words.srt')
    await writeFile(path, '1\n00:00:00,000 --> 00:00:01,000\nWords\n')
    expect((await waiting.probe(path)).formats).toEqual(['srt'])
    await untilCalled(2)
    expect((await calls()).toSorted()).toEqual(['address', 'path'])
  })

  it.each([
    ['is not there', 'E_PROBE_MISSING', async (_: string) => {}],
    ['has nothing in it', 'E_PROBE_INVALID', (path: string) => writeFile(path, '')],
    ['breaks off in the middle', 'E_PROBE_INVALID', tornFilm],
  ])('tells of a file that %s in the words of one that is given the path', async (_, code, make) => {
    const path = join(folder, 'film.mp4')
    await make(path)
    const error: unknown = await waiting.probe(path).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code, where: path })
    expect((error as Error).message).not.toContain('http://')
  })

  it('ends when its caller gives up', async () => {
    const giveUp = new AbortController()
    giveUp.abort(new Error('the viewer has gone'))
    await expect(waiting.probe(await makeClip({}), { signal: giveUp.signal })).rejects.toThrow('has gone')
  })

  it('is gone when it is closed, and probes go on without', async () => {
    await untilCalled(1)
    await waiting.close()
    expect((await waiting.probe(await makeClip({}))).formats).toContain('mp4')
    expect(await calls()).toEqual(['address', 'path'])
  })
})

/** Its index is at the end of it, and gone. */
async function tornFilm(path: string): Promise<void> {
  await writeFile(path, await readFile(await makeClip({})))
  await truncate(path, 20_000)
}

describe('the address of a probe', () => {
  it('leads nowhere for who does not know it', async () => {
    const { url, close } = desk.reserve()
    const response = await fetch(new URL('/0123456789abcdef', url))
    expect(response.status).toBe(404)
    close()
    expect((await fetch(url)).status).toBe(404)
  })

  it('gives the bytes that are asked for', async () => {
    const address = desk.reserve()
    const bytes = Buffer.from('0123456789')
    address.serve({
      size: 10,
      read: async (at, length) => bytes.subarray(at, at + length),
      close: async () => {},
    })
    const part = await fetch(address.url, { headers: { range: 'bytes=3-5' } })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 3-5/10',
      '345',
    ])
    expect(await (await fetch(address.url)).text()).toBe('0123456789')
    expect((await fetch(address.url, { headers: { range: 'bytes=10-' } })).status).toBe(416)
    address.close()
  })

  it('breaks off where a file has become shorter', async () => {
    const address = desk.reserve()
    address.serve({ size: 10, read: async () => Buffer.alloc(0), close: async () => {} })
    await expect(fetch(address.url).then((response) => response.text())).rejects.toThrow()
    address.close()
  })

  it('keeps who asks early waiting, and lets go of them when it is closed', async () => {
    const address = desk.reserve()
    const early = fetch(address.url).then((response) => response.text())
    await sleep(50)
    address.serve({ size: 2, read: async () => Buffer.from('ok'), close: async () => {} })
    expect(await early).toBe('ok')
    const never = desk.reserve()
    const asked = fetch(never.url)
    await sleep(50)
    never.close()
    await expect(asked).rejects.toThrow()
  })
})
