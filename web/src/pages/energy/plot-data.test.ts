import { describe, expect, it } from 'vitest'
import type { EnergyHistory } from '../../../../src/head/api/contract/energy.ts'
import { historyQueryOf, plotDataOf, stepsOf } from './plot-data.ts'

const point = (startMs: number, node: string, joules: number) => ({
  ...{ startMs, day: null, node, joules, basis: 'modelled' as const, seconds: 3_600 },
})
const history = (points: EnergyHistory['points'], step: EnergyHistory['step'] = 'hour'): EnergyHistory => ({
  ...{ step, points, trouble: null },
})
const nameOf = (id: string) => `name of ${id}`

describe('lines of steps', () => {
  const lines = (seconds: number[], watts: (number | null)[]) => {
    const { seconds: at, series } = stepsOf({ seconds, stepSeconds: 60, series: [{ name: 'a', watts }] })
    return at.map((second, place) => [second, series[0]!.watts[place]])
  }

  it('hold to the end of the last one, so that a single one is a line as well', () => {
    expect(lines([600], [5])).toEqual([
      [600, 5],
      [660, 5],
      [661, null],
    ])
  })

  it('end where the ledger has nothing, as while the head was away', () => {
    expect(lines([0, 60, 600], [5, 6, 7])).toEqual([
      ...[
        [0, 5],
        [60, 6],
        [120, 6],
        [121, null],
      ],
      ...[
        [600, 7],
        [660, 7],
        [661, null],
      ],
    ])
  })

  it('go on over a day that is an hour longer', () => {
    const data = { seconds: [0, 90_000], stepSeconds: 86_400, series: [{ name: 'a', watts: [1, 2] }] }
    expect(stepsOf(data).series[0]?.watts).toEqual([1, 2, 2, null])
  })
})

describe('the plot of a ledger', () => {
  it('has mean watts of each step: joules over what was seen of it', () => {
    const points = [
      point(7_200_000, 'a', 36_000),
      point(3_600_000, 'a', 18_000),
      point(7_200_000, 'b', 3_600),
    ]
    expect(plotDataOf(history(points), nameOf)).toEqual({
      ...{ seconds: [3_600, 7_200], stepSeconds: 3_600 },
      series: [
        { name: 'All together', watts: [5, 11] },
        { name: 'name of a', watts: [5, 10] },
        { name: 'name of b', watts: [null, 1] },
      ],
    })
  })

  it('does not take a step that has just begun for one of little power', () => {
    const points = [
      { ...point(0, 'a', 3_000), seconds: 200 },
      { ...point(0, 'a', 1_000), seconds: 200, basis: 'measured' as const },
      { ...point(0, 'b', 400), seconds: 100 },
    ]
    expect(plotDataOf(history(points), nameOf).series.map(({ watts }) => watts)).toEqual([[11], [10], [1]])
  })

  it('tells six apart, those that took the most, and has all in the sum', () => {
    const points = Array.from({ length: 9 }, (_, place) => point(0, `n${place}`, 3_600 * (place + 1)))
    const { series } = plotDataOf(history(points), nameOf)
    expect(series.map(({ name }) => name)).toEqual([
      'All together',
      ...[8, 7, 6, 5, 4, 3].map((place) => `name of n${place}`),
    ])
    expect(series[0]?.watts).toEqual([45])
  })

  it('takes days where the calendar has them, in the zone of the browser', () => {
    const day = (text: string) => ({ ...point(0, 'a', 86_400), startMs: null, day: text, seconds: 86_400 })
    const { seconds, series } = plotDataOf(history([day('2026-03-02'), day('2026-03-01')], 'day'), nameOf)
    expect(seconds.map((start) => new Date(start * 1000).getDate())).toEqual([1, 2])
    expect(series[0]?.watts).toEqual([1, 1])
  })

  it('is empty of nothing', () => {
    expect(plotDataOf(history([]), nameOf)).toEqual({
      ...{ seconds: [], stepSeconds: 3_600 },
      series: [{ name: 'All together', watts: [] }],
    })
  })

  it('asks for as many steps as a period has', () => {
    expect(['today', 'week', 'month'].map((name) => historyQueryOf(name as 'today'))).toEqual([
      ...['step=minute&last=1440', 'step=hour&last=168', 'step=day&last=31'],
    ])
  })
})
