import { Clock } from './clock.ts'
import { DecisionTimes } from './decision-times.ts'
import type { Fleet } from './fleet.ts'
import { FluidStage } from './fluid-stage.ts'
import { PlayedStage } from './played-stage.ts'
import { randomOf } from './random.ts'
import { type AwakePolicy, SimulatedHead, usualPolicy } from './simulated-head.ts'
import type { StagedSession, StageEvents, StageNode } from './stage.ts'
import type { Viewing } from './viewing.ts'

/** `segments`: every segment is made by the real session code. `fluid`: streams flow; see FluidStage. */
export type Grain = 'segments' | 'fluid'

export interface RunOptions {
  readonly fleet: Fleet
  readonly viewings: readonly Viewing[]
  readonly days: number
  readonly seed: number
  readonly grain: Grain
  /** The real one unless told. */
  readonly policy?: AwakePolicy
  readonly areOn?: boolean
  /** To measure how long decisions take: a clock of real milliseconds. */
  readonly realNowMs?: () => number
}

/** What a simulation showed. */
export interface RunOutcome {
  readonly nodeJoules: number
  readonly responderJoules: number
  /** By node, in the fleet's order. */
  readonly joulesByNode: readonly { readonly id: string; readonly joules: number; readonly boots: number }[]
  readonly peakWatts: number
  readonly boots: number
  readonly starts: readonly number[]
  readonly stalls: number
  readonly stalledSeconds: number
  /** Viewers who were let in and never saw anything: nobody can do it, or something is wrong. */
  readonly unserved: readonly string[]
  /** Left to the media server's own transcoder: the fleet cannot carry them. */
  readonly refused: readonly string[]
  readonly decisions: DecisionTimes
  readonly steps: number
}

/** Plays a workload on a fleet. The same options give the same outcome. */
export function run(options: RunOptions): RunOutcome {
  const { fleet, viewings, days, seed, grain, areOn = false } = options
  const clock = new Clock()
  const decisions = new DecisionTimes()
  const watched: StagedSession[] = []
  const refused: string[] = []
  const head = new SimulatedHead(
    {
      ...{ fleet, clock, areOn, random: randomOf(`${seed}/nodes`) },
      policy: options.policy ?? usualPolicy(fleet.rules),
      stage: (nodes: readonly StageNode[], events: StageEvents) =>
        grain === 'segments' ? new PlayedStage(nodes, clock, events) : new FluidStage(nodes, clock, events),
      onEnded: (session) => void watched.push(session),
      onRefused: ({ id }) => void refused.push(id),
      ...(options.realNowMs && { times: { note: decisions, nowMs: options.realNowMs } }),
    },
    grain === 'segments',
  )
  for (const viewing of viewings) clock.at(viewing.atSeconds * 1000, () => head.request(viewing))
  clock.runUntil(days * 86_400_000)
  // What still plays at the end is watched to its end, so that nothing is counted by halves.
  for (let hour = 0; head.playing > 0 && hour < 48; hour += 1) clock.runUntil(clock.nowMs + 3_600_000)
  head.settle()
  const facts = watched.map(({ watch }) => watch)
  const begun = new Set(
    watched.flatMap(({ viewing, watch }) => (watch.startSeconds === null ? [] : viewing.id)),
  )
  const turnedAway = new Set(refused)
  const unserved = viewings.map(({ id }) => id).filter((id) => !begun.has(id) && !turnedAway.has(id))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    nodeJoules: sum(head.nodes.map(({ energy }) => energy.joules)),
    responderJoules: head.responderEnergy.joules,
    joulesByNode: head.nodes.map(({ spec, energy, boots }) => ({
      id: spec.id,
      joules: energy.joules,
      boots,
    })),
    peakWatts: head.total.peak,
    boots: sum(head.nodes.map(({ boots }) => boots)),
    starts: facts.flatMap(({ startSeconds }) => startSeconds ?? []).sort((a, b) => a - b),
    stalls: sum(facts.map(({ stalls }) => stalls)),
    stalledSeconds: sum(facts.map(({ stalledSeconds }) => stalledSeconds)),
    ...{ refused, unserved, decisions, steps: clock.steps },
  }
}
