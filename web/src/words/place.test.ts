import { describe, expect, it } from 'vitest'
import { sampleSession } from '../testing/samples.ts'
import { placeText } from './place.ts'

const timeline = { firstSegment: 10, endSegment: 1810, startSeconds: 20, segmentSeconds: 2 }

describe('how far a session is', () => {
  it('counts from where it began in the film', () => {
    expect(placeText(sampleSession({ timeline, publishedSegments: 30 }))).toBe('1:20 of 1:00:20')
  })

  it('says what the player has in hand, or that it has nothing', () => {
    const player = { positionSeconds: 50, leadSeconds: 30.4, atMs: 0, isPaused: false }
    expect(placeText(sampleSession({ timeline, publishedSegments: 30, player }))).toMatch(/, 30 s ahead$/)
    const starved = { ...player, leadSeconds: -0.5 }
    expect(placeText(sampleSession({ timeline, publishedSegments: 30, player: starved }))).toMatch(
      /the player waits$/,
    )
  })

  it('names no end that nobody knows', () => {
    const open = { ...timeline, endSegment: null }
    expect(placeText(sampleSession({ timeline: open, publishedSegments: 0 }))).toBe('0:20')
  })
})
