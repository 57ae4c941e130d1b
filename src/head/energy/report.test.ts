import { describe, expect, it } from 'vitest'
import { checkEnergySettings } from '../../power/energy-settings.ts'
import { baselinesOf } from './baselines.ts'
import type { Cell } from './cell.ts'
import { monthOf } from './energy-line.ts'
import { historyOf, rangeOf } from './history.ts'
import type { DayRow, PeriodRows } from './ledger-messages.ts'
import { periodsAt } from './periods.ts'
import { type ReportFacts, reportOf } from './report.ts'

const at = new Date(2026, 10, 23, 12)
const today = 20_261_123
const row: DayRow = {
  node: 'a',
  state: 'idle',
  basis: 'measured',
  joules: 3_600_000,
  seconds: 7_200,
  work: 0,
}
const cell: Cell = { ...row, session: '', minute: 1, hour: 1, day: today }
const looked: DayRow = { node: '', state: 'floor', basis: 'modelled', joules: 0, seconds: 7_200, work: 0 }
const none: PeriodRows = { nodes: [], sessions: [], sessionCount: 0 }

function report(rows: Partial<PeriodRows>, more: Partial<ReportFacts> = {}, energy: unknown = {}) {
  const facts: ReportFacts = {
    ...{ at, energy: checkEnergySettings(energy), trouble: null, unwritten: [] },
    taken: { nodes: [], floor: [] },
    known: [{ id: 'a', name: 'loft', profile: null }],
    periods: periodsAt(at).map((period) => ({ ...period, rows: { ...none, ...rows } })),
    ...more,
  }
  return reportOf(facts)
}

describe('periods', () => {
  it('are today, seven days with today, and this month', () => {
    expect(periodsAt(at)).toEqual([
      { name: 'today', range: { from: today, to: today } },
      { name: 'week', range: { from: 20_261_117, to: today } },
      { name: 'month', range: { from: 20_261_101, to: today } },
    ])
  })
})

describe('the report', () => {
  it('has each node by name, with what it was doing', () => {
    const [period] = report({
      nodes: [row, { ...row, state: 'off', joules: 0, basis: 'modelled' }, looked],
    }).periods
    expect(period).toMatchObject({
      ...{ name: 'today', from: '2026-11-23', to: '2026-11-23', coveredSeconds: 7_200 },
      total: { joules: 3_600_000, kwh: 1, measuredJoules: 3_600_000, basis: 'measured', cost: null },
      nodes: [{ id: 'a', name: 'loft', kwh: 1, states: { idle: { seconds: 7_200 }, off: { joules: 0 } } }],
    })
  })

  it('is measured only where all of it is, and says how much is', () => {
    const [period] = report({ nodes: [row, { ...row, basis: 'modelled', joules: 400_000 }] }).periods
    expect(period!.total).toMatchObject({ basis: 'modelled', joules: 4_000_000, measuredJoules: 3_600_000 })
  })

  it('has each part of the floor on its own line, and not among the nodes', () => {
    const floor = { ...row, state: 'floor', basis: 'modelled' } as const
    const [period] = report({
      nodes: [{ ...floor, node: 'head' }, { ...floor, node: 'BMC' }, looked],
    }).periods
    expect(period!.nodes).toEqual([])
    expect(period!.floor.map(({ name, kwh, basis }) => [name, kwh, basis])).toEqual([
      ['head', 1, 'modelled'],
      ['BMC', 1, 'modelled'],
    ])
    expect(period!.total.kwh).toBe(2)
  })

  it('has what is not written yet, each period what is of its days', () => {
    const yesterday = { ...cell, day: 20_261_122, session: 's', state: 'busy' } as const
    const { periods } = report({ nodes: [row] }, { unwritten: [cell, yesterday] })
    expect(periods.map(({ total }) => total.kwh)).toEqual([2, 3, 3])
    expect(periods.map(({ sessionCount }) => sessionCount)).toEqual([0, 1, 1])
  })

  it('counts a session once that is written and goes on', () => {
    const written = { session: 's', title: 'A film', basis: 'measured', joules: 100 } as const
    const fresh = { ...cell, session: 's', state: 'busy', joules: 50, basis: 'modelled' } as const
    const [period] = report({ sessions: [written], sessionCount: 3 }, { unwritten: [fresh] }).periods
    expect(period!.sessionCount).toBe(3)
    expect(period!.sessions).toMatchObject([
      { id: 's', title: 'A film', joules: 150, measuredJoules: 100, basis: 'modelled' },
    ])
  })

  it('says what it cost where the configuration has a price', () => {
    const { price, periods } = report({ nodes: [row] }, {}, { pricePerKwh: 0.3, currency: 'SEK' })
    expect(price).toEqual({ perKwh: 0.3, currency: 'SEK' })
    expect(periods[0]!.total.cost).toBeCloseTo(0.3, 9)
  })

  it('says what was saved, also when nothing was', () => {
    const [period] = report({ nodes: [row, looked] }, {}, { pricePerKwh: 0.3, n100Watts: 1_000 }).periods
    const [, server, n100] = period!.baselines
    expect(n100).toMatchObject({ name: 'n100', kwh: 2, savedKwh: 1 })
    expect(n100!.savedCost).toBeCloseTo(0.3, 9)
    expect(server!.savedJoules).toBeLessThan(0)
  })

  it('does not say that less was taken than by another machine where a node is not counted', () => {
    const unknown = { ...row, node: 'loft', state: 'unknown', joules: 0 } as const
    const savings = (seconds: number) => {
      const [period] = report({ nodes: [row, looked, { ...unknown, seconds }] }).periods
      return [
        period!.unknown,
        ...period!.baselines.map(({ savedJoules, savedKwh }) => [savedJoules, savedKwh]),
      ]
    }
    expect(savings(row.seconds)).toEqual([['loft'], [0, 0], [null, null], [null, null]])
    const [, ...all] = savings(0)
    for (const saved of all.flat()) expect(saved).toEqual(expect.any(Number))
  })

  it('bears a moment of which nothing is known, as at each start of the head', () => {
    const moment = { ...row, state: 'unknown', joules: 0 } as const
    const unknownFor = (share: number) =>
      report({ nodes: [row, looked, { ...moment, seconds: row.seconds * share }] }).periods[0]!.unknown
    expect([unknownFor(0.05).length, unknownFor(0.06).length]).toEqual([0, 1])
  })

  it('gives the dashboard its month', () => {
    const rows = { nodes: [row, looked] }
    expect(monthOf(report(rows, {}, { pricePerKwh: 0.3 }))).toMatchObject({
      ...{ kwh: 1, source: 'measured', savedKwh: 0, cost: expect.closeTo(0.3, 9), currency: 'EUR' },
    })
    expect(monthOf(report({}))).toBeNull()
  })
})

describe('what it is compared with', () => {
  const facts = { idleWattsOf: () => 3, seconds: 1_000, energy: checkEnergySettings({}) }
  const joules = (rows: readonly DayRow[], more: Partial<Parameters<typeof baselinesOf>[0]> = {}) =>
    Object.fromEntries(baselinesOf({ rows, ...facts, ...more }).map(({ name, joules: all }) => [name, all]))

  it('is nodes that idle while they really slept, and are else as they were', () => {
    const busy: DayRow = { ...row, state: 'busy', joules: 500, seconds: 100 }
    const asleep = (['off', 'waking', 'going-to-sleep'] as const).map((state) => ({
      ...{ ...row, state, joules: 10, seconds: 100 },
    }))
    expect(joules([busy, ...asleep])['always-on']).toBe(500 + 3 * 3 * 100)
    expect(joules([busy, ...asleep], { idleWattsOf: () => null })['always-on']).toBe(530)
  })

  it('is a server that idles all the time and does the work besides', () => {
    const energy = checkEnergySettings({ server: { idleWatts: 20, busyWatts: 60, cores: 4 } })
    const work: DayRow = { ...row, node: '', joules: 0, work: 200 }
    expect(joules([work], { energy }).server).toBe(20 * 1_000 + 10 * 200)
  })

  it('says that the server is assumed where nobody has said what it draws', () => {
    expect(baselinesOf({ rows: [], ...facts })[1]!.what).toContain('assumed to be an N150')
    const energy = checkEnergySettings({ server: { idleWatts: 20, busyWatts: 60, cores: 4 } })
    expect(baselinesOf({ rows: [], ...facts, energy })[1]!.what).not.toContain('assumed')
  })

  it('is a box that does nothing', () => {
    expect(joules([]).n100).toBe(5_500)
  })
})

describe('the history', () => {
  it('is of so many steps up to now', () => {
    expect(rangeOf({ step: 'day', last: 30 }, at)).toEqual({ from: 20_261_025, to: today })
    const minute = Math.floor(at.getTime() / 60_000)
    expect(rangeOf({ step: 'minute', last: 1 }, at)).toEqual({ from: minute, to: minute })
  })

  it('has what is written and what is not, and is modelled where any of it is', () => {
    const rows = [{ start: 10, node: 'a', basis: 'measured', joules: 5, seconds: 60 }] as const
    const unwritten = [
      { ...cell, minute: 10, joules: 2, seconds: 1, basis: 'modelled' },
      { ...cell, minute: 11, joules: 7, seconds: 1 },
      { ...cell, minute: 12, joules: 1 },
      { ...cell, minute: null, joules: 1 },
    ] as const
    expect(historyOf({ step: 'minute', last: 2 }, rows, unwritten, { from: 10, to: 11 }, null)).toEqual({
      ...{ step: 'minute', trouble: null },
      points: [
        { startMs: 600_000, day: null, node: 'a', joules: 7, seconds: 61, basis: 'modelled' },
        { startMs: 660_000, day: null, node: 'a', joules: 7, seconds: 1, basis: 'measured' },
      ],
    })
  })

  it('names days by the calendar', () => {
    const rows = [{ start: today, node: 'a', basis: 'measured', joules: 5, seconds: 60 }] as const
    const { points } = historyOf(
      { step: 'day', last: 1 },
      rows,
      [],
      { from: today, to: today },
      'E_LEDGER_AWAY',
    )
    expect(points).toMatchObject([{ startMs: null, day: '2026-11-23' }])
  })
})

describe('settings of energy', () => {
  it('are all optional', () => {
    expect(checkEnergySettings(undefined)).toMatchObject({
      price: null,
      server: { isAssumed: true },
      miniWatts: 5.5,
    })
  })

  it.each([
    [{ pricePerKwh: -1 }, 'energy.pricePerKwh'],
    [{ currency: 'euro' }, 'energy.currency'],
    [{ server: { idleWatts: 9, busyWatts: 3, cores: 2 } }, 'energy.server.busyWatts'],
    [{ prices: 1 }, 'energy'],
  ])('%j are refused by name', (input, key) => {
    expect(() => checkEnergySettings(input)).toThrow(
      expect.objectContaining({ where: expect.stringContaining(key) }),
    )
  })
})
