import { beforeEach, describe, expect, it } from 'vitest'
import { createRefusalLog, type RefusalLog } from './refusal-log.ts'

let told: { code: string; who: string; what?: string; refusedBefore?: number; words: string }[]
let nowMs: number
let refusals: RefusalLog

beforeEach(() => {
  told = []
  nowMs = 0
  const warn = (fields: object, words: string) =>
    void told.push({ ...(fields as (typeof told)[number]), words })
  refusals = createRefusalLog({ warn }, () => nowMs)
})

describe('what is refused', () => {
  it('is told once, in the words of the table, however often it is tried', () => {
    for (let n = 0; n < 1_000; n++) refusals.note('E_LEASE_DENIED', 'attic', `GET ${n}`)
    expect(told).toEqual([
      { code: 'E_LEASE_DENIED', who: 'attic', what: 'GET 0', words: 'A node asked for the lease of another' },
    ])
  })

  it('is told for each code and each who', () => {
    for (const code of ['E_LEASE_DENIED', 'E_TOO_LARGE'] as const) {
      for (const who of ['attic', 'loft']) refusals.note(code, who)
    }
    expect(told.map(({ code, who }) => `${code} ${who}`)).toEqual([
      ...['E_LEASE_DENIED attic', 'E_LEASE_DENIED loft', 'E_TOO_LARGE attic', 'E_TOO_LARGE loft'],
    ])
  })

  it('is told for each kind', () => {
    for (let n = 0; n < 10; n++) {
      for (const kind of ['GET', 'PUT']) refusals.note('E_LEASE_DENIED', 'attic', `${kind} ${n}`, kind)
    }
    expect(told.map(({ what }) => what)).toEqual(['GET 0', 'PUT 0'])
  })

  it('is told again after ten minutes, with how often it was refused meanwhile', () => {
    for (let n = 0; n < 8; n++) refusals.note('E_API_DENIED', '10.0.0.1')
    nowMs = 599_999
    refusals.note('E_API_DENIED', '10.0.0.1')
    expect(told).toHaveLength(1)
    nowMs = 600_000
    refusals.note('E_API_DENIED', '10.0.0.1')
    expect(told.map(({ refusedBefore }) => refusedBefore)).toEqual([undefined, 8])
  })

  it('by a thousand strangers and more is told of all the others together', () => {
    for (let n = 0; n < 5_000; n++) refusals.note('E_NODE_UNKNOWN', `stranger ${n}`)
    expect(told.length).toBeLessThanOrEqual(1_001)
    nowMs = 700_000
    refusals.note('E_NODE_UNKNOWN', 'stranger 4999')
    expect(told.at(-1)?.who).toBe('stranger 4999')
  })
})
