import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SessionAction } from './actions.ts'
import type { GoingOn, GoingOnPart } from './going-on.ts'
import { Session } from './session.ts'
import { specOf } from './testing/script.ts'

const nodes = [
  { id: 'a', cores: 1 },
  { id: 'b', cores: 1 },
]

const lease = (attempt: string, node: string, from: number, to: number) => ({
  ...{ attempt, node, from, to, until: to, cut: false },
})

const part = (past: Partial<GoingOnPart>): GoingOnPart => ({
  ...{ name: 'video', floor: 0, whole: [], short: [], wholeThoughShort: [], bound: null, leases: [] },
  ...past,
})

const past = (next: number, ...parts: GoingOnPart[]): GoingOn => ({
  ...{ next, publishedSeconds: next * 2, leadSeconds: 6, parts },
})

const grants = (actions: readonly SessionAction[]) =>
  actions.flatMap((action) =>
    action.type === 'grant' ? [`${action.node} [${action.from},${action.to})`] : [],
  )

describe('a session that another head began', () => {
  test('publishes what is stored from where the announcements end, and nothing before', () => {
    const session = new Session(specOf(), past(5, part({ floor: 5, whole: [5, 6] })), 0)
    expect(session.handle({ type: 'tick' }, 0)).toEqual([{ type: 'publish', segment: 5 }])
    expect(session.handle({ type: 'published', segment: 5 }, 1)).toEqual([{ type: 'publish', segment: 6 }])
  })

  test('lets the leases run on: what they own is granted to nobody, and their segments are wanted', () => {
    const running = [lease('old-1', 'a', 3, 8), lease('old-2', 'b', 8, 60)]
    const session = new Session(specOf(), past(5, part({ floor: 5, whole: [8], leases: running })), 0)
    const actions = session.handle({ type: 'nodes-changed', nodes }, 0)
    expect(actions.filter(({ type }) => type !== 'extend')).toEqual([])
    expect(session.verdict('old-1', 5)).toBe('accept')
    expect(session.verdict('old-1', 4)).toBe('duplicate')
    expect(session.verdict('old-2', 8)).toBe('duplicate')
    expect(session.verdict('old-2', 9)).toBe('accept')
    expect(session.handle({ type: 'segment-arrived', attempt: 'old-1', segment: 5 }, 1)).toContainEqual({
      type: 'publish',
      segment: 5,
    })
  })

  test('tells its leases their credit again, which may have been lowered or lost when the head went', () => {
    const running = [{ ...lease('old-1', 'a', 5, 60), until: 40 }]
    const session = new Session(specOf(), past(5, part({ floor: 5, leases: running })), 0)
    const [extend] = session.handle({ type: 'tick' }, 0)
    expect(extend).toMatchObject({ type: 'extend', attempt: 'old-1' })
    // And is not taken for held any more.
    expect(session.memory()[0]?.leases[0]?.until).toBeGreaterThan(6)
  })

  test('leases a hole that nobody owns', () => {
    const running = [lease('old-2', 'b', 8, 60)]
    const session = new Session(specOf(), past(5, part({ floor: 5, whole: [6], leases: running })), 0)
    expect(grants(session.handle({ type: 'nodes-changed', nodes }, 0))).toContain('a [5,6)')
  })

  test('leases again what a node that has not come back was making', () => {
    const running = [lease('old-1', 'a', 5, 10), lease('old-2', 'b', 10, 60)]
    const session = new Session(specOf(), past(5, part({ floor: 5, leases: running })), 0)
    session.handle({ type: 'node-lost', node: 'a' }, 0)
    const actions = session.handle({ type: 'nodes-changed', nodes: nodes.slice(1) }, 1)
    expect(grants(actions)[0]).toMatch(/^b \[5,/)
    expect(session.verdict('old-1', 5)).toBe('stale')
  })

  test('forgets a lease of which nothing is missing', () => {
    const session = new Session(
      specOf(),
      past(5, part({ floor: 5, whole: [5, 6], leases: [lease('old', 'a', 3, 7)] })),
      0,
    )
    expect(session.view(0).leases).toEqual([])
  })

  test('keeps a short segment for when its lease ends behind it', () => {
    const running = [lease('old', 'a', 3, 60)]
    const spec = specOf({ expectedEndSegment: 6 })
    const session = new Session(spec, past(5, part({ floor: 5, short: [5], leases: running })), 0)
    session.handle({ type: 'nodes-changed', nodes }, 0)
    const actions = session.handle({ type: 'lease-ended', attempt: 'old', outcome: 'clean', next: 6 }, 1)
    expect(actions).toContainEqual({ type: 'publish', segment: 5 })
    expect(session.view(1).endSegment).toBe(6)
  })

  test('takes the last segment as it lies there when it was whole though it is short', () => {
    const before = new Session(specOf({ expectedEndSegment: 6 }), undefined, 0)
    const [grant] = before
      .handle({ type: 'nodes-changed', nodes: nodes.slice(0, 1) }, 0)
      .filter((action) => action.type === 'grant')
    for (let segment = 0; segment < 6; segment += 1) {
      const { attempt } = grant!
      before.handle({ type: 'segment-arrived', attempt, segment, short: segment === 5 }, 1)
    }
    before.handle({ type: 'lease-ended', attempt: grant!.attempt, outcome: 'clean', next: 6 }, 2)
    const [memory] = before.memory()
    expect(memory).toMatchObject({ bound: 6, wholeThoughShort: [5] })
    const session = new Session(specOf(), past(5, part({ ...memory!, floor: 5, short: [5] })), 0)
    const actions = session.handle({ type: 'nodes-changed', nodes }, 0)
    expect(grants(actions)).toEqual([])
    expect(actions).toContainEqual({ type: 'publish', segment: 5 })
  })

  test('makes a short segment again of which nothing is known, though the end behind it is', () => {
    const session = new Session(specOf(), past(5, part({ floor: 5, short: [5], bound: 6 })), 0)
    expect(grants(session.handle({ type: 'nodes-changed', nodes }, 0))).toEqual(['a [5,6)'])
  })

  test('remembers that sound has gone on behind a pause', () => {
    const sound = { name: 'video', sticky: true }
    const before = new Session(specOf({ parts: [sound] }), undefined, 0)
    const actions = before.handle({ type: 'nodes-changed', nodes: nodes.slice(0, 1) }, 0)
    const attempt = actions.flatMap((action) => (action.type === 'grant' ? [action.attempt] : []))[0]!
    before.handle({ type: 'segment-arrived', attempt, segment: 0, short: true }, 1)
    expect(before.memory()[0]?.wholeThoughShort).toEqual([])
    before.handle({ type: 'segment-arrived', attempt, segment: 1 }, 2)
    expect(before.memory()[0]?.wholeThoughShort).toEqual([0])
  })

  test('knows where a part ends, so that the last segment is published at once', () => {
    const session = new Session(specOf(), past(59, part({ floor: 59, whole: [59], bound: 60 })), 0)
    expect(session.handle({ type: 'tick' }, 0)).toEqual([{ type: 'publish', segment: 59 }])
    expect(session.handle({ type: 'published', segment: 59 }, 1)).toContainEqual({
      type: 'finish',
      endSegment: 60,
    })
  })

  test('knows its lead over the player, which goes on to fall', () => {
    const session = new Session(specOf(), past(5, part({ floor: 5 })), 1_000)
    expect(session.view(1_000).leadSeconds).toBeCloseTo(6)
    expect(session.view(3_000).leadSeconds).toBeCloseTo(4)
  })

  test('has sound in files of its own, from another number on', () => {
    const own = { upTo: (segment: number) => segment * 2, fileSeconds: () => 1, expectedEnd: 120 }
    const spec = specOf({
      parts: [
        { name: 'video', sticky: false },
        { name: 'audio', sticky: true, own },
      ],
    })
    const sound = part({ name: 'audio', floor: 9, whole: [9, 10, 11] })
    const session = new Session(spec, past(5, part({ floor: 5, whole: [5, 6] }), sound), 0)
    expect(session.handle({ type: 'tick' }, 0)).toEqual([{ type: 'publish', segment: 5 }])
    expect(grants(session.handle({ type: 'nodes-changed', nodes }, 1)).join()).toContain('[12,')
  })

  test('whenever the head is lost, the memory of one session makes another that ends as one would have', () => {
    const steps = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(steps, fc.nat({ max: 50 }), (lengths, lostAfter) => {
        const spec = specOf({ expectedEndSegment: 12 })
        const published: number[] = []
        let session = new Session(spec)
        let stored = new Set<number>()
        const run = (actions: readonly SessionAction[], nowMs: number): void => {
          for (const action of actions) {
            if (action.type !== 'publish') continue
            published.push(action.segment)
            run(session.handle({ type: 'published', segment: action.segment }, nowMs), nowMs)
          }
        }
        run(session.handle({ type: 'nodes-changed', nodes }, 0), 0)
        for (let step = 0; step < 400 && session.view(step).endSegment === null; step += 1) {
          const nowMs = step * 100
          if (step === lostAfter) {
            const next = published.length
            const parts = session.memory().map((memory) => ({
              ...{
                ...memory,
                floor: next,
                whole: [...stored].filter((segment) => segment >= next),
                short: [],
              },
            }))
            const going = { next, publishedSeconds: next * 2, leadSeconds: 1, parts }
            session = new Session(specOf({ expectedEndSegment: 12, attemptPrefix: 'q' }), going, nowMs)
            stored = new Set(stored)
            run(session.handle({ type: 'nodes-changed', nodes }, nowMs), nowMs)
          }
          const { leases } = session.view(nowMs)
          const chosen = leases[lengths[step % lengths.length]! % Math.max(1, leases.length)]
          if (!chosen) {
            run(session.handle({ type: 'tick' }, nowMs), nowMs)
            continue
          }
          const { attempt, next: segment, to } = chosen
          if (segment < 12 && segment < to) {
            stored.add(segment)
            run(session.handle({ type: 'segment-arrived', attempt, segment }, nowMs), nowMs)
          } else {
            run(
              session.handle({ type: 'lease-ended', attempt, outcome: 'clean', next: segment }, nowMs),
              nowMs,
            )
          }
        }
        expect(published).toEqual(Array.from({ length: 12 }, (_, index) => index))
      }),
      { numRuns: 200 },
    )
  })
})
