import { describe, expect, it } from 'vitest'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import type { FleetNode } from '../fleet.ts'
import { watchOf } from './lease-watch.ts'

const node = (leases: number) => ({ beat: { leases: Array(leases).fill({}) } }) as unknown as FleetNode
const pictures = { part: 'video', from: 2, to: 12 }

describe('what a node looks at by itself', () => {
  it('is nothing where the processor does all, and nothing of sound', () => {
    expect(watchOf(samplePlan, pictures, { framesPerSecond: 100 }, node(0))).toEqual({})
    expect(watchOf(samplePlan, { ...pictures, part: 'audio' }, { rung: 'full' }, node(0))).toEqual({})
  })

  it('is the first picture of the first segment and of every fourth, by the seconds of the film', () => {
    const shifted = { ...samplePlan, video: { ...samplePlan.video, shiftSeconds: 0.5 } }
    const { watch } = watchOf(shifted, pictures, { rung: 'full' }, node(0))
    expect(watch).toEqual({
      ...{ input: 0, stream: 0 },
      looks: [
        { segment: 2, seconds: 3.5 },
        { segment: 6, seconds: 11.5 },
        { segment: 10, seconds: 19.5 },
      ],
    })
    const long = watchOf(samplePlan, { ...pictures, to: 5_000 }, { rung: 'full' }, node(0))
    expect(long.watch?.looks).toHaveLength(150)
  })

  it('is a fourth of the speed that was proved, among the leases that it has, and never more than the film needs', () => {
    const least = (framesPerSecond: number, leases: number) =>
      watchOf(samplePlan, pictures, { rung: 'full', framesPerSecond }, node(leases)).watch
        ?.leastFramesPerSecond
    expect([least(80, 0), least(80, 1), least(400, 0)]).toEqual([20, 10, 25])
  })
})
