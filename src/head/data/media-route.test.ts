import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pathBytes } from '../files/testing/path-bytes.ts'
import type { OpenLease } from './lease-book.ts'
import { answerTo, openSmallDataPlane, type SmallDataPlane, SmallOwner } from './testing/small-data-plane.ts'

const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256))
const size = bytes.length

let folder: string
let plane: SmallDataPlane
let lease: OpenLease
let serial = 0
let logged: object[] = []
const owner = new SmallOwner()

/** A lease on these files. */
function openLease(...inputs: { path: string; size: number }[]): OpenLease {
  const files = inputs.map((input) => ({ ...input, bytes: pathBytes(input.path) }))
  return plane.leases.open(`lease-${serial++}`, 'node-1', files, new SmallOwner())
}

const get = (input: number | string, headers: Record<string, string> = {}, of = lease) =>
  plane.send('GET', `/data/v1/media/${of.attempt}/${input}`, headers)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-media-route-'))
  await writeFile(join(folder, 'film.mkv'), bytes)
  const log = { warn: (fields: object) => void logged.push(fields), error: () => {} }
  plane = await openSmallDataPlane(undefined, log)
  lease = openLease({ path: join(folder, 'film.mkv'), size })
})

afterAll(async () => {
  await plane.close()
  await rm(folder, { recursive: true, force: true })
})

describe('an input of a lease', () => {
  it('comes whole where no range is asked for', async () => {
    const answer = await get(0)
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': String(size) })
    expect(answer.body.equals(bytes)).toBe(true)
  })

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=1000-1999', 1_000, 2_000],
    ['bytes=99990-', 99_990, size],
    ['bytes=-10', size - 10, size],
    ['bytes=99999-200000', 99_999, size],
  ])('comes in part for %s', async (range, from, to) => {
    const answer = await get(0, { range })
    expect(answer.status).toBe(206)
    expect(answer.headers['content-range']).toBe(`bytes ${from}-${to - 1}/${size}`)
    expect(answer.headers['content-length']).toBe(String(to - from))
    expect(answer.body.equals(bytes.subarray(from, to))).toBe(true)
  })

  it.each(['bytes=100000-', 'bytes=-0'])('cannot give %s, and says how long it is', async (range) => {
    const answer = await get(0, { range })
    expect([answer.status, answer.headers['content-range']]).toEqual([416, `bytes */${size}`])
    expect(answer.body.length).toBe(0)
  })

  it('comes whole for a range that need not be understood', async () => {
    expect((await get(0, { range: 'bytes=0-1,5-6' })).status).toBe(200)
  })

  it('may be empty', async () => {
    await writeFile(join(folder, 'empty'), '')
    const answer = await get(0, {}, openLease({ path: join(folder, 'empty'), size: 0 }))
    expect([answer.status, answer.headers['content-length']]).toEqual([200, '0'])
  })

  it.each(['1', '-1', 'x', '0.5', ''])('is not there under the number %j', async (input) => {
    expect((await get(input)).status).toBe(404)
  })

  it('is not read off the disk for a HEAD', async () => {
    const path = `/data/v1/media/${lease.attempt}/0`
    expect((await plane.send('HEAD', path)).status).toBe(404)
  })
})

describe('who may read', () => {
  it.each([
    ['nobody', 401, 'E_NODE_UNKNOWN'],
    ['stranger', 401, 'E_NODE_UNKNOWN'],
    ['node-2', 403, 'E_LEASE_DENIED'],
  ] as const)('not %s, who is told so by a code and logged once', async (who, status, code) => {
    const { attempt } = openLease({ path: join(folder, 'film.mkv'), size })
    logged = []
    for (const range of ['bytes=0-9', 'bytes=10-19', 'bytes=20-29']) {
      const answer = await plane.send('GET', `/data/v1/media/${attempt}/0`, { range }, undefined, who)
      expect([answer.status, JSON.parse(answer.body.toString()).code]).toEqual([status, code])
      expect(answer.body.includes(bytes.subarray(0, 8))).toBe(false)
    }
    expect(logged.length).toBeLessThanOrEqual(1)
    expect((await get(0, { range: 'bytes=0-9' })).status).toBe(206)
  })

  it('no node for ever: more than any lease needs is not sent', async () => {
    const greedy = openLease({ path: join(folder, 'film.mkv'), size })
    expect(greedy.take(4 * size + 512 * 1024 * 1024 - 10)).toBe(true)
    expect((await get(0, { range: 'bytes=0-9' }, greedy)).status).toBe(206)
    const answer = await get(0, { range: 'bytes=0-9' }, greedy)
    expect([answer.status, JSON.parse(answer.body.toString()).code]).toEqual([429, 'E_LEASE_BYTES'])
    expect((await get(0, { range: 'bytes=0-9' })).status).toBe(206)
  })

  it('no node that has been put out, on the connection that it has open', async () => {
    const small = await openSmallDataPlane()
    const { attempt } = small.leases.open(
      'a',
      'node-1',
      [{ path: join(folder, 'film.mkv'), size, bytes: pathBytes(join(folder, 'film.mkv')) }],
      owner,
    )
    const path = `/data/v1/media/${attempt}/0`
    expect((await small.send('GET', path, { range: 'bytes=0-9' })).status).toBe(206)
    small.forget('node-1')
    expect((await small.send('GET', path, { range: 'bytes=0-9' })).status).toBe(401)
    await small.close()
  })

  it('no lease what another one reads', async () => {
    await writeFile(join(folder, 'own.mkv'), 'own')
    const other = openLease({ path: join(folder, 'own.mkv'), size: 3 })
    expect((await get(0, {}, other)).body.toString()).toBe('own')
    expect((await get(1, {}, other)).status).toBe(404)
  })

  it('no file by its path, whatever is put in the place of a number', async () => {
    for (const input of ['..%2f..%2fetc%2fpasswd', '0%2f..', '%2fetc%2fpasswd', '__proto__', 'length']) {
      expect((await get(input)).status).toBe(404)
    }
  })

  it('nobody any more when the lease is over', async () => {
    const over = openLease({ path: join(folder, 'film.mkv'), size })
    expect((await get(0, { range: 'bytes=0-9' }, over)).status).toBe(206)
    plane.leases.close(over.attempt)
    expect((await get(0, { range: 'bytes=0-9' }, over)).status).toBe(410)
  })

  it('nobody the rest of what was on its way when the lease ended', async () => {
    const large = join(folder, 'large.mkv')
    await writeFile(large, '')
    await truncate(large, 500_000_000)
    const over = openLease({ path: large, size: 500_000_000 })
    const request = plane.begin('GET', `/data/v1/media/${over.attempt}/0`)
    const answer = answerTo(request)
    request.once('response', () => plane.leases.close(over.attempt))
    request.end()
    await expect(answer).rejects.toThrow(/aborted/)
  })
})

describe('a file that is not what it was', () => {
  it('does not look whole when it has become shorter', async () => {
    const path = join(folder, 'shrinking.mkv')
    await writeFile(path, bytes)
    const shrunk = openLease({ path, size })
    await truncate(path, 50_000)
    await expect(get(0, {}, shrunk)).rejects.toThrow(/aborted|socket hang up/)
    await expect(get(0, { range: 'bytes=60000-69999' }, shrunk)).rejects.toThrow(/aborted|socket hang up/)
    expect((await get(0, { range: 'bytes=0-49999' }, shrunk)).body.length).toBe(50_000)
  })

  it('does not look whole when it is gone', async () => {
    const gone = openLease({ path: join(folder, 'gone.mkv'), size })
    await expect(get(0, {}, gone)).rejects.toThrow(/aborted|socket hang up/)
  })
})
