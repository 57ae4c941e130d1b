import { expect, test } from 'vitest'
import type { BlockResult } from './block-cache.ts'
import { CountedReads } from './counted-reads.ts'

const { signal } = new AbortController()

test('reads are counted while they last and after, however they end', async () => {
  const ends: ((result: BlockResult | Error) => void)[] = []
  const reads = new CountedReads()
  const source = reads.of({
    size: 10,
    blockBytes: 5,
    readBlock: () =>
      new Promise((resolve, reject) => {
        ends.push((result) => (result instanceof Error ? reject(result) : resolve(result)))
      }),
  })
  expect([source.size, source.blockBytes]).toEqual([10, 5])
  const all = [source.readBlock(0, signal), source.readBlock(1, signal), source.readBlock(1, signal)]
  expect([reads.begun, reads.outstanding]).toEqual([3, 3])
  ends[0]!({ ok: true, bytes: Buffer.from('12345') })
  expect(await all[0]).toEqual({ ok: true, bytes: Buffer.from('12345') })
  expect([reads.begun, reads.outstanding]).toEqual([3, 2])
  ends[1]!({ ok: false, reason: 'gone', message: 'over' })
  ends[2]!(new Error('broken'))
  await Promise.allSettled(all)
  expect([reads.begun, reads.outstanding]).toEqual([3, 0])
})
