import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Failure, TrustBook } from './trust.ts'

const work = 'software: h264 8-bit to h264'
const hour = 3_600_000

let book: TrustBook
let segment: number

beforeEach(() => {
  book = new TrustBook()
  segment = 0
})

const failure = (change: Partial<Failure> = {}): Failure => ({
  ...{ node: 'a', work, session: 's', part: 'video', segment, reason: 'it crashed' },
  ...change,
})

/** A node fails at a segment, and another one makes it. */
function fail(nowMs: number, change: Partial<Failure> = {}) {
  segment += 1
  book.failed(failure(change))
  return book.made({ node: 'b', session: 's', part: 'video', segment }, nowMs)
}

/** Two failures, as many as cost the trust. */
function lose(nowMs: number): void {
  fail(nowMs)
  fail(nowMs)
}

describe('a node', () => {
  it('is trusted until it has failed twice at the same kind of work', () => {
    expect(fail(1_000)).toEqual([])
    expect(book.mayDo('a', work)).toBe(true)
    const lost = { node: 'a', work, reason: 'it hung', pauseMs: 30_000, proofAtMs: 32_000 }
    expect(fail(2_000, { reason: 'it hung' })).toEqual([lost])
    expect(book.mayDo('a', work)).toBe(false)
    expect(book.keptOff('a')).toEqual([lost])
    expect(book.anyKeptOff).toBe(true)
  })

  it('is still trusted with other work, and others with that', () => {
    lose(0)
    expect(book.mayDo('a', 'software: hevc 10-bit to h264')).toBe(true)
    expect(book.mayDo('b', work)).toBe(true)
    expect(book.keptOff('b')).toEqual([])
  })

  it('does not lose trust by one failure each at two kinds of work', () => {
    fail(0)
    expect(fail(0, { work: 'software: sound to aac' })).toEqual([])
    expect(book.anyKeptOff).toBe(false)
  })

  it('does not lose trust by failures that are a day apart', () => {
    fail(0)
    expect(fail(24 * hour)).toEqual([])
    expect(fail(24 * hour + 1)).toHaveLength(1)
  })
})

describe('a failure counts', () => {
  it('only when another node makes the same segment', () => {
    for (let each = 0; each < 5; each += 1) book.failed(failure({ segment: each }))
    expect(book.anyKeptOff).toBe(false)
    const others = [
      { node: 'b', session: 't', part: 'video', segment: 0 },
      { node: 'b', session: 's', part: 'audio', segment: 0 },
      { node: 'b', session: 's', part: 'video', segment: 7 },
    ]
    for (const made of others) expect(book.made(made, 0)).toEqual([])
    book.made({ node: 'b', session: 's', part: 'video', segment: 0 }, 0)
    expect(book.made({ node: 'b', session: 's', part: 'video', segment: 1 }, 0)).toHaveLength(1)
  })

  it('not when every node fails at it: that is the job', () => {
    for (const node of ['a', 'b', 'c']) {
      book.failed(failure({ node, segment: 1 }))
      book.failed(failure({ node, segment: 2 }))
    }
    book.sessionOver('s')
    expect(book.made({ node: 'c', session: 's', part: 'video', segment: 1 }, 0)).toEqual([])
    expect(book.anyKeptOff).toBe(false)
  })

  it('not when the node makes the segment itself after all', () => {
    book.failed(failure({ segment: 1 }))
    book.failed(failure({ segment: 1 }))
    expect(book.made({ node: 'a', session: 's', part: 'video', segment: 1 }, 0)).toEqual([])
    expect(book.made({ node: 'b', session: 's', part: 'video', segment: 1 }, 0)).toEqual([])
  })

  it('for each of the nodes that failed where one did not', () => {
    for (const node of ['a', 'c']) for (const at of [1, 2]) book.failed(failure({ node, segment: at }))
    book.made({ node: 'b', session: 's', part: 'video', segment: 1 }, 0)
    const lost = book.made({ node: 'b', session: 's', part: 'video', segment: 2 }, 0)
    expect(lost.map(({ node }) => node)).toEqual(['a', 'c'])
  })

  it('not for ever: of many that nobody does better the oldest are forgotten', () => {
    for (let each = 0; each < 1_200; each += 1) book.failed(failure({ segment: each }))
    const lost = [...Array(1_200).keys()].filter((at) => {
      const before = book.anyKeptOff
      book.made({ node: 'b', session: 's', part: 'video', segment: at }, 0)
      return !before && book.anyKeptOff
    })
    expect(lost).toEqual([201])
  })
})

describe('trust comes back', () => {
  it('by a proof, for which the node is asked when the pause is over', () => {
    lose(0)
    expect(book.due(29_999)).toEqual([])
    expect(book.due(30_000)).toEqual(['a'])
    expect(book.due(30_001)).toEqual([])
    expect(book.mayDo('a', work)).toBe(false)
    expect(book.proved('a', ['software'], 31_000)).toEqual([work])
    expect(book.mayDo('a', work)).toBe(true)
    expect(book.anyKeptOff).toBe(false)
  })

  it('and is asked again when nothing is heard of the proof', () => {
    lose(0)
    book.due(30_000)
    expect(book.due(89_999)).toEqual([])
    expect(book.due(90_000)).toEqual(['a'])
  })

  it('on probation: the next failure is enough, and the pause doubles, up to an hour', () => {
    lose(0)
    const pauses: number[] = []
    let nowMs = 0
    for (let round = 0; round < 9; round += 1) {
      const { pauseMs, proofAtMs } = book.keptOff('a')[0]!
      pauses.push(pauseMs / 1000)
      expect(proofAtMs).toBe(nowMs + pauseMs)
      nowMs = proofAtMs
      book.proved('a', ['software'], nowMs)
      expect(fail(nowMs)).toHaveLength(1)
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600])
  })

  it('with the first pause again after a day without a failure', () => {
    lose(0)
    book.proved('a', ['software'], 30_000)
    lose(30 * hour)
    expect(book.keptOff('a')[0]?.pauseMs).toBe(30_000)
  })

  it('not by a proof of another platform: then the pause doubles', () => {
    lose(0)
    expect(book.proved('a', ['jetson', 'soft'], 30_000)).toEqual([])
    expect(book.keptOff('a')).toMatchObject([{ pauseMs: 60_000, proofAtMs: 90_000 }])
    expect(book.due(90_000)).toEqual(['a'])
  })

  it('without a proof where the node knows none, on probation as well', () => {
    lose(0)
    expect(book.onProbation('a', 30_000)).toEqual([work])
    expect(fail(31_000)).toMatchObject([{ pauseMs: 60_000 }])
  })

  it('for all that one proof shows', () => {
    lose(0)
    for (const reason of ['x', 'y']) fail(1, { work: 'software: sound to aac', reason })
    expect(book.keptOff('a')).toHaveLength(2)
    expect(book.due(31_000)).toEqual(['a'])
    expect(book.proved('a', ['software'], 31_000)).toHaveLength(2)
  })
})

it('a node that is gone for good is forgotten', () => {
  lose(0)
  book.forget('a')
  expect([book.mayDo('a', work), book.anyKeptOff, book.due(1e9)]).toEqual([true, false, []])
})

it('whatever happens, nobody who was never beaten at a segment is kept off anything', () => {
  const nodes = fc.constantFrom('a', 'b', 'c')
  const step = fc.record({ made: fc.boolean(), node: nodes, segment: fc.nat(4), waitMs: fc.nat(20_000) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const trust = new TrustBook()
      const failed = new Set<string>()
      const beaten = new Set<string>()
      let nowMs = 0
      for (const { made, node, segment: at, waitMs } of steps) {
        nowMs += waitMs
        if (made) {
          for (const key of failed) if (key.endsWith(` ${at}`) && !key.startsWith(node)) beaten.add(key[0]!)
          trust.made({ node, session: 's', part: 'video', segment: at }, nowMs)
        } else {
          failed.add(`${node} ${at}`)
          trust.failed(failure({ node, segment: at }))
        }
        for (const each of trust.due(nowMs)) trust.proved(each, nowMs % 2 ? ['software'] : [], nowMs)
      }
      for (const node of ['a', 'b', 'c']) if (!trust.mayDo(node, work)) expect(beaten).toContain(node)
    }),
  )
})

describe('one of several ways of a platform', () => {
  const full = 'nvidia:full: h264 8-bit to h264'
  const rung: Partial<Failure> = { work: full, isRung: true }

  it('is left after one failure, when the same node then makes the segment by another', () => {
    book.failed(failure(rung))
    expect(book.isDoubted('s', 'a', full)).toBe(true)
    expect([book.isDoubted('t', 'a', full), book.isDoubted('s', 'b', full)]).toEqual([false, false])
    const made = { node: 'a', session: 's', part: 'video', segment, work: 'software: h264 8-bit to h264' }
    expect(book.made(made, 0)).toMatchObject([{ node: 'a', work: full, pauseMs: 30_000 }])
    expect([book.isDoubted('s', 'a', full), book.mayDo('a', full)]).toEqual([false, false])
    expect(book.mayDo('a', 'nvidia:encode: h264 8-bit to h264')).toBe(true)
  })

  it('did not fail where it makes the segment itself, and nobody is to blame where none can', () => {
    book.failed(failure(rung))
    expect(book.made({ node: 'a', session: 's', part: 'video', segment, work: full }, 0)).toEqual([])
    expect(book.isDoubted('s', 'a', full)).toBe(false)
    segment += 1
    book.failed(failure(rung))
    book.sessionOver('s')
    expect([book.isDoubted('s', 'a', full), book.mayDo('a', full)]).toEqual([false, true])
  })

  it('comes back with a proof of its platform', () => {
    fail(0, rung)
    expect(book.proved('a', ['software'], 40_000)).toEqual([])
    expect(book.proved('a', ['software', 'nvidia'], 50_000)).toEqual([full])
    expect(book.mayDo('a', full)).toBe(true)
  })
})
