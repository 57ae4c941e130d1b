import { describe, expect, it } from 'vitest'
import { createChronicle } from '../../session/chronicle/chronicle.ts'
import type { CarriedLease } from '../../session/lease-carrier.ts'
import { lastDecision } from './last-decision.ts'

const slept = { atMs: 25, what: 'sleep', reason: 'no stream needs it' }

function worked() {
  let nowMs = 0
  const chronicle = createChronicle({ firstSegment: 0, wallNow: () => nowMs })
  const give = (atMs: number, node: string, from: number, why: string) => {
    nowMs = atMs
    const lease = { attempt: `s-${from}`, node, nodeName: node, part: 'video', from, platform: 'software' }
    chronicle.granted(lease as unknown as CarriedLease, { to: 90, args: [], why })
  }
  give(20, 'oak', 0, 'the fastest')
  give(30, 'elm', 5, 'it was free')
  give(40, 'oak', 9, 'elm is slower')
  return { title: 'film.mkv', chronicle }
}

describe('the last decision about a node', () => {
  it('is the last work that it was given, of which film, and why', () => {
    const given = { atMs: 40, what: 'video of film.mkv from segment 9', reason: 'elm is slower' }
    expect(lastDecision('oak', null, [worked()])).toEqual(given)
    expect(lastDecision('oak', slept, [worked()])).toEqual(given)
  })

  it('is what the power policy has decided since', () => {
    expect(lastDecision('oak', { ...slept, atMs: 41 }, [worked()])).toEqual({ ...slept, atMs: 41 })
    expect(lastDecision('elm', slept, [worked()])?.reason).toBe('it was free')
  })

  it('is none before the first, and none of another node', () => {
    expect(lastDecision('ash', null, [worked()])).toBeNull()
    expect(lastDecision('ash', slept, [worked()])).toEqual(slept)
    expect(lastDecision('oak', null, [])).toBeNull()
  })
})
