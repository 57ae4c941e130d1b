import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idleSeconds } from './idle-time.ts'
import {
  breakEvenSeconds,
  cycleJoules,
  joulesPerWork,
  type PowerProfile,
  wattsAt,
  withinCap,
} from './power-profile.ts'
import { hasHours, holdsFor, usualRules, warmWanted } from './power-rules.ts'
import { isWithin, readHours } from './weekly-hours.ts'

/** The board of the reference's illustration: a cycle of 250 J, as much as idling for 50 s. */
const board: PowerProfile = {
  ...{ offWatts: 0, idleWatts: 5, busyWatts: 12, wakeSeconds: 25, wakeWatts: 8 },
  ...{ sleepSeconds: 10, sleepWatts: 5 },
}

const at = (day: number, hour: number, minute = 0): number => day * 1_440 + hour * 60 + minute

describe('hours of the week', () => {
  it.each<[string, number, boolean]>([
    ['18:00-23:00', at(3, 18), true],
    ['18:00-23:00', at(3, 23), false],
    ['18:00-24:00', at(3, 23, 59), true],
    ['22:00-06:00', at(0, 5, 59), true],
    ['22:00-06:00', at(0, 6), false],
    ['mon-fri 18:00-23:00', at(6, 19), false],
    ['mon-fri 18:00-23:00', at(5, 19), true],
    ['sat,sun 22:00-06:00', at(1, 3), true],
    ['sat,sun 22:00-06:00', at(2, 3), false],
    ['fri-mon 10:00-11:00', at(0, 10, 30), true],
    ['fri-mon 10:00-11:00', at(3, 10, 30), false],
  ])('%s at minute %i: %s', (text, minute, expected) => {
    expect(isWithin(readHours(text)!, minute)).toBe(expected)
  })

  it.each(['', 'evening', '18-23', '25:00-26:00', '18:00-18:00', 'mon 18:61-19:00', 'someday 1:00-2:00'])(
    'does not read "%s"',
    (text) => expect(readHours(text)).toBeNull(),
  )

  it('the longest wish of those that hold counts', () => {
    const rules = {
      ...usualRules,
      keepWarm: [
        { hours: readHours('18:00-23:00')!, nodes: 1 },
        { hours: readHours('sat 20:00-22:00')!, nodes: 3 },
      ],
      quiet: [{ hours: readHours('22:00-06:00')!, nodes: ['loud'] }],
    }
    expect(warmWanted(rules, at(6, 21))).toBe(3)
    expect(warmWanted(rules, at(5, 21))).toBe(1)
    expect(warmWanted(rules, at(5, 3))).toBe(0)
    expect(holdsFor(rules.quiet, { id: 'loud' }, at(2, 23))).toBe(true)
    expect(holdsFor(rules.quiet, { id: 'other' }, at(2, 23))).toBe(false)
    expect(holdsFor(rules.quiet, { id: 'n1f', name: 'loud' }, at(2, 23))).toBe(true)
    expect(holdsFor(rules.quiet, { id: 'loud', name: 'other' }, at(2, 23))).toBe(false)
    expect([hasHours(rules), hasHours(usualRules)]).toEqual([true, false])
  })
})

describe('what switching costs', () => {
  it('is 250 J and 50 s of idling for the board of the reference', () => {
    expect(cycleJoules(board)).toBe(250)
    expect(breakEvenSeconds(board)).toBe(50)
    expect(joulesPerWork(board, 2)).toBe(3.5)
    expect(wattsAt(board, 0.5)).toBe(8.5)
  })

  it('is never worth it where off draws as much as idle', () => {
    expect(breakEvenSeconds({ ...board, offWatts: 5 })).toBe(Number.POSITIVE_INFINITY)
  })

  it('ski rental: idling for the break-even time costs at most twice what knowing the future costs', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 10_000, noNaN: true }), (gap) => {
        const limit = idleSeconds(board, 0, 0)
        const paid = gap <= limit ? 5 * gap : 5 * limit + 250
        expect(paid).toBeLessThanOrEqual(2 * Math.min(5 * gap, 250) + 1e-9)
      }),
    )
  })

  it('stays awake while the next viewer is expected sooner than a boot pays', () => {
    expect(idleSeconds(board, 60, 0)).toBe(50)
    expect(idleSeconds(board, 73, 0)).toBe(Number.POSITIVE_INFINITY)
    expect(idleSeconds(board, 30, 500)).toBe(Number.POSITIVE_INFINITY)
  })

  it('a capped node draws less and does less', () => {
    expect(withinCap(board, 2, null)).toEqual({ profile: board, capacity: 2 })
    expect(withinCap(board, 2, 12)).toEqual({ profile: board, capacity: 2 })
    expect(withinCap(board, 2, 8.5)).toEqual({ profile: { ...board, busyWatts: 8.5 }, capacity: 1 })
    expect(withinCap(board, 2, 4).capacity).toBe(0)
  })
})
