import { floorWatts } from './fleet.ts'
import { type Optimum, optimumOf } from './optimum.ts'
import { type RunOptions, type RunOutcome, run } from './run.ts'

const joulesPerKwh = 3_600_000

/** What `paceline simulate` says of a run; names are part of its outside surface. */
export interface SimulationReport {
  readonly fleet: string
  readonly nodes: number
  readonly days: number
  readonly sessions: number
  /** Of nodes and, for what it does as first responder, the head's machine; the floor is not in it. */
  readonly energyKwh: number
  readonly responderKwh: number
  readonly optimumKwh: number
  readonly optimum: 'exact' | 'lower bound'
  readonly ratio: number
  readonly alwaysOnKwh: number
  readonly alwaysOnRatio: number
  readonly floorKwh: number
  readonly startP50Seconds: number
  readonly startP99Seconds: number
  readonly startMaxSeconds: number
  readonly stalls: number
  readonly stalledSeconds: number
  readonly refused: number
  /** Let in, and never shown anything; in neither side of the ratio's viewers. */
  readonly unserved: number
  /** Seconds in which those who played needed more than all nodes and the first responder can do: no policy helps. */
  readonly beyondFleetSeconds: number
  readonly boots: number
  readonly bootsPerDay: number
  readonly peakWatts: number
}

export interface Simulation {
  readonly report: SimulationReport
  readonly outcome: RunOutcome
}

/** Runs a workload, and sets it against the optimum for the viewers that the fleet took and served. */
export function simulate(options: RunOptions): Simulation {
  const { fleet, viewings, days } = options
  const outcome = run(options)
  const missing = new Set([...outcome.refused, ...outcome.unserved])
  const taken = viewings.filter(({ id }) => !missing.has(id))
  const optimum = optimumOf(fleet, taken, days * 86_400)
  return { report: reportOf(options, outcome, taken.length, optimum), outcome }
}

function reportOf(
  { fleet, days }: RunOptions,
  outcome: RunOutcome,
  sessions: number,
  optimum: Optimum,
): SimulationReport {
  const { nodeJoules, responderJoules, starts } = outcome
  const joules = nodeJoules + responderJoules
  return {
    energyKwh: kwh(joules),
    optimumKwh: kwh(optimum.joules),
    ratio: ratioOf(joules, optimum.joules, 4),
    alwaysOnRatio: ratioOf(optimum.alwaysOnJoules, optimum.joules, 2),
    startP99Seconds: rounded(quantile(starts, 0.99), 3),
    stalls: outcome.stalls,
    bootsPerDay: rounded(outcome.boots / days, 2),
    ...{ fleet: fleet.name, nodes: fleet.nodes.length, days, sessions },
    responderKwh: kwh(responderJoules),
    optimum: optimum.isExact ? 'exact' : 'lower bound',
    alwaysOnKwh: kwh(optimum.alwaysOnJoules),
    floorKwh: kwh(floorWatts(fleet) * days * 86_400),
    startP50Seconds: rounded(quantile(starts, 0.5), 3),
    startMaxSeconds: rounded(starts.at(-1) ?? 0, 3),
    stalledSeconds: rounded(outcome.stalledSeconds, 2),
    refused: outcome.refused.length,
    unserved: outcome.unserved.length,
    beyondFleetSeconds: rounded(optimum.beyondSeconds, 1),
    boots: outcome.boots,
    peakWatts: rounded(outcome.peakWatts, 1),
  }
}

/** Nothing is as much as nothing: where nobody came to boards that draw nothing when they are off. */
function ratioOf(joules: number, leastJoules: number, digits: number): number {
  return leastJoules > 0 ? rounded(joules / leastJoules, digits) : 1
}

/** The smallest value that at least such a share does not exceed; 0 of none. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits

const kwh = (joules: number): number => rounded(joules / joulesPerKwh, 4)
