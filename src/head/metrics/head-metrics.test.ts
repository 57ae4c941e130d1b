import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Snapshot } from '../api/contract/snapshot.ts'
import { openViewStage, type ViewStage } from '../api/testing/view-stage.ts'
import { eventually } from '../testing/eventually.ts'
import { exposition, type Metric } from './exposition.ts'
import { headMetrics } from './head-metrics.ts'
import { createSessionCounters, runningCounts, type SessionCounters } from './session-counters.ts'

const processFacts = { residentBytes: 1, cpuSeconds: 2, startedAtMs: 3_000, loopDelaySeconds: 0.004 }

let stage: ViewStage
let counters: SessionCounters
/** With everything in it that can be known. */
let state: Snapshot
let all: readonly Metric[]

beforeAll(async () => {
  stage = await openViewStage()
  counters = createSessionCounters()
  const done = await stage.start({ mode: 'file' })
  await done.ended
  await eventually(() => stage.hall.recent().length === 1)
  counters.ended(stage.hall.recent()[0]!)
  stage.fleet.gate = (_node, _part, segment) => (segment > 1 ? new Promise(() => {}) : Promise.resolve())
  const session = await stage.start({ title: 'A very secret film' })
  await eventually(() => session.tally.publishedSegments > 0)
  const snapshot = stage.view.snapshot(1)
  const watts = { value: 7.5, source: 'measured' } as const
  state = {
    ...snapshot,
    nodes: snapshot.nodes.map((node) => ({ ...node, watts, load: 0.5, celsius: 50, speed: 2 })),
    fleet: {
      ...{ watts, savedWatts: 3 },
      month: { kwh: 2, savedKwh: 1, source: 'measured', cost: null, savedCost: null, currency: null },
    },
  }
  all = headMetrics({
    ...{ state, counts: counters.counts(runningCounts(stage.hall.running())), process: processFacts },
    localJobs: new Map([
      ['remux', 3],
      ['head', 1],
    ]),
  })
})

afterAll(() => stage.close())

const metric = (name: string) => all.find((each) => each.name === name)?.samples

describe('what is measured', () => {
  it('is named by the conventions of Prometheus', () => {
    for (const { name, type, help } of all) {
      expect(name).toMatch(/^paceline_[a-z]+(_[a-z]+)*$/)
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      expect(name).not.toMatch(/milliseconds|_ms$|_kwh|percent|megabytes/)
      expect(help).toMatch(/^[A-Z].*\.$/)
    }
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  })

  it('has labels of which there are few, and none of a session', () => {
    const labels = new Set(
      all.flatMap(({ samples }) => samples.flatMap((each) => Object.keys(each.labels ?? {}))),
    )
    expect([...labels].toSorted()).toEqual(['how', 'node', 'reason', 'source', 'state', 'version'])
    const text = exposition(all)
    expect(text).not.toContain('secret film')
    for (const { id } of state.sessions) expect(text).not.toContain(id)
  })

  it('counts what is over with what runs', () => {
    const [done] = stage.hall.recent()
    const running = stage.hall.running()[0]!
    expect(metric('paceline_sessions_started_total')).toEqual([{ value: 2 }])
    expect(metric('paceline_sessions_ended_total')).toContainEqual({ labels: { how: 'finished' }, value: 1 })
    const published = done!.tally.publishedSegments + running.session.tally.publishedSegments
    expect(metric('paceline_segments_published_total')).toEqual([{ value: published }])
    const made = metric('paceline_segments_made_total')!.reduce((sum, { value }) => sum + value, 0)
    expect(made).toBe(done!.tally.arrivals.length + running.session.tally.arrivals.length)
  })

  it('counts what was left to the media server, by why', () => {
    expect(metric('paceline_jobs_local_total')).toEqual([
      { labels: { reason: 'remux' }, value: 3 },
      { labels: { reason: 'head' }, value: 1 },
    ])
  })

  it('has one state for each node', () => {
    const states = metric('paceline_node_state')!
    for (const { name } of state.nodes) {
      const own = states.filter(({ labels }) => labels?.node === name)
      expect(own.reduce((sum, { value }) => sum + value, 0)).toBe(1)
    }
  })

  it('says nothing of what nobody knows', () => {
    const nodes = state.nodes.map((node) => ({ ...node, watts: null, load: null }))
    const fleet = { watts: null, savedWatts: null, month: null }
    const counts = counters.counts([])
    const unknown = { ...state, nodes, fleet, sessions: [] }
    const text = exposition(
      headMetrics({ state: unknown, counts, process: processFacts, localJobs: new Map() }),
    )
    expect(text).not.toMatch(/power_watts|load_ratio|month|lead_min|jobs_local/)
  })
})

describe('names of nodes', () => {
  it('are counted together beyond a thousand', () => {
    const many = createSessionCounters()
    const segmentsByNode = new Map(Array.from({ length: 1_500 }, (_, n) => [`node ${n}`, 1]))
    const { tally, chronicle } = stage.hall.recent()[0]!
    many.ended({ tally: { ...tally, segmentsByNode }, chronicle })
    const { made } = many.counts([])
    expect([made.size, made.get('others')]).toEqual([1_001, 500])
  })
})

describe('the dashboard for Grafana', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../packaging/grafana/paceline.json'), 'utf8')
  const dashboard = JSON.parse(text) as { panels: { title: string; targets: { expr: string }[] }[] }
  const used = new Set([...text.matchAll(/\bpaceline_[a-z_]+/g)].map(([name]) => name))

  it('asks for nothing that is not measured', () => {
    const names = new Set(all.map(({ name }) => name))
    expect(used.size).toBeGreaterThan(15)
    for (const name of used) expect(names).toContain(name)
  })

  it('asks for no label that there is not, and for rates of what only grows', () => {
    for (const { targets } of dashboard.panels) {
      for (const { expr } of targets) {
        expect(expr.includes('_total')).toBe(/rate\(|increase\(/.test(expr))
        for (const [, by] of expr.matchAll(/by \((\w+)\)/g)) expect(['node', 'reason', 'state']).toContain(by)
      }
    }
  })

  it('shows almost all that there is', () => {
    const unused = all.map(({ name }) => name).filter((name) => !used.has(name))
    expect(unused.toSorted()).toEqual([
      ...['paceline_head_observe_only', 'paceline_head_start_time_seconds', 'paceline_node_kept_off_works'],
      'paceline_segments_published_total',
    ])
  })
})
