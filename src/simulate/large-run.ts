import { type Cell, chooseCell } from '../placement/power/cells.ts'
import { usualRules } from '../placement/power/power-rules.ts'
import { boards } from './boards.ts'
import { Clock } from './clock.ts'
import { DecisionTimes } from './decision-times.ts'
import { type Fleet, floorWatts } from './fleet.ts'
import { FluidStage } from './fluid-stage.ts'
import { homeShape } from './home.ts'
import { randomOf } from './random.ts'
import { SimulatedHead, usualPolicy } from './simulated-head.ts'
import type { Viewing } from './viewing.ts'
import { viewingsOf } from './workload-shape.ts'

export interface LargeOptions {
  readonly nodes: number
  readonly sessionsPerDay: number
  /** Simulated; a day has 24. */
  readonly hours: number
  readonly seed: number
  /** Nodes that one head decides for. */
  readonly cellNodes: number
  /** A clock of real milliseconds or of processor time, and what the heap holds, bytes. */
  readonly realNowMs: () => number
  readonly heapBytes: () => number
  /** Called after each simulated hour. */
  readonly onHour?: (soFar: HourReport) => void
}

export interface HourReport {
  readonly hour: number
  /** What it took by the clock of the options. */
  readonly realSeconds: number
  readonly playing: number
  /** Of all decisions since the beginning, milliseconds. */
  readonly decisionP99Ms: number
}

export interface LargeReport {
  readonly nodes: number
  readonly cells: number
  readonly hours: number
  readonly sessions: number
  readonly refused: number
  readonly atOnce: number
  readonly decisions: number
  readonly decisionP50Ms: number
  readonly decisionP99Ms: number
  readonly routeP99Ms: number
  /** The most that a decision took. */
  readonly decisionMaxMs: number
  /** Real seconds, of processor time where that is the clock, for an hour of simulation. */
  readonly secondsPerHour: number
  readonly bytesPerNode: number
  readonly energyKwh: number
  readonly alwaysIdleKwh: number
  readonly bootsPerNodePerDay: number
  readonly startP99Seconds: number
  readonly stalls: number
}

const platforms = ['software']

/**
 * A fleet of thousands, in cells of one head each, under one clock: sessions flow (see FluidStage), all decisions are the
 * real ones. A router above the cells knows only how much room each has.
 */
export function largeRun(options: LargeOptions): LargeReport {
  const { nodes, sessionsPerDay, hours, seed, realNowMs, heapBytes } = options
  const days = hours / 24
  const before = heapBytes()
  const clock = new Clock()
  const [times, routes] = [new DecisionTimes(), new DecisionTimes()]
  const starts: number[] = []
  const counts = { sessions: 0, refused: 0, atOnce: 0, playing: 0, stalls: 0 }
  const fleets = cellFleets(options)
  const heads = fleets.map(
    (fleet, index) =>
      new SimulatedHead(
        {
          ...{ fleet, clock, areOn: false, random: randomOf(`${seed}/${index}`) },
          policy: usualPolicy(fleet.rules),
          stage: (all, events) => new FluidStage(all, clock, events),
          onEnded: ({ watch }) => {
            counts.playing -= 1
            counts.stalls += watch.stalls
            if (watch.startSeconds !== null) starts.push(watch.startSeconds)
          },
          onRefused: () => {
            counts.refused += 1
            counts.playing -= 1
          },
          times: { note: times, nowMs: realNowMs },
        },
        false,
      ),
  )
  const bytesPerNode = (heapBytes() - before) / nodes
  const request = (viewing: Viewing): void => {
    const beganMs = realNowMs()
    const cells = heads.map((head, index): Cell => ({ id: String(index), ...head.room }))
    const chosen = chooseCell(cells, viewing.demand)
    routes.add(realNowMs() - beganMs)
    counts.sessions += 1
    if (chosen === null) {
      counts.refused += 1
      return
    }
    counts.playing += 1
    counts.atOnce = Math.max(counts.atOnce, counts.playing)
    heads[Number(chosen)]!.request(viewing)
  }
  const shape = { ...homeShape, perDay: sessionsPerDay }
  for (const viewing of viewingsOf(shape, Math.ceil(days), randomOf(`${seed}/workload`))) {
    if (viewing.atSeconds < days * 86_400) clock.at(viewing.atSeconds * 1_000, () => request(viewing))
  }
  const beganMs = realNowMs()
  for (let hour = 1, lastMs = beganMs; hour - 1 < hours; hour += 1) {
    clock.runUntil(Math.min(hour, hours) * 3_600_000)
    const realSeconds = (realNowMs() - lastMs) / 1000
    options.onHour?.({ hour, realSeconds, playing: counts.playing, decisionP99Ms: times.quantile(0.99) })
    lastMs = realNowMs()
  }
  const secondsPerHour = (realNowMs() - beganMs) / 1000 / hours
  const all = heads.flatMap((head) => {
    head.settle()
    return head.nodes
  })
  starts.sort((a, b) => a - b)
  const boots = all.reduce((total, node) => total + node.boots, 0)
  const joules =
    all.reduce((total, { energy }) => total + energy.joules, 0) +
    heads.reduce((total, { responderEnergy }) => total + responderEnergy.joules, 0)
  const idleWatts = all.reduce((total, { spec }) => total + spec.profile.idleWatts, 0)
  return {
    ...{
      nodes,
      cells: heads.length,
      hours,
      sessions: counts.sessions,
      refused: counts.refused,
      atOnce: counts.atOnce,
    },
    decisions: times.asked,
    decisionP50Ms: times.quantile(0.5),
    decisionP99Ms: times.quantile(0.99),
    routeP99Ms: routes.quantile(0.99),
    decisionMaxMs: times.quantile(1),
    secondsPerHour,
    bytesPerNode: Math.round(bytesPerNode),
    energyKwh: joules / 3_600_000,
    alwaysIdleKwh: (idleWatts * days * 86_400) / 3_600_000,
    bootsPerNodePerDay: boots / nodes / days,
    startP99Seconds: starts[Math.max(0, Math.ceil(0.99 * starts.length) - 1)] ?? 0,
    stalls: counts.stalls,
  }
}

/** Boards of three kinds that carry a stream each, and a head that can begin several at a time. */
function cellFleets({ nodes, cellNodes }: LargeOptions): Fleet[] {
  const kinds = ['turing-rk1', 'lattepanda-mu-n100', 'gmktec-n150']
  return Array.from({ length: Math.ceil(nodes / cellNodes) }, (_, cell) => {
    const floor = [{ name: 'head', watts: 10 }]
    return {
      name: `cell ${cell}`,
      nodes: Array.from({ length: Math.min(cellNodes, nodes - cell * cellNodes) }, (_unused, index) => {
        const board = kinds[index % kinds.length]!
        const { profile, wakeSpreadSeconds } = boards.get(board)!
        return {
          ...{ id: `c${cell}-${index}`, board, platforms, capacity: 2.2, capWatts: null },
          ...{ profile, wakeSpreadSeconds, wakeFailures: 0.001 },
        }
      }),
      responder: { platforms, capacity: 8, slots: 4, addedWatts: 120 },
      floor,
      rules: { ...usualRules, floorWatts: floorWatts({ floor }) },
    }
  })
}
