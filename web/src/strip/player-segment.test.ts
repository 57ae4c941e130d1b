import { describe, expect, it } from 'vitest'
import { sampleSession } from '../testing/samples.ts'
import { playerSegment } from './player-segment.ts'

const timeline = { firstSegment: 50, endSegment: null, startSeconds: 100, segmentSeconds: 2 }
const at = (positionSeconds: number, leadSeconds: number, headNowMs: number, isPaused = false) =>
  playerSegment(
    sampleSession({ timeline, player: { positionSeconds, leadSeconds, atMs: 10_000, isPaused } }),
    headNowMs,
  )

describe('where the player is', () => {
  it('is a place on the timeline of segments', () => {
    expect(at(103, 5, 10_000)).toBe(51.5)
  })

  it('goes on with the clock, but not beyond what is published', () => {
    expect(at(103, 5, 12_000)).toBe(52.5)
    expect(at(103, 5, 99_000)).toBe(54)
    expect(at(103, -1, 99_000)).toBe(51.5)
  })

  it('stays where it is while it pauses', () => {
    expect(at(103, 5, 12_000, true)).toBe(51.5)
  })

  it('does not go back where the clocks differ', () => {
    expect(at(103, 5, 9_000)).toBe(51.5)
  })

  it('is not known where nobody plays', () => {
    expect(playerSegment(sampleSession({}), 0)).toBeNull()
  })
})
