import { describe, expect, it } from 'vitest'
import { energyText, type ShownEnergyReport } from './energy-text.ts'

const energy = (kwh: number, basis: 'measured' | 'modelled', cost: number | null = null) => ({
  ...{ joules: kwh * 3_600_000, kwh, basis, cost },
})

const period: ShownEnergyReport['periods'][number] = {
  ...{ name: 'today', from: '2026-11-23', to: '2026-11-23', coveredSeconds: 43_200, sessionCount: 0 },
  total: energy(0.25, 'modelled'),
  nodes: [
    {
      ...{ name: 'pi5-1', ...energy(0.05, 'measured') },
      states: {
        idle: { joules: 108_000, seconds: 3_600 },
        busy: { joules: 720, seconds: 90 },
        unknown: { joules: 0, seconds: 30 },
      },
    },
  ],
  floor: [{ name: 'BMC', ...energy(0.2, 'modelled') }],
  sessions: [],
  unknown: [],
  baselines: [
    { what: 'all nodes on all the time', kwh: 0.5, cost: null, savedKwh: 0.25, savedCost: null },
    { what: 'an N100 box idling (5.5 W)', kwh: 0.1, cost: null, savedKwh: -0.15, savedCost: null },
  ],
}
const report: ShownEnergyReport = {
  price: null,
  now: {
    ...{ watts: 10.04, basis: 'modelled' },
    nodes: [
      {
        ...{ name: 'pi5-1', state: 'idle', watts: 3.44, basis: 'measured' },
        ...{ boundary: 'module', source: 'ina3221 VDD_IN' },
      },
      { name: 'loft', state: 'unknown', watts: null, basis: 'modelled', boundary: null, source: null },
    ],
    floor: [{ name: 'BMC', watts: 2.6, basis: 'modelled' }],
  },
  periods: [period],
  trouble: null,
}
const textOf = (more: Partial<typeof period> = {}, also: Partial<ShownEnergyReport> = {}) =>
  energyText({ ...report, ...also, periods: [{ ...period, ...more }] })

describe('energy for people', () => {
  it('says what is drawn now, by what, and what nobody knows', () => {
    expect(textOf()).toContain('Now: 10.0 W, modelled\n')
    expect(textOf()).toMatch(/^pi5-1 +idle +3\.4 W +measured +ina3221 VDD_IN, module$/m)
    expect(textOf()).toMatch(/^loft +unknown +unknown$/m)
    expect(textOf()).toMatch(/^BMC +never sleeps +2\.6 W +modelled$/m)
  })

  it('says of each period what took how much, and for how long it was seen', () => {
    expect(textOf()).toContain('Today (2026-11-23, 12.0 h seen): 0.25 kWh, modelled\n')
    expect(textOf()).toMatch(
      /^pi5-1 +50\.0 Wh +measured +idle 30\.0 Wh in 60 min, busy 720 J in 90 s, unknown for 30 s$/m,
    )
    expect(textOf()).toMatch(/^BMC +0\.20 kWh +modelled +never sleeps$/m)
  })

  it('says what it would have been otherwise, and what was saved or not', () => {
    expect(textOf()).toMatch(/^all nodes on all the time +0\.50 kWh +0\.25 kWh$/m)
    expect(textOf()).toMatch(/^an N100 box idling \(5\.5 W\) +0\.10 kWh +-0\.15 kWh$/m)
  })

  it('claims nothing where nobody knows what nodes draw', () => {
    const baselines = [
      { what: 'all nodes on all the time', kwh: 0.5, cost: 0.2, savedKwh: 0.25, savedCost: 0.1 },
      { what: 'an N100', kwh: 0.5, cost: 0.2, savedKwh: null, savedCost: null },
    ]
    const some = textOf({ unknown: ['loft', 'attic'], baselines }, { price: { perKwh: 1, currency: 'EUR' } })
    expect(some).toContain('modelled\nNot in it, since nobody knows what they draw: loft, attic\n')
    expect(some).toMatch(/^all nodes on all the time +0\.50 kWh +0\.20 EUR +0\.25 kWh, 0\.10 EUR$/m)
    expect(some).toMatch(/^an N100 +0\.50 kWh +0\.20 EUR +unknown$/m)
    const none = textOf({ unknown: ['loft'], baselines, total: energy(0, 'modelled') })
    expect(none).toContain('seen): unknown\nNot in it')
    expect(none).toMatch(/^all nodes on all the time +0\.50 kWh +unknown$/m)
    const [, loft] = report.now.nodes
    const now = { ...report.now, watts: 0, nodes: [loft!], floor: [] }
    expect(textOf({}, { now })).toMatch(/^Now: unknown\n/)
  })

  it('has no minus before nothing', () => {
    const baselines = [{ what: 'x', kwh: 0, cost: -0.0001, savedKwh: -1e-9, savedCost: -0.0001 }]
    const text = textOf({ baselines }, { price: { perKwh: 1, currency: 'EUR' } })
    expect(text).toMatch(/^x +0 J +0\.00 EUR +0 J, 0\.00 EUR$/m)
  })

  it('says what it cost where there is a price', () => {
    const price = { perKwh: 0.32, currency: 'EUR' }
    const text = textOf(
      { total: energy(0.25, 'modelled', 0.08), floor: [{ name: 'BMC', ...energy(0.2, 'modelled', 0.064) }] },
      { price },
    )
    expect(text).toContain('0.25 kWh, 0.08 EUR, modelled')
    expect(text).toMatch(/^BMC +0\.20 kWh +0\.06 EUR/m)
  })

  it('names ten sessions, and how many there were besides', () => {
    const sessions = Array.from({ length: 12 }, (_, index) => ({
      ...{ id: `s${index}`, title: index === 0 ? null : `Film ${index}`, ...energy(0.01, 'measured') },
    }))
    const text = textOf({ sessions, sessionCount: 40 })
    expect(text).toMatch(/^s0 +10\.0 Wh +measured$/m)
    expect(text).toContain('Film 9 ')
    expect(text).not.toContain('Film 10')
    expect(text).toContain('and 30 more\n')
  })

  it('says what is wrong, last of all', () => {
    expect(textOf({}, { trouble: 'E_LEDGER_FULL: x' }).endsWith('\nE_LEDGER_FULL: x\n')).toBe(true)
  })

  it('says something where there is nothing yet', () => {
    const nothing = {
      ...report,
      now: { watts: 0, basis: 'modelled', nodes: [], floor: [] } as const,
      periods: [],
    }
    expect(energyText(nothing)).toBe('Now: 0.0 W, modelled\n\n')
  })
})
