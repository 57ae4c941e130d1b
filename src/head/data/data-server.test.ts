import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  openSmallDataPlane,
  type SmallDataPlane,
  SmallOwner,
  segmentHeaders,
} from './testing/small-data-plane.ts'

interface Logged {
  readonly level: 'warn' | 'error'
  readonly error: Error
  readonly route: string
  readonly status: number
  readonly code?: string
  readonly what?: string
}

let logged: Logged[]
let plane: SmallDataPlane
let serial = 0

beforeAll(async () => {
  const keep = (level: Logged['level']) => (fields: object) =>
    void logged.push({ level, ...(fields as Omit<Logged, 'level'>) })
  plane = await openSmallDataPlane((server) => server.post('/words', () => ({ ok: true })), {
    warn: keep('warn'),
    error: keep('error'),
  })
})

afterAll(() => plane.close())

beforeEach(() => {
  logged = []
})

/** Sends a segment to a session whose disk says `error`. */
async function putWhile(error: unknown) {
  const owner = new SmallOwner()
  owner.store = () => Promise.reject(error)
  const lease = plane.leases.open(`failing-${serial++}`, 'node-1', [], owner)
  const bytes = Buffer.from('a segment')
  const answer = await plane.send('PUT', `/data/v1/segments/${lease.attempt}/3`, segmentHeaders(bytes), bytes)
  return { answer }
}

const diskError = (code: string) => Object.assign(new Error(`${code}: write`), { code })

describe('a request that fails in the head', () => {
  it.each(['ENOSPC', 'EDQUOT'])('is answered with 507 when the disk says %s', async (code) => {
    const { answer } = await putWhile(diskError(code))
    expect(answer.status).toBe(507)
    expect(logged).toMatchObject([{ level: 'error', status: 507 }])
  })

  it('is answered with 500 when the disk says anything else', async () => {
    const { answer } = await putWhile(diskError('EIO'))
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([
      500,
      expect.objectContaining({ code: 'E_INTERNAL', message: 'Paceline itself has a fault' }),
    ])
  })

  it('is logged with the error itself and its route', async () => {
    const error = diskError('EIO')
    await putWhile(error)
    expect(logged).toEqual([
      { level: 'error', error, route: 'PUT /data/v1/segments/:attempt/:segment', status: 500 },
    ])
  })

  it('is logged when what was thrown is no error', async () => {
    expect((await putWhile('words')).answer.status).toBe(500)
    expect(logged).toMatchObject([{ level: 'error', status: 500 }])
  })
})

describe('a request that is at fault itself', () => {
  it('keeps its own status, and is a warning', async () => {
    const headers = { 'content-type': 'application/json' }
    const answer = await plane.send('POST', '/words', headers, Buffer.from('{"half'))
    expect([answer.status, JSON.parse(answer.body.toString()).code]).toEqual([400, 'E_USAGE'])
    expect(logged).toMatchObject([
      { level: 'warn', code: 'E_USAGE', what: expect.stringContaining('POST /words') },
    ])
  })

  it('is not logged when it is answered as usual', async () => {
    await plane.send('POST', '/words', { 'content-type': 'application/json' }, Buffer.from('{}'))
    expect(logged).toEqual([])
  })
})
