import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedgerBucket } from './ledger-bucket.ts'
import type { LedgerFailure, LedgerResult } from './ledger-result.ts'
import { createWriteBehind } from './write-behind.ts'

const unavailable: LedgerFailure = { ok: false, code: 'unavailable', message: 'gone' }

/** A bucket in memory that answers after a turn of the event loop, and fails as `next` says. */
function memoryBucket(next: () => LedgerFailure | undefined = () => undefined) {
  const stored = new Map<string, number>()
  const busy = new Set<string>()
  let writes = 0
  let atOnce = 0
  let most = 0
  const write = async (key: string, act: () => void): Promise<LedgerResult> => {
    if (busy.has(key)) throw new Error(`two writes of ${key} at once`)
    busy.add(key)
    most = Math.max(most, ++atOnce)
    await new Promise((resolve) => setImmediate(resolve))
    busy.delete(key)
    atOnce--
    writes++
    const failure = next()
    if (failure) return failure
    act()
    return { ok: true }
  }
  const bucket: LedgerBucket<number> = {
    name: 'memory',
    load: async () => ({ ok: true, entries: new Map(stored) }),
    create: (key, value) => write(key, () => stored.set(key, value)),
    update: (key, value) => write(key, () => stored.set(key, value)),
    remove: (key) => write(key, () => stored.delete(key)),
    knows: (key) => stored.has(key),
    forgetLost: async () => ({ ok: true, count: 0 }),
  }
  return { bucket, stored, writes: () => writes, most: () => most }
}

describe('writing behind', () => {
  it('returns at once and has written nothing yet', async () => {
    const { bucket, stored } = memoryBucket()
    const behind = createWriteBehind(bucket, { onTrouble: () => undefined })
    behind.put('a', 1)
    expect(stored.size).toBe(0)
    expect(await behind.flush(1_000)).toBe(0)
    expect(stored.get('a')).toBe(1)
  })

  it('writes of many changes to one key only the first and the last', async () => {
    const { bucket, stored, writes } = memoryBucket()
    const behind = createWriteBehind(bucket, { onTrouble: () => undefined })
    for (let n = 0; n < 1_000; n++) behind.put('a', n)
    await behind.flush(1_000)
    expect(stored.get('a')).toBe(999)
    expect(writes()).toBe(2)
  })

  it('keeps to a few writes at once, however many keys there are', async () => {
    const { bucket, stored, most } = memoryBucket()
    const behind = createWriteBehind(bucket, { onTrouble: () => undefined })
    for (let n = 0; n < 200; n++) behind.put(`k${n}`, n)
    await behind.flush(5_000)
    expect(stored.size).toBe(200)
    expect(most()).toBe(8)
  })

  it('ends with the state wanted last, whatever the order and whenever the server is away', async () => {
    const change = fc.record({ key: fc.constantFrom('a', 'b', 'c'), value: fc.option(fc.nat(9)) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 40 }),
        fc.array(fc.boolean(), { maxLength: 20 }),
        async (changes, away) => {
          const { bucket, stored } = memoryBucket(() => (away.shift() ? unavailable : undefined))
          const behind = createWriteBehind(bucket, { onTrouble: () => undefined, retryMs: 0 })
          const wanted = new Map<string, number>()
          for (const [index, { key, value }] of changes.entries()) {
            if (value === null) behind.remove(key)
            else behind.put(key, value)
            if (value === null) wanted.delete(key)
            else wanted.set(key, value)
            if (index % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
          }
          expect(await behind.flush(5_000)).toBe(0)
          expect(stored).toEqual(wanted)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('tells of an outage once, and of the next one again', async () => {
    const answers = [true, true, true, false, true, true]
    const { bucket } = memoryBucket(() => (answers.shift() ? unavailable : undefined))
    const told: string[] = []
    const behind = createWriteBehind(bucket, { onTrouble: (_key, { code }) => told.push(code), retryMs: 1 })
    behind.put('a', 1)
    await behind.flush(5_000)
    behind.put('a', 2)
    await behind.flush(5_000)
    expect(told).toEqual(['unavailable', 'unavailable'])
  })

  it('gives up on a key that the server refuses, says so, and goes on with the others', async () => {
    const refused: LedgerFailure = { ok: false, code: 'refused', message: 'full' }
    const answers = [refused]
    const { bucket, stored } = memoryBucket(() => answers.shift())
    const told: [string, string][] = []
    const behind = createWriteBehind(bucket, { onTrouble: (key, { code }) => told.push([key, code]) })
    behind.put('a', 1)
    behind.put('b', 2)
    expect(await behind.flush(1_000)).toBe(0)
    expect(told).toEqual([['a', 'refused']])
    expect([...stored]).toEqual([['b', 2]])
  })

  it('tells of a bucket that throws instead of falling silent', async () => {
    const { bucket } = memoryBucket(() => {
      throw new Error('a bug')
    })
    const told: string[] = []
    const behind = createWriteBehind(bucket, { onTrouble: (_key, { message }) => told.push(message) })
    behind.put('a', 1)
    expect(await behind.flush(1_000)).toBe(0)
    expect(told).toEqual(['Error: a bug'])
  })

  it('says how many keys are left when the time for flushing is over', async () => {
    const { bucket } = memoryBucket(() => unavailable)
    const behind = createWriteBehind(bucket, { onTrouble: () => undefined, retryMs: 10 })
    behind.put('a', 1)
    behind.put('b', 1)
    expect(await behind.flush(40)).toBe(2)
    behind.close()
    expect(await behind.flush(40)).toBe(0)
  })

  it('writes nothing after it was closed, and lets go of who waits', async () => {
    const { bucket, writes } = memoryBucket(() => unavailable)
    const behind = createWriteBehind(bucket, { onTrouble: () => undefined, retryMs: 1 })
    behind.put('a', 1)
    const flushed = behind.flush(60_000)
    await new Promise((resolve) => setTimeout(resolve, 20))
    behind.close()
    await flushed
    const before = writes()
    behind.put('b', 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(writes()).toBeLessThanOrEqual(before + 1)
  })
})
