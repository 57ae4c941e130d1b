import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { BlockCache, type BlockResult, type FetchBlock } from './block-cache.ts'

const never = new AbortController().signal

function block(bytes: number): BlockResult {
  return { ok: true, bytes: Buffer.alloc(bytes) }
}

const gone: BlockResult = { ok: false, reason: 'gone', message: '410' }

/** Fetches that end when told to, and count. */
function controlledFetch() {
  const calls: { signal: AbortSignal; settle: (result: BlockResult) => void }[] = []
  const fetch: FetchBlock = (signal) => new Promise((settle) => calls.push({ signal, settle }))
  return { calls, fetch }
}

const mustNotFetch: FetchBlock = () => Promise.reject(new Error('it should have been in the cache'))

describe('the cache', () => {
  test('fetches a block once for all who want it at the same time', async () => {
    const cache = new BlockCache(100)
    const { calls, fetch } = controlledFetch()
    const reads = [cache.read('a', fetch, never), cache.read('a', fetch, never)]
    calls[0]!.settle(block(10))
    const [first, second] = await Promise.all(reads)
    expect(calls).toHaveLength(1)
    expect(second).toBe(first)
  })

  test('gives a block again without fetching it', async () => {
    const cache = new BlockCache(100)
    await cache.read('a', async () => block(10), never)
    expect(await cache.read('a', mustNotFetch, never)).toEqual(block(10))
    expect(cache.bytes).toBe(10)
  })

  test('lets the least recently used block go first, and holds no more than its limit', async () => {
    const cache = new BlockCache(30)
    for (const key of ['a', 'b', 'c']) await cache.read(key, async () => block(10), never)
    await cache.read('a', mustNotFetch, never)
    await cache.read('d', async () => block(10), never)
    expect(cache.bytes).toBe(30)
    for (const key of ['a', 'c', 'd']) await cache.read(key, mustNotFetch, never)
    await expect(cache.read('b', mustNotFetch, never)).rejects.toThrow('should have been')
  })

  test('does not keep a block that is larger than itself', async () => {
    const cache = new BlockCache(5)
    expect(await cache.read('a', async () => block(10), never)).toEqual(block(10))
    expect(cache.bytes).toBe(0)
  })

  test('is empty after it was cleared', async () => {
    const cache = new BlockCache(100)
    await cache.read('a', async () => block(10), never)
    cache.clear()
    expect(cache.bytes).toBe(0)
    await cache.read('a', async () => block(20), never)
    expect(cache.bytes).toBe(20)
  })

  test('keeps no failure', async () => {
    const cache = new BlockCache(100)
    expect(await cache.read('a', async () => gone, never)).toBe(gone)
    expect(await cache.read('a', async () => block(10), never)).toEqual(block(10))
  })
})

describe('a fetch', () => {
  test('goes on when one of its two readers leaves', async () => {
    const cache = new BlockCache(100)
    const { calls, fetch } = controlledFetch()
    const leaving = new AbortController()
    const left = cache.read('a', fetch, leaving.signal)
    const stays = cache.read('a', fetch, never)
    leaving.abort()
    expect(await left).toMatchObject({ ok: false, reason: 'aborted' })
    await sleep(40)
    expect(calls[0]!.signal.aborted).toBe(false)
    calls[0]!.settle(block(10))
    expect(await stays).toEqual(block(10))
  })

  test('ends soon after its last reader has left, and the next reader begins another', async () => {
    const cache = new BlockCache(100)
    const { calls, fetch } = controlledFetch()
    const leaving = new AbortController()
    const left = cache.read('a', fetch, leaving.signal)
    leaving.abort()
    await left
    await sleep(40)
    expect(calls[0]!.signal.aborted).toBe(true)
    const next = cache.read('a', fetch, never)
    calls[1]!.settle(block(10))
    expect(await next).toEqual(block(10))
  })

  test('is taken over by a reader who comes just after the last one left', async () => {
    const cache = new BlockCache(100)
    const { calls, fetch } = controlledFetch()
    const leaving = new AbortController()
    const left = cache.read('a', fetch, leaving.signal)
    leaving.abort()
    await left
    const next = cache.read('a', fetch, never)
    await sleep(40)
    expect(calls).toHaveLength(1)
    calls[0]!.settle(block(10))
    expect(await next).toEqual(block(10))
  })

  test('that ends with another’s lease is begun again with one’s own', async () => {
    const cache = new BlockCache(100)
    const { calls, fetch } = controlledFetch()
    const first = cache.read('a', fetch, never)
    const second = cache.read('a', async () => block(10), never)
    calls[0]!.settle(gone)
    expect(await first).toBe(gone)
    expect(await second).toEqual(block(10))
  })

  test('that is broken for one is broken for all', async () => {
    const cache = new BlockCache(100)
    const { calls, fetch } = controlledFetch()
    const reads = [cache.read('a', fetch, never), cache.read('a', mustNotFetch, never)]
    const broken: BlockResult = { ok: false, reason: 'broken', message: '404' }
    calls[0]!.settle(broken)
    expect(await Promise.all(reads)).toEqual([broken, broken])
  })

  test('is not begun for a reader who has left already', async () => {
    const result = await new BlockCache(100).read('a', mustNotFetch, AbortSignal.abort())
    expect(result).toMatchObject({ ok: false, reason: 'aborted' })
  })
})

describe('a cache with a disk', () => {
  /** A disk that remembers what it was given. */
  function testDisk() {
    const kept = new Map<string, Buffer>()
    return {
      kept,
      get: async (key: string) => kept.get(key),
      put: async (key: string, bytes: Buffer) => void kept.set(key, bytes),
    }
  }

  test('puts there what is asked for a third time, and not what picture and sound read once each', async () => {
    const disk = testDisk()
    const cache = new BlockCache(100, disk)
    for (const key of ['film', 'film', 'index', 'index', 'index', 'index']) {
      await cache.read(key, async () => block(10), never)
    }
    expect([...disk.kept.keys()]).toEqual(['index'])
  })

  test('has it from there when the memory was given back, without fetching it', async () => {
    const disk = testDisk()
    const cache = new BlockCache(100, disk)
    for (let n = 0; n < 3; n++) await cache.read('index', async () => block(10), never)
    cache.clear()
    expect(cache.bytes).toBe(0)
    expect(await cache.read('index', mustNotFetch, never)).toEqual(block(10))
    expect(cache.bytes).toBe(10)
  })

  test('fetches what is not there, once for all who want it', async () => {
    const cache = new BlockCache(100, testDisk())
    const { calls, fetch } = controlledFetch()
    const reads = [cache.read('a', fetch, never), cache.read('a', fetch, never)]
    await sleep(1)
    calls[0]!.settle(block(10))
    await Promise.all(reads)
    expect(calls).toHaveLength(1)
  })
})
