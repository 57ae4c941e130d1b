import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OpenLease } from './lease-book.ts'
import {
  answerTo,
  type Caller,
  openSmallDataPlane,
  type SmallDataPlane,
  SmallOwner,
  segmentHeaders,
} from './testing/small-data-plane.ts'

const bytes = randomBytes(400_000)

let plane: SmallDataPlane
let owner: SmallOwner
let lease: OpenLease
let serial = 0

beforeAll(async () => {
  plane = await openSmallDataPlane()
})

afterAll(() => plane.close())

beforeEach(() => {
  owner = new SmallOwner()
  lease = plane.leases.open(`lease-${serial++}`, 'node-1', [], owner)
})

const pathOf = (segment: number | string) => `/data/v1/segments/${lease.attempt}/${segment}`

function put(segment: number | string, body = bytes, headers: Record<string, string> = {}) {
  return plane.send('PUT', pathOf(segment), { ...segmentHeaders(body), ...headers }, body)
}

describe('a segment that is wanted', () => {
  it('is stored whole, with its attempt and its number', async () => {
    expect((await put(7)).status).toBe(201)
    expect(owner.stored).toMatchObject([{ attempt: lease.attempt, segment: 7 }])
    expect(owner.stored[0]!.bytes.equals(bytes)).toBe(true)
  })

  it('comes over a connection on which others came before', async () => {
    const answers = [await put(0), await put(1), await put(2)]
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(owner.stored.map(({ segment }) => segment)).toEqual([0, 1, 2])
  })

  it('is refused when its digest is that of other bytes', async () => {
    const { 'x-paceline-digest': digest } = segmentHeaders(randomBytes(4))
    const answer = await put(7, bytes, { 'x-paceline-digest': String(digest) })
    expect(answer.status).toBe(400)
    expect(answer.body.toString()).toContain('the digest of what arrived is sha-256=')
    expect(owner.stored).toEqual([])
  })

  it.each([
    ['none', undefined],
    ['one of another kind', 'md5=d41d8cd98f00b204e9800998ecf8427e'],
    ['one in upper case', 'upper'],
  ])('is refused with a digest that says nothing: %s', async (_name, digest) => {
    const headers = segmentHeaders(bytes)
    const given = digest === 'upper' ? String(headers['x-paceline-digest']).toUpperCase() : digest
    if (given === undefined) delete headers['x-paceline-digest']
    else headers['x-paceline-digest'] = given
    expect((await plane.send('PUT', pathOf(7), headers, bytes)).status).toBe(400)
    expect(owner.stored).toEqual([])
  })

  it('is refused for what its session has against its content', async () => {
    owner.objection = '74 frames where the timeline has 75'
    const answer = await put(7)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body.toString())).toEqual({
      code: 'E_SEGMENT_WRONG',
      message: '74 frames where the timeline has 75',
    })
  })

  it('is refused for its content when it is empty, with a length or without', async () => {
    owner.objection = 'no program map'
    const empty = Buffer.alloc(0)
    expect((await put(7, empty)).status).toBe(400)
    const { 'x-paceline-digest': digest } = segmentHeaders(empty)
    const headers = { 'x-paceline-digest': digest }
    expect((await plane.send('PUT', pathOf(7), headers)).status).toBe(400)
  })

  it('is not stored when its connection ends before it is whole', async () => {
    const request = plane.begin('PUT', pathOf(7), segmentHeaders(bytes))
    request.on('error', () => {})
    await new Promise((sent) => request.write(bytes.subarray(0, 100_000), sent))
    const closed = new Promise((resolve) => request.once('close', resolve))
    request.destroy()
    await closed
    expect((await put(8)).status).toBe(201)
    expect(owner.stored.map(({ segment }) => segment)).toEqual([8])
  })

  it('is refused when it is no stream of bytes', async () => {
    expect((await put(7, bytes, { 'content-type': 'video/mp2t' })).status).toBe(415)
    expect(owner.stored).toEqual([])
  })

  it('is refused by its length alone when it is too long', async () => {
    const headers = { ...segmentHeaders(bytes), 'content-length': 300 * 1024 * 1024 }
    const request = plane.begin('PUT', pathOf(7), headers)
    request.flushHeaders()
    const answer = await answerTo(request)
    request.destroy()
    expect(answer.status).toBe(413)
  })
})

describe('a segment that is not wanted', () => {
  it.each([
    ['duplicate', 200],
    ['stale', 409],
    ['gone', 410],
  ] as const)('is answered when it is %s, before its body comes', async (verdict, status) => {
    owner.answer = verdict
    expect(await statusWithoutBody()).toBe(status)
    expect(owner.stored).toEqual([])
  })

  it.each(['x', '-1', '1.5', '0x10', '1e3', '', '99999999999999999999'])(
    'has no such number as %j',
    async (segment) => {
      expect((await put(segment)).status).toBe(404)
      expect(owner.stored).toEqual([])
    },
  )
})

describe('who may send', () => {
  it.each([
    ['nobody', 401],
    ['stranger', 401],
    ['node-2', 403],
  ] as const)('not %s: the answer is there before a byte of the body', async (who, status) => {
    expect(await statusWithoutBody(who)).toBe(status)
    expect(owner.stored).toEqual([])
  })

  it('nobody any more when the lease is over', async () => {
    plane.leases.close(lease.attempt)
    expect(await statusWithoutBody()).toBe(410)
  })

  it('nobody when the lease ended while the body was on its way', async () => {
    const request = plane.begin('PUT', pathOf(7), segmentHeaders(bytes))
    const answer = answerTo(request)
    await new Promise((sent) => request.write(bytes.subarray(0, 1_000), sent))
    await put(8)
    plane.leases.close(lease.attempt)
    request.end(bytes.subarray(1_000))
    expect((await answer).status).toBe(410)
    expect(owner.stored.map(({ segment }) => segment)).toEqual([8])
  })
})

/** Sends the headers of a PUT and nothing else. */
async function statusWithoutBody(who: Caller = 'node-1'): Promise<number> {
  const request = plane.begin('PUT', pathOf(7), segmentHeaders(bytes), who)
  const answer = answerTo(request)
  request.flushHeaders()
  const { status } = await answer
  request.on('error', () => {})
  request.destroy()
  return status
}
