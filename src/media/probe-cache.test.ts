import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { FfprobeOptions } from './ffprobe.ts'
import type { MediaInfo } from './media-info.ts'
import { createProbeCache, type FileState, fileIdentity } from './probe-cache.ts'

const info = (name: string): MediaInfo => ({
  formats: [name],
  startSeconds: 0,
  durationSeconds: null,
  bitRate: null,
  sizeBytes: null,
  streams: [],
})

/** A cache over a file system and an ffprobe of our own: every probe waits until it is let go, an aborted one too. */
function bench(limit = 500) {
  const files = new Map<string, FileState>([['/a', { size: 1n, mtimeNs: 1n }]])
  const calls: { path: string; options: FfprobeOptions; finish: (result: MediaInfo | Error) => void }[] = []
  const cache = createProbeCache({
    limit,
    state: async (path) => {
      const state = files.get(path)
      if (state === undefined) throw new Error('ENOENT')
      return state
    },
    probe: (path, options) =>
      new Promise((resolve, reject) => {
        const finish = (result: MediaInfo | Error) =>
          result instanceof Error ? reject(result) : resolve(result)
        calls.push({ path, options, finish })
      }),
  })
  /** Probes and lets go at once whatever it started. */
  const get = async (path: string) => {
    const before = calls.length
    const result = cache.probe(path)
    for (let turn = 0; turn < 3; turn += 1) await setImmediate()
    calls[before]?.finish(info(`${path} ${before}`))
    return (await result).formats[0]
  }
  return { files, calls, cache, get }
}

describe('fileIdentity', () => {
  const state = { size: 12n, mtimeNs: 1_700_000_000_123_456_789n }

  it('changes with path, size and modification time down to the nanosecond', () => {
    const identities = [
      fileIdentity(state, '/a'),
      fileIdentity(state, '/b'),
      fileIdentity({ ...state, size: 13n }, '/a'),
      fileIdentity({ ...state, mtimeNs: state.mtimeNs + 1n }, '/a'),
    ]
    expect(new Set(identities).size).toBe(4)
    expect(fileIdentity({ ...state }, '/a')).toBe(identities[0])
  })

  it('is a digest that tells nothing of the path', () => {
    expect(fileIdentity(state, '/films/private.mkv')).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('createProbeCache', () => {
  it('probes a file once as long as it stays as it is', async () => {
    const { calls, files, get } = bench()
    expect(await get('/a')).toBe('/a 0')
    expect(await get('/a')).toBe('/a 0')
    files.set('/a', { size: 1n, mtimeNs: 2n })
    expect(await get('/a')).toBe('/a 1')
    expect(calls).toHaveLength(2)
  })

  it('probes once for all who ask at the same time', async () => {
    const { calls, cache } = bench()
    const asked = [cache.probe('/a'), cache.probe('/a'), cache.probe('/a')]
    await setImmediate()
    expect(calls).toHaveLength(1)
    calls[0]!.finish(info('once'))
    expect((await Promise.all(asked)).map(({ formats }) => formats[0])).toEqual(['once', 'once', 'once'])
  })

  it('probes anew with other probe options', async () => {
    const { calls, cache } = bench()
    const asked = [
      cache.probe('/a'),
      cache.probe('/a', { probeSize: '1M' }),
      cache.probe('/a', { analyzeDuration: '1M' }),
    ]
    await setImmediate()
    expect(calls.map(({ options }) => [options.probeSize, options.analyzeDuration])).toEqual([
      [undefined, undefined],
      ['1M', undefined],
      [undefined, '1M'],
    ])
    for (const { finish } of calls) finish(info('any'))
    await Promise.all(asked)
  })

  it('does not remember failures', async () => {
    const { calls, cache, get } = bench()
    const failed = cache.probe('/a')
    await setImmediate()
    calls[0]!.finish(new Error('moov atom not found'))
    await expect(failed).rejects.toThrow('moov atom not found')
    expect(await get('/a')).toBe('/a 1')
  })

  it('does not remember what was read while the file was being written', async () => {
    const { calls, cache, files, get } = bench()
    const first = cache.probe('/a')
    await setImmediate()
    files.set('/a', { size: 2n, mtimeNs: 2n })
    calls[0]!.finish(info('old'))
    expect((await first).formats).toEqual(['old'])
    expect(await get('/a')).toBe('/a 1')
    files.set('/a', { size: 1n, mtimeNs: 1n })
    expect(await get('/a')).toBe('/a 2')
  })

  it('lets ffprobe say what is wrong with a file that is not there, every time', async () => {
    const { calls, get } = bench()
    expect(await get('/missing')).toBe('/missing 0')
    expect(await get('/missing')).toBe('/missing 1')
    expect(calls).toHaveLength(2)
  })

  it('forgets the file that was asked for longest ago', async () => {
    const { files, calls, get } = bench(2)
    for (const path of ['/b', '/c']) files.set(path, { size: 1n, mtimeNs: 1n })
    await get('/a')
    await get('/b')
    await get('/a')
    await get('/c')
    expect(calls).toHaveLength(3)
    expect(await get('/a')).toBe('/a 0')
    expect(await get('/b')).toBe('/b 3')
  })
})

describe('a caller that gives up', () => {
  it('leaves the others waiting for their result', async () => {
    const { calls, cache } = bench()
    const impatient = new AbortController()
    const first = cache.probe('/a', { signal: impatient.signal })
    const second = cache.probe('/a')
    await setImmediate()
    impatient.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    expect(calls[0]!.options.signal!.aborted).toBe(false)
    calls[0]!.finish(info('kept'))
    expect((await second).formats).toEqual(['kept'])
  })

  it('ends the probe when nobody else waits, and the next caller starts another', async () => {
    const { calls, cache } = bench()
    const impatient = new AbortController()
    const first = cache.probe('/a', { signal: impatient.signal })
    await setImmediate()
    impatient.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    expect(calls[0]!.options.signal!.aborted).toBe(true)
    const second = cache.probe('/a')
    await setImmediate()
    calls[0]!.finish(new Error('killed'))
    await setImmediate()
    const third = cache.probe('/a')
    await setImmediate()
    expect(calls).toHaveLength(2)
    calls[1]!.finish(info('again'))
    expect((await Promise.all([second, third])).map(({ formats }) => formats[0])).toEqual(['again', 'again'])
  })

  it('starts nothing when it gave up before', async () => {
    const { calls, cache } = bench()
    await expect(cache.probe('/a', { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone')
    expect(calls).toEqual([])
  })
})
