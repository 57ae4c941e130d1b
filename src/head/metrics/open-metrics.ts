import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Snapshot } from '../api/contract/snapshot.ts'
import type { LocalJobs } from '../local-jobs.ts'
import type { SessionHall } from '../session/session-hall.ts'
import { exposition } from './exposition.ts'
import { headMetrics, type ProcessFacts } from './head-metrics.ts'
import { runningCounts, type SessionCounters } from './session-counters.ts'

/** What `GET /metrics` answers. */
export interface Metrics {
  text(): string
  close(): void
}

export interface MetricsOptions {
  readonly snapshot: () => Snapshot
  readonly hall: Pick<SessionHall, 'running'>
  readonly counters: SessionCounters
  readonly localJobs: Pick<LocalJobs, 'counts'>
}

/** Timers every so many milliseconds cost nothing, and tell of what a viewer would notice. */
const resolution = 20

export function openMetrics({ snapshot, hall, counters, localJobs }: MetricsOptions): Metrics {
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  const processFacts = (startedAtMs: number): ProcessFacts => {
    const { user, system } = process.cpuUsage()
    const late = Math.max(0, delays.percentile(99) / 1e9 - resolution / 1000)
    delays.reset()
    return {
      ...{ residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6, startedAtMs },
      loopDelaySeconds: Number.isFinite(late) ? late : 0,
    }
  }
  return {
    text() {
      const state = snapshot()
      const counts = counters.counts(runningCounts(hall.running()))
      const process = processFacts(state.head.startedAtMs)
      return exposition(headMetrics({ state, counts, process, localJobs: localJobs.counts() }))
    },
    close: () => delays.disable(),
  }
}
