import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admissionMargin, mostQueueMs } from './admission.ts'
import { type FluidArrival, playFluid } from './testing/fluid-fleet.ts'

const fleetOf = (capacities: readonly number[]) =>
  capacities.map((capacity, index) => ({ id: `n${index}`, platforms: ['software'], capacity }))

/** The same capacity in one piece, or in several that are more or less alike. */
const fleets = fc
  .tuple(
    fc.constantFrom(1, 2, 3, 4, 6),
    fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), { minLength: 9, maxLength: 9 }),
  )
  .map(([count, weights]) => {
    const used = weights.slice(0, count)
    const total = used.reduce((sum, weight) => sum + weight, 0)
    return fleetOf(used.map((weight) => (weight / total) * 6.1 * admissionMargin))
  })

const arrivals = (lowered: readonly number[]) =>
  fc.array(fc.double({ min: 0, max: 8, noNaN: true }), { minLength: 10, maxLength: 10 }).map((gaps) => {
    let at = 0
    return gaps.map((gap, index): FluidArrival => {
      at += gap
      return { id: `s${index}`, atSeconds: at, demand: 1, lowered }
    })
  })

describe('ten streams for a capacity of six', () => {
  it('the first six never stall, and the others are told within the time for waiting', () => {
    fc.assert(
      fc.property(fleets, arrivals([]), (nodes, coming) => {
        const outcomes = playFluid(nodes, coming, { seconds: 200 })
        const started = outcomes.filter(({ decision }) => decision?.how === 'start')
        expect(started.map(({ id }) => id)).toEqual(coming.slice(0, 6).map(({ id }) => id))
        for (const { stalledSeconds, firstSeconds } of started) {
          expect(firstSeconds).not.toBeNull()
          expect(stalledSeconds).toBeLessThan(1e-9)
        }
        for (const { decision, decidedSeconds } of outcomes) {
          expect(decision).not.toBeNull()
          expect(decidedSeconds * 1000).toBeLessThanOrEqual(mostQueueMs + 150)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('are more when they may be lowered, and still none stalls', () => {
    fc.assert(
      fc.property(fleets, arrivals([0.8, 0.5]), (nodes, coming) => {
        const outcomes = playFluid(nodes, coming, { seconds: 200 })
        const started = outcomes.filter(({ decision }) => decision?.how === 'start')
        expect(started.length).toBeGreaterThanOrEqual(6)
        expect(started.every(({ stalledSeconds }) => stalledSeconds < 1e-9)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })
})
