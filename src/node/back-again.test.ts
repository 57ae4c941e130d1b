import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BlockCache } from './block-cache.ts'
import type { HeadClient } from './head-client.ts'
import { createInputSource } from './input-source.ts'
import { Pauses } from './pauses.ts'
import { SegmentBudget } from './segment-budget.ts'
import { Uploader } from './uploader.ts'

/** Times of requests, milliseconds of the test's own clock. */
let requestsMs: number[]
let status: number
let pauses: Pauses

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  requestsMs = []
  status = 503
  pauses = new Pauses()
})

afterEach(() => {
  vi.useRealTimers()
})

const bytes = Buffer.from('media')

const client: Pick<HeadClient, 'request'> = {
  async request() {
    requestsMs.push(performance.now())
    const headers = { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` }
    return Object.assign(Readable.from([bytes]), {
      statusCode: status,
      headers,
    }) as unknown as IncomingMessage
  },
}

/** So long that whoever tries again and again does so every two seconds. */
const longMs = 20_000

async function headIsAway(): Promise<number> {
  await vi.advanceTimersByTimeAsync(longMs)
  const before = requestsMs.length
  await vi.advanceTimersByTimeAsync(1_000)
  expect(requestsMs.length - before).toBeLessThan(2)
  return requestsMs.length
}

function upload(): readonly number[] {
  const delivered: number[] = []
  const uploader = new Uploader({
    ...{ attempt: 'a', client: client as HeadClient, pauses, budget: new SegmentBudget(1_000) },
    onDelivered: (number) => void delivered.push(number),
    handled() {},
    onGone() {},
    onRefused() {},
  })
  uploader.push({ number: 7, bytes: 1, sha256: '', chunks: [Buffer.of(1)] })
  return delivered
}

test('a segment is delivered at the moment in which the head is back', async () => {
  const delivered = upload()
  await headIsAway()
  status = 201
  pauses.wakeAll()
  await vi.advanceTimersByTimeAsync(0)
  expect(delivered).toEqual([7])
})

test('a head that is back and holds its leases for a moment is asked often again', async () => {
  const delivered = upload()
  const tries = await headIsAway()
  pauses.wakeAll()
  await vi.advanceTimersByTimeAsync(400)
  expect(requestsMs.length - tries).toBeGreaterThan(3)
  status = 201
  await vi.advanceTimersByTimeAsync(400)
  expect(delivered).toEqual([7])
})

test('media is read on at the moment in which the head is back', async () => {
  const source = createInputSource({
    input: { url: '/m', identity: 'm', size: bytes.length },
    ...{ client: client as HeadClient, pauses, cache: new BlockCache(1_000), blockBytes: 1_000 },
    ...{ handled() {}, take: () => true, readPatienceMs: 60_000 },
  })
  const { signal } = new AbortController()
  const read = source.readBlock(0, signal)
  const tries = await headIsAway()
  status = 206
  pauses.wakeAll()
  await vi.advanceTimersByTimeAsync(0)
  expect(requestsMs).toHaveLength(tries + 1)
  expect(await read).toMatchObject({ ok: true, bytes })
})
