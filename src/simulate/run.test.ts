import { describe, expect, it } from 'vitest'
import { boards } from './boards.ts'
import { DecisionTimes } from './decision-times.ts'
import type { Fleet } from './fleet.ts'
import { homeFleet, homeShape } from './home.ts'
import { type HourReport, largeRun } from './large-run.ts'
import { randomOf } from './random.ts'
import { randomSuite } from './random-suite.ts'
import { simulate } from './report.ts'
import { randomSummary, reportPlot, reportText, sweepPlot, sweepRows } from './report-text.ts'
import { type RunOptions, run } from './run.ts'
import { sixStreams } from './six-streams.ts'
import { sweep } from './sweep.ts'
import { stretchesOf, type Viewing } from './viewing.ts'
import { viewingsOf } from './workload-shape.ts'

const home = (days: number, seed: number, more: Partial<RunOptions> = {}): RunOptions => ({
  ...{
    fleet: homeFleet,
    viewings: viewingsOf(homeShape, days, randomOf(seed)),
    days,
    seed,
    grain: 'fluid',
    ...more,
  },
})

const viewing = (atSeconds: number, watchSeconds: number, more: Partial<Viewing> = {}): Viewing => ({
  ...{ id: `v${atSeconds}`, atSeconds, watchSeconds, titleSeconds: watchSeconds, pauses: [] },
  ...{ demand: 1, platforms: ['software'], ...more },
})

describe('the home', () => {
  it('is within a twentieth of the optimum, begins in time and never stalls', () => {
    for (const seed of [1, 2, 3]) {
      const { report } = simulate(home(14, seed))
      expect(report.optimum).toBe('exact')
      expect(report.ratio).toBeGreaterThanOrEqual(1)
      expect(report.ratio).toBeLessThanOrEqual(1.05)
      expect(report.alwaysOnRatio).toBeGreaterThan(15)
      expect(report.startMaxSeconds).toBeLessThanOrEqual(1.52)
      expect([report.stalls, report.refused]).toEqual([0, 0])
      expect(report.bootsPerDay).toBeLessThanOrEqual(8)
    }
  })

  it('shows the same by every segment as by flow, within two percent', () => {
    const [fine, coarse] = (['segments', 'fluid'] as const).map(
      (grain) => simulate(home(2, 4, { grain })).report,
    )
    expect(fine!.stalls).toBe(0)
    expect(fine!.startMaxSeconds).toBeLessThanOrEqual(1.5)
    expect(Math.abs(fine!.energyKwh / coarse!.energyKwh - 1)).toBeLessThan(0.02)
    expect(fine!.sessions).toBeGreaterThan(2)
  })

  it('is the same for the same seed, and another for another', () => {
    expect(simulate(home(5, 1)).report).toEqual(simulate(home(5, 1)).report)
    expect(simulate(home(5, 1)).report).not.toEqual(simulate(home(5, 2)).report)
  })
})

describe('a run', () => {
  it('hands over to a woken node, which sleeps after its break-even time', () => {
    const { joulesByNode, responderJoules, boots } = run({ ...home(1, 1), viewings: [viewing(3_600, 1_800)] })
    expect(boots).toBe(1)
    // The first responder bridges a boot of 25 s that might have taken 50, since none was seen.
    expect(responderJoules).toBeGreaterThan(100)
    expect(responderJoules).toBeLessThan(30 * 35)
    const used = joulesByNode.find((each) => each.boots === 1)!.joules
    const carried = 1_800 * (5 + 7 / 2.2)
    expect(used).toBeGreaterThan(carried * 0.9)
    expect(used).toBeLessThan(carried + 250 + 3 * 250)
  })

  it('lets a node sleep through a pause, and goes on without a stall', () => {
    const paused = viewing(3_600, 1_800, { pauses: [{ afterSeconds: 600, seconds: 3_600 }] })
    for (const grain of ['segments', 'fluid'] as const) {
      const { boots, stalls, joulesByNode } = run({ ...home(1, 1), viewings: [paused], grain })
      expect([boots, stalls]).toEqual([2, 0])
      const joules = joulesByNode.reduce((sum, each) => sum + each.joules, 0)
      expect(joules).toBeLessThan(1_800 * 9 + 2_000)
    }
  })

  it('goes on with the first responder while a node fails to wake, and with another one', () => {
    const nodes = homeFleet.nodes.map((node, index) => ({ ...node, wakeFailures: index === 0 ? 1 : 0 }))
    const fleet: Fleet = { ...homeFleet, nodes }
    for (const grain of ['segments', 'fluid'] as const) {
      const outcome = run({ ...home(1, 1), fleet, viewings: [viewing(3_600, 3_600)], grain })
      expect([outcome.stalls, outcome.unserved]).toEqual([0, []])
      expect(outcome.starts[0]).toBeLessThanOrEqual(1.5)
      expect(outcome.joulesByNode.some(({ id, boots }) => id !== 'board-1' && boots > 0)).toBe(true)
    }
  })

  it('never draws more than the cap, whatever comes', () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const nodes = ['turing-rk1', 'gmktec-n150', 'raspberry-pi-5', 'turing-rk1', 'radxa-cm5'].map(
        (board, index) => ({
          ...{ id: `${board}-${index}`, board, platforms: ['software'], capWatts: null, wakeFailures: 0.1 },
          ...boards.get(board)!,
          capacity: 2,
        }),
      )
      const rules = { ...homeFleet.rules, totalCapWatts: 70, floorWatts: 9.6 }
      const fleet: Fleet = {
        ...homeFleet,
        nodes,
        rules,
        responder: { ...homeFleet.responder!, addedWatts: 20 },
      }
      const viewings = viewingsOf({ ...homeShape, perDay: 40 }, 2, randomOf(seed))
      const { peakWatts } = run({ ...home(2, seed), fleet, viewings })
      expect(peakWatts).toBeLessThanOrEqual(70)
      expect(peakWatts).toBeGreaterThan(30)
    }
  })

  it('takes no more viewers than the fleet carries', () => {
    const viewings = Array.from({ length: 12 }, (_, index) => viewing(100 + index, 1_800))
    const { refused, starts } = run({ ...home(1, 1), viewings })
    expect(starts.length + refused.length).toBe(12)
    expect(refused.length).toBeGreaterThanOrEqual(4)
  })
})

describe('comparisons', () => {
  it('set other policies beside it: always on is dearest, and nothing beats the optimum', () => {
    const rows = sweep(home(6, 1))
    const ratio = new Map(rows.map(({ policy, report }) => [policy, report.ratio]))
    for (const each of ratio.values()) expect(each).toBeGreaterThanOrEqual(1)
    expect(ratio.get('always-on')).toBeGreaterThan(10)
    expect(ratio.get('one-warm')).toBeGreaterThan(3)
    expect(ratio.get('600-s')).toBeGreaterThan(ratio.get('paceline')!)
    expect(sweepRows(rows)).toHaveLength(7)
    const svg = sweepPlot(rows)
    expect(svg).toMatch(/^<svg[^>]*>[\s\S]*<\/svg>\n$/)
    expect(svg.match(/<rect /g)).toHaveLength(8)
    expect(reportText(rows[0]!.report)).toContain('ratio')
    expect(reportPlot(rows[0]!.report)).toContain('all always on')
  })

  it('a few random fleets and workloads stay below one and a half times the optimum', () => {
    const { reports, medianRatio, worstRatio } = randomSuite(6, 2, 5, 'fluid')
    expect(reports).toHaveLength(6)
    expect(medianRatio).toBeLessThan(1.2)
    expect(worstRatio).toBeLessThan(1.5)
  })

  it('random cases that nobody watches count for nothing, and who waits or stalls is counted by case', () => {
    const suite = randomSuite(3, 1, 72, 'fluid')
    const silent = suite.reports.filter(({ sessions }) => sessions === 0)
    for (const { ratio, alwaysOnRatio } of silent) expect([ratio, alwaysOnRatio]).toEqual([1, 1])
    const late = suite.reports.filter(({ startMaxSeconds }) => startMaxSeconds > 1.5)
    expect([suite.casesWithLateStart, suite.casesWithStall]).toEqual([late.length, 0])
    const text = randomSummary({ ...suite, stalls: 3, stalledSeconds: 4.25, casesWithStall: 2 })
    expect(text).toContain(`worst ${suite.worstRatio}`)
    expect(text).toContain('3 stalls, 4.25 s together, in 2 of 3 cases')
  })

  it('a board that nobody needs, and that draws nothing when it is off, is as good as it can be', () => {
    const nodes = homeFleet.nodes.map((node) => ({ ...node, profile: { ...node.profile, offWatts: 0 } }))
    const { report } = simulate({ ...home(1, 1), fleet: { ...homeFleet, nodes }, viewings: [] })
    expect([report.ratio, report.alwaysOnRatio]).toEqual([1, 1])
    expect(report.energyKwh).toBe(0)
  })

  it('six streams: a Jetson as head is inside 10 W and 100 W, a Raspberry Pi as head is not', () => {
    const rows = sixStreams()
    for (const row of rows) {
      expect(row.peakWatts).toBeLessThanOrEqual(100)
      expect(row.floor.reduce((sum, { watts }) => sum + watts, row.warmWatts)).toBeCloseTo(row.idleWatts, 9)
    }
    expect(rows.filter(({ does }) => does).map(({ fleet }) => fleet)).toEqual([
      '4 x Nano, and one as head',
      '4 x Orin Nano, tuned, and one as head',
    ])
  })

  it('a large fleet in cells counts what it decides', () => {
    let nowMs = 0
    const soFar: HourReport[] = []
    const report = largeRun({
      ...{ nodes: 48, sessionsPerDay: 80, hours: 24, seed: 1, cellNodes: 16, heapBytes: () => 0 },
      realNowMs: () => {
        nowMs += 0.5
        return nowMs
      },
      onHour: (hour) => soFar.push(hour),
    })
    expect(report).toMatchObject({ cells: 3, refused: 0 })
    expect(soFar.map(({ hour }) => hour)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1))
    expect(soFar.at(-1)).toMatchObject({ decisionP99Ms: report.decisionP99Ms })
    expect(Math.max(...soFar.map(({ playing }) => playing))).toBeLessThanOrEqual(report.atOnce)
    expect(report.sessions).toBeGreaterThan(50)
    expect(report.decisions).toBeGreaterThan(report.sessions)
    expect(report.decisionP99Ms).toBeCloseTo(0.5, 1)
    expect(report.energyKwh).toBeLessThan(report.alwaysIdleKwh)
  })
})

describe('the parts', () => {
  it('quantiles of what was counted are right to a hundredth', () => {
    const times = new DecisionTimes()
    for (let value = 1; value <= 1_000; value += 1) times.add(value)
    expect(times.quantile(0.5)).toBeCloseTo(500, -1)
    expect(times.quantile(0.99) / 990).toBeCloseTo(1, 1)
    expect(new DecisionTimes().quantile(0.5)).toBe(0)
  })

  it('one decision in seven is timed, and all are counted', () => {
    const times = new DecisionTimes()
    const timed = Array.from({ length: 21 }, () => times.isTimed())
    expect(timed.flatMap((each, index) => (each ? index : []))).toEqual([6, 13, 20])
    expect(times.asked).toBe(21)
  })

  it('a viewing plays in stretches between its pauses', () => {
    const pauses = [
      { afterSeconds: 100, seconds: 50 },
      { afterSeconds: 400, seconds: 50 },
    ]
    expect(stretchesOf(viewing(10, 300, { pauses }))).toEqual([
      { fromSeconds: 10, toSeconds: 110 },
      { fromSeconds: 160, toSeconds: 360 },
    ])
  })

  it('as many viewings as are asked for, most of them in the evening', () => {
    const viewings = viewingsOf({ ...homeShape, perDay: 50, seeksPerHour: 0 }, 60, randomOf(1))
    expect(viewings.length / 60).toBeGreaterThan(44)
    expect(viewings.length / 60).toBeLessThan(56)
    const evening = viewings.filter(({ atSeconds }) => (atSeconds % 86_400) / 3_600 >= 18)
    expect(evening.length / viewings.length).toBeGreaterThan(0.45)
    for (const { watchSeconds, titleSeconds, pauses } of viewings) {
      expect(watchSeconds).toBeLessThanOrEqual(titleSeconds + 1e-6)
      for (const { afterSeconds } of pauses) expect(afterSeconds).toBeLessThan(watchSeconds)
    }
  })

  it('forks of a random stream do not depend on what was taken from it', () => {
    const [one, other] = [randomOf(1), randomOf(1)]
    other.next()
    expect(one.fork('a').next()).toBe(other.fork('a').next())
    expect(one.fork('a').next()).not.toBe(one.fork('b').next())
    const many = Array.from({ length: 20_000 }, () => one.next())
    expect(many.reduce((sum, value) => sum + value, 0) / many.length).toBeCloseTo(0.5, 1)
    expect(Math.min(...many)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...many)).toBeLessThan(1)
  })
})
