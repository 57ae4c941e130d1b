import type { NodeView } from '../api/contract/node-view.ts'
import type { SessionView } from '../api/contract/session-view.ts'
import type { Snapshot } from '../api/contract/snapshot.ts'
import type { Metric, Sample } from './exposition.ts'
import type { SessionCounts } from './session-counters.ts'

/** What the head's own process takes. */
export interface ProcessFacts {
  readonly residentBytes: number
  readonly cpuSeconds: number
  readonly startedAtMs: number
  /** How late timers came since this was asked last: the 99th percentile, seconds. */
  readonly loopDelaySeconds: number
}

/** Where the numbers come from. */
export interface HeadFacts {
  readonly state: Snapshot
  readonly counts: SessionCounts
  readonly process: ProcessFacts
  /** Jobs that stayed local, by code. */
  readonly localJobs: ReadonlyMap<string, number>
}

const nodeStates: readonly NodeView['state'][] = [
  ...(['off', 'asleep', 'waking', 'ready', 'busy', 'draining'] as const),
  ...(['drained', 'going-to-sleep', 'failed', 'away', 'outdated'] as const),
]

const sessionStates: readonly SessionView['state'][] = ['starting', 'running', 'waiting', 'throttled']

/**
 * All that `/metrics` tells. Labels are names of nodes that were let in, and words of which there are few: never a session
 * or a title.
 */
export function headMetrics({ state, counts, process, localJobs }: HeadFacts): readonly Metric[] {
  return [
    ...aboutHead(state, process),
    ...aboutNodes(state.nodes),
    ...aboutFleet(state),
    ...aboutSessions(state, counts),
    counter(
      'paceline_jobs_local_total',
      'Jobs that were left to the media server, by reason.',
      [...localJobs].map(([reason, value]) => ({ labels: { reason }, value })),
    ),
  ]
}

const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  name,
  help,
  type: 'gauge',
  samples,
})

const counter = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  ...{ name, help, type: 'counter', samples },
})

const one = (value: number): readonly Sample[] => [{ value }]

function aboutHead({ head }: Snapshot, process: ProcessFacts): Metric[] {
  return [
    gauge('paceline_build_info', 'Release of the head.', [{ labels: { version: head.version }, value: 1 }]),
    gauge(
      'paceline_head_start_time_seconds',
      'When the head was started, since 1970.',
      one(process.startedAtMs / 1000),
    ),
    gauge(
      'paceline_head_nats_up',
      'Whether nodes can be reached over NATS.',
      one(head.natsTrouble === null ? 1 : 0),
    ),
    gauge(
      'paceline_head_observe_only',
      'Whether every job is left to the media server.',
      one(head.observeOnly ? 1 : 0),
    ),
    gauge('paceline_head_resident_memory_bytes', 'Memory of the head.', one(process.residentBytes)),
    counter('paceline_head_cpu_seconds_total', 'Processor time of the head.', one(process.cpuSeconds)),
    gauge(
      'paceline_head_loop_delay_seconds',
      'How late timers of the head came since the last scrape, 99th percentile.',
      one(process.loopDelaySeconds),
    ),
  ]
}

/** One sample for each node of which it is known. */
function ofNodes(nodes: readonly NodeView[], read: (node: NodeView) => number | null): Sample[] {
  return nodes.flatMap((node) => {
    const value = read(node)
    return value === null ? [] : [{ labels: { node: node.name }, value }]
  })
}

function aboutNodes(nodes: readonly NodeView[]): Metric[] {
  const states = nodes.flatMap(({ name, state }) =>
    nodeStates.map((each) => ({ labels: { node: name, state: each }, value: each === state ? 1 : 0 })),
  )
  const watts = nodes.flatMap(({ name, watts }) =>
    watts ? [{ labels: { node: name, source: watts.source }, value: watts.value }] : [],
  )
  return [
    gauge('paceline_node_state', 'What a node is doing: 1 for its state, 0 for all others.', states),
    gauge('paceline_node_power_watts', 'What a node draws.', watts),
    gauge(
      'paceline_node_load_ratio',
      'How busy its processors are, 0 to 1.',
      ofNodes(nodes, ({ load }) => load),
    ),
    gauge(
      'paceline_node_temperature_celsius',
      'Its warmest sensor.',
      ofNodes(nodes, ({ celsius }) => celsius),
    ),
    gauge(
      'paceline_node_leases',
      'Leases that it has.',
      ofNodes(nodes, ({ leases }) => leases.length),
    ),
    gauge(
      'paceline_node_speed_ratio',
      'Seconds of film that it makes in a second.',
      ofNodes(nodes, ({ speed }) => speed),
    ),
    gauge(
      'paceline_node_kept_off_works',
      'Kinds of work that it is kept off until it has proved itself.',
      ofNodes(nodes, ({ proof }) => proof?.keptOff ?? null),
    ),
  ]
}

function aboutFleet({ fleet: { watts, savedWatts, month } }: Snapshot): Metric[] {
  return [
    gauge(
      'paceline_fleet_power_watts',
      'What all nodes and what never sleeps draw.',
      watts ? [{ labels: { source: watts.source }, value: watts.value }] : [],
    ),
    gauge(
      'paceline_fleet_saved_power_watts',
      'How much less that is than with all nodes on.',
      savedWatts === null ? [] : one(savedWatts),
    ),
    gauge(
      'paceline_month_energy_joules',
      'Energy of the fleet since the month began.',
      month ? one(month.kwh * joulesPerKwh) : [],
    ),
    gauge(
      'paceline_month_saved_energy_joules',
      'How much less that is than with all nodes on.',
      month ? one(month.savedKwh * joulesPerKwh) : [],
    ),
  ]
}

const joulesPerKwh = 3_600_000

function aboutSessions({ sessions, head }: Snapshot, counts: SessionCounts): Metric[] {
  const inState = (state: SessionView['state']) =>
    sessions.filter((session) => session.state === state).length
  const leads = sessions.flatMap(({ player }) => (player ? [player.leadSeconds] : []))
  const ended = Object.entries(counts.ended).map(([how, value]) => ({ labels: { how }, value }))
  const made = [...counts.made].map(([node, value]) => ({ labels: { node }, value }))
  return [
    gauge(
      'paceline_sessions',
      'Sessions that run.',
      sessionStates.map((state) => ({ labels: { state }, value: inState(state) })),
    ),
    gauge(
      'paceline_sessions_waiting_for_room',
      'Streams that wait for room on the nodes.',
      one(head.waitingForRoom),
    ),
    gauge(
      'paceline_sessions_lead_min_seconds',
      'By how much the session that leads its player least does so.',
      leads.length === 0 ? [] : one(Math.min(...leads)),
    ),
    counter('paceline_sessions_started_total', 'Sessions that were begun.', one(counts.started)),
    counter('paceline_sessions_ended_total', 'Sessions that are over, by how they ended.', ended),
    counter(
      'paceline_segments_published_total',
      'Segments that media servers were told of.',
      one(counts.publishedSegments),
    ),
    counter('paceline_segments_made_total', 'Segments of pictures, by the node that made them.', made),
    counter(
      'paceline_hedges_total',
      'Leases that were begun beside another that would have come too late.',
      one(counts.hedges),
    ),
    counter('paceline_cuts_total', 'Leases that were shortened.', one(counts.cuts)),
    counter(
      'paceline_leases_failed_total',
      'Leases that failed, or were lost with their node.',
      one(counts.failedLeases),
    ),
  ]
}
