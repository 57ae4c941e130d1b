import { describe, expect, it } from 'vitest'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { secondsMade } from './seconds-made.ts'

describe('what a lease has made', () => {
  it.each([
    { from: 0, frames: 0, seconds: 0 },
    { from: 0, frames: 50, seconds: 2 },
    { from: 3, frames: 75, seconds: 3 },
  ])('from segment $from on with $frames pictures is $seconds s', ({ from, frames, seconds }) => {
    expect(secondsMade(samplePlan, { part: 'video', from }, frames)).toBeCloseTo(seconds, 9)
  })

  it('is counted from where its first segment begins, which lies on a slot', () => {
    const timeline = { ...samplePlan.timeline, rate: { num: 24_000, den: 1001 } }
    expect(secondsMade({ ...samplePlan, timeline }, { part: 'video', from: 1 }, 24)).toBeCloseTo(1.001, 9)
  })

  it('is not told by pictures of sound, nor by those of a copied source, which have no grid', () => {
    expect(secondsMade(samplePlan, { part: 'audio', from: 0 }, 50)).toBeUndefined()
    const cuts = { slots: [0, 50], end: null }
    const copied = {
      ...samplePlan,
      timeline: { ...samplePlan.timeline, cuts },
    } as unknown as typeof samplePlan
    expect(secondsMade(copied, { part: 'video', from: 0 }, 50)).toBeUndefined()
  })
})
