import { type AdmissionNode, type AdmittedDemand, type Decision, decide } from '../admission.ts'
import { place } from '../place.ts'
import type { PlacementNode } from '../wants.ts'

export interface FluidArrival {
  readonly id: string
  readonly atSeconds: number
  readonly demand: number
  /** Of faster presets, cheapest last. */
  readonly lowered?: readonly number[]
}

/** What became of one who came. */
export interface FluidOutcome {
  readonly id: string
  /** Null while it waits. */
  decision: Decision | null
  decidedSeconds: number
  /** Seconds of source by which its player ran dry at the worst moment; 0 when it never did. */
  stalledSeconds: number
  /** From the decision to the first segment. */
  firstSeconds: number | null
}

interface Playing {
  readonly outcome: FluidOutcome
  readonly demand: number
  readonly since: Map<string, number>
  madeSeconds: number
  firstSeconds: number | null
  nodes: readonly string[]
}

const stepSeconds = 0.1
const segmentSeconds = 2
/** An encoder that begins has nothing to show for so long. */
const startSeconds = 0.4
/** A media server throttles when so much is ready. */
const enoughSeconds = 60

/**
 * Streams as fluids on a virtual clock: nodes divide their capacity evenly among those who work there, and place() and
 * decide() are asked as the head asks them.
 */
export function playFluid(
  nodes: readonly (PlacementNode & AdmissionNode)[],
  arrivals: readonly FluidArrival[],
  options: {
    readonly seconds: number
    readonly lossAt?: { readonly seconds: number; readonly node: string }
  },
): FluidOutcome[] {
  const outcomes = new Map<string, FluidOutcome>()
  const playing: Playing[] = []
  let present = nodes
  for (let step = 0; step * stepSeconds < options.seconds; step += 1) {
    const now = step * stepSeconds
    if (options.lossAt && now >= options.lossAt.seconds) {
      present = nodes.filter(({ id }) => id !== options.lossAt?.node)
    }
    for (const arrival of arrivals) {
      if (arrival.atSeconds > now) continue
      const outcome = outcomes.get(arrival.id) ?? newOutcome(arrival.id)
      outcomes.set(arrival.id, outcome)
      if (outcome.decision === null) receive(arrival, outcome, playing, present, now)
    }
    if (step % 5 === 0) shareOut(playing, present, now)
    for (const one of playing) make(one, playing, present, now)
  }
  return [...outcomes.values()]
}

const newOutcome = (id: string): FluidOutcome => ({
  ...{ id, decision: null, decidedSeconds: Number.NaN, stalledSeconds: 0, firstSeconds: null },
})

function receive(
  { atSeconds, demand, lowered = [] }: FluidArrival,
  outcome: FluidOutcome,
  playing: Playing[],
  nodes: readonly AdmissionNode[],
  now: number,
): void {
  const platforms = ['software']
  const wishes = [demand, ...lowered].map((each, index) => ({
    ...{ demand: each, preset: index === 0 ? null : `faster-${index}` },
  }))
  const running: AdmittedDemand[] = playing.map((one) => ({ platforms, demand: one.demand }))
  const decision = decide({ platforms, wishes, waitedMs: (now - atSeconds) * 1000 }, running, nodes)
  if (decision.how === 'wait') return
  outcome.decision = decision
  outcome.decidedSeconds = now - atSeconds
  if (decision.how !== 'start') return
  const taken = wishes.find(({ preset }) => preset === decision.preset)!
  const common = { since: new Map<string, number>(), madeSeconds: 0, firstSeconds: null, nodes: [] }
  playing.push({ outcome, demand: taken.demand, ...common })
}

function lead({ madeSeconds, firstSeconds }: Playing, now: number): number {
  return firstSeconds === null ? 0 : madeSeconds - (now - firstSeconds)
}

function shareOut(playing: readonly Playing[], nodes: readonly PlacementNode[], now: number): void {
  const sessions = playing.map((one) => ({
    ...{ id: one.outcome.id, platforms: ['software'], leadSeconds: lead(one, now) },
    ...{ nodes: one.nodes, demand: one.demand },
  }))
  const shares = place(sessions, nodes)
  for (const one of playing) {
    const listed = shares.get(one.outcome.id) ?? []
    for (const id of listed) if (!one.nodes.includes(id)) one.since.set(id, now)
    one.nodes = listed
  }
}

function make(one: Playing, all: readonly Playing[], nodes: readonly PlacementNode[], now: number): void {
  if (lead(one, now) < enoughSeconds) {
    for (const { id, capacity = 1 } of nodes) {
      if (!one.nodes.includes(id) || now - (one.since.get(id) ?? 0) < startSeconds) continue
      const sharing = all.filter(
        (other) => other.nodes.includes(id) && lead(other, now) < enoughSeconds,
      ).length
      one.madeSeconds += (capacity / sharing / one.demand) * stepSeconds
    }
  }
  if (one.firstSeconds === null && one.madeSeconds >= segmentSeconds) {
    one.firstSeconds = now
    one.outcome.firstSeconds = now
  }
  one.outcome.stalledSeconds = Math.max(one.outcome.stalledSeconds, -lead(one, now))
}
