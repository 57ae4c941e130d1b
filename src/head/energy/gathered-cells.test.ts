import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Draw } from './cell.ts'
import { createEnergyClock } from './energy-clock.ts'
import { GatheredCells } from './gathered-cells.ts'
import { dayOf, daysBefore, dayText, firstOfMonth, stampOf } from './stamp.ts'

const draw: Draw = { node: 'a', session: '', state: 'idle', basis: 'measured', watts: 3, share: 1 }
const stampAt = (minute: number) => ({
  minute,
  hour: Math.floor(minute / 60),
  day: 20_261_123 + Math.floor(minute / 1_440),
})

describe('energy that is not written yet', () => {
  it('is one cell for each minute, place, state and basis', () => {
    const cells = new GatheredCells()
    cells.add(draw, 2, stampAt(7))
    cells.add({ ...draw, watts: 5 }, 1, stampAt(7))
    cells.add({ ...draw, basis: 'modelled' }, 1, stampAt(7))
    cells.add(draw, 1, stampAt(8))
    expect(cells.all().map(({ minute, basis, joules, seconds }) => [minute, basis, joules, seconds])).toEqual(
      [
        [7, 'measured', 11, 3],
        [7, 'modelled', 3, 1],
        [8, 'measured', 3, 1],
      ],
    )
  })

  it('counts its share of the time', () => {
    const cells = new GatheredCells()
    cells.add({ ...draw, state: 'busy', session: 's', watts: 6, share: 0.25 }, 4, stampAt(7))
    expect(cells.all()[0]).toMatchObject({ joules: 24, seconds: 1 })
  })

  it('has work beside joules', () => {
    const cells = new GatheredCells()
    cells.addWork('s', 2, stampAt(7))
    cells.addWork('s', 3, stampAt(7))
    expect(cells.all()).toMatchObject([{ node: '', session: 's', joules: 0, seconds: 0, work: 5 }])
  })

  it('has no place for what is no number', () => {
    const cells = new GatheredCells()
    cells.add({ ...draw, watts: Number.NaN }, 1, stampAt(7))
    cells.addWork('s', Number.POSITIVE_INFINITY, stampAt(7))
    expect(cells.all()).toEqual([])
  })

  it('is somebody else’s once it was taken', () => {
    const cells = new GatheredCells()
    cells.add(draw, 2, stampAt(7))
    const taken = cells.take()
    cells.add(draw, 5, stampAt(7))
    expect(taken).toMatchObject([{ joules: 6 }])
    expect(cells.all()).toMatchObject([{ joules: 15 }])
  })

  it('gets coarser instead of larger, and loses no joule', () => {
    const node = fc.constantFrom('a', 'b')
    const session = fc.constantFrom('', 'r', 's', 't')
    const minute = fc.integer({ min: 0, max: 1_440 })
    fc.assert(
      fc.property(fc.array(fc.tuple(node, session, minute), { maxLength: 300 }), (added) => {
        const cells = new GatheredCells(20)
        for (const [place, of, at] of added) cells.add({ ...draw, node: place, session: of }, 1, stampAt(at))
        expect(cells.size).toBeLessThanOrEqual(20)
        const joules = cells.all().reduce((sum, cell) => sum + cell.joules, 0)
        expect(joules).toBe(3 * added.length)
      }),
    )
  })

  it('forgets minutes before hours, and hours before sessions', () => {
    const cells = new GatheredCells(3)
    for (const minute of [0, 1, 2, 3]) cells.add(draw, 1, stampAt(minute))
    expect(cells.all()).toMatchObject([{ minute: null, hour: 0, joules: 12 }])
    for (const minute of [60, 120, 180]) cells.add(draw, 1, stampAt(minute))
    expect(cells.all()).toMatchObject([{ minute: null, hour: null, joules: 21 }])
  })
})

describe('the clock of the ledger', () => {
  it('counts each second once', () => {
    let atMs = 1_000
    const elapsed = createEnergyClock(() => atMs)
    atMs = 2_500
    expect(elapsed()).toBe(1.5)
    expect(elapsed()).toBe(0)
  })

  it('does not count a time in which nobody looked for more than a minute', () => {
    let atMs = 0
    const elapsed = createEnergyClock(() => atMs)
    atMs = 3_600_000
    expect(elapsed()).toBe(60)
    atMs += 1_000
    expect(elapsed()).toBe(1)
  })

  it('counts nothing twice where the clock goes back', () => {
    let atMs = 10_000
    const elapsed = createEnergyClock(() => atMs)
    atMs = 9_000
    expect(elapsed()).toBe(0)
    atMs = 10_500
    expect(elapsed()).toBe(0.5)
  })

  it('has days of the head’s own zone', () => {
    const time = new Date(2026, 10, 23, 0, 0, 1)
    expect(dayOf(time)).toBe(20_261_123)
    expect(dayText(20_261_123)).toBe('2026-11-23')
    expect(stampOf(time)).toEqual({
      ...{ minute: Math.floor(time.getTime() / 60_000), hour: Math.floor(time.getTime() / 3_600_000) },
      day: 20_261_123,
    })
  })

  it('counts days by the calendar', () => {
    expect(dayOf(daysBefore(new Date(2026, 2, 3, 23, 59), 6))).toBe(20_260_225)
    expect(dayOf(daysBefore(new Date(2026, 9, 26, 0, 1), 1))).toBe(20_261_025)
    expect(dayOf(firstOfMonth(new Date(2026, 10, 23)))).toBe(20_261_101)
  })
})
