import { availableParallelism } from 'node:os'
import { contractFault } from '../../cluster/contract.ts'
import type { LearnedWatts } from '../../placement/power/learned-watts.ts'
import { isAwake } from '../../placement/power/node-life.ts'
import { joulesPerWork, type PowerProfile, withinCap } from '../../placement/power/power-profile.ts'
import type { PowerNode, PowerResponder, PowerSession, PowerView } from '../../placement/power/power-view.ts'
import { capacities } from '../../placement/work-meter.ts'
import type { PowerSettings } from '../../power/power-settings.ts'
import type { Fleet, FleetNode } from '../fleet.ts'
import type { FirstResponder } from '../responder/first-responder.ts'
import { withSlots } from '../session/sharing.ts'
import type { HouseClock } from './house-clock.ts'
import type { KeptNode } from './kept-power.ts'
import type { KeptLife, KnownNode } from './known-node.ts'
import type { NodeKeeper } from './node-keeper.ts'
import type { NodePower } from './power-state.ts'

/** Where a view of everything that decides about power comes from. */
export interface ViewSources {
  readonly settings: PowerSettings
  readonly fleet: Pick<Fleet, 'nodes' | 'node'>
  readonly responder: Pick<FirstResponder, 'state'>
  readonly responderId: string | undefined
  readonly clock: HouseClock
  readonly learned: LearnedWatts
  /** What is kept of nodes, by name. */
  readonly offers: ReadonlyMap<string, KeptNode>
  readonly isDrained: (name: string) => boolean
  readonly capacityOf: (node: string) => number | undefined
}

/** Every node with libx264 has proved it, and nothing else is known of one that has never been heard. */
const unseenOffer = { platforms: ['software'], cores: 4 } as const

/** A node of which no watts are known costs nothing by idling, so that nothing is gained by its sleep. */
const unknownProfile: PowerProfile = {
  ...{
    offWatts: 0,
    idleWatts: 0,
    busyWatts: 0,
    wakeSeconds: 0,
    wakeWatts: 0,
    sleepSeconds: 0,
    sleepWatts: 0,
  },
}

/** All that decides who is awake, at this moment. */
export function viewOf(
  sources: ViewSources,
  nodes: readonly KeptLife[],
  sessions: readonly PowerSession[],
): PowerView {
  const { fleet, offers, capacityOf, responderId, clock } = sources
  const offered = nodes.map((node) => {
    const there = fleet.node(node.id)
    const kept = offers.get(node.name)
    return { ...node, there, offer: there ?? (kept && kept.platforms.length > 0 ? kept : unseenOffer), kept }
  })
  const own = responderId === undefined ? [] : [{ id: responderId, cores: availableParallelism() }]
  const worth = capacities([...offered.map(({ id, offer }) => ({ id, cores: offer.cores })), ...own], {
    capacityOf: (id) => capacityOf(id) ?? offered.find((node) => node.id === id)?.kept?.capacity ?? undefined,
  })
  return {
    nodes: offered
      .filter(({ name, keeper, there }) => counts(keeper, there) && !sources.isDrained(name))
      .map(({ id, name, keeper, offer, there }) => ({
        ...{ id, name, platforms: offer.platforms, capacity: worth.get(id)! },
        ...powerOf(id, keeper, there, sources.learned, clock.nowMs()),
      })),
    sessions,
    responder: responderOf(sources, worth),
    weekMinute: clock.weekMinute(),
  }
}

/** By node: joules beyond idling for a second of a core's work, of those whose watts are known. */
export function workJoules(nodes: readonly PowerNode[]): ReadonlyMap<string, number> {
  const known = nodes.filter(({ profile }) => profile.busyWatts > 0)
  return new Map(
    known.map((node) => {
      const { profile, capacity } = withinCap(node.profile, node.capacity, node.capWatts)
      return [node.id, joulesPerWork(profile, capacity)]
    }),
  )
}

/** It is there and works with this head, or it sleeps and somebody can wake it. */
function counts({ driverName, life }: NodeKeeper, there: FleetNode | undefined): boolean {
  if (there && (contractFault(there.beat.contract) !== null || there.platforms.length === 0)) return false
  if (isAwake(life) || life.phase === 'draining') return there !== undefined && there.beat.leaving !== true
  return driverName !== null
}

function powerOf(
  id: string,
  keeper: NodeKeeper,
  there: FleetNode | undefined,
  learned: LearnedWatts,
  nowMs: number,
): Omit<PowerNode, 'id' | 'platforms' | 'capacity'> {
  const { life, wakeTime, settings } = keeper
  // A dry run decides as if it were none.
  const hasDriver = keeper.driverName !== null
  const isUp = isAwake(life) || life.phase === 'draining'
  const profile = profileOf(id, keeper, learned)
  return {
    // One that nobody switches costs its idling anyway.
    profile: profile ? (hasDriver ? profile : { ...profile, offWatts: profile.idleWatts }) : unknownProfile,
    capWatts: settings?.capWatts ?? null,
    phase: there || hasDriver ? life.phase : 'off',
    sinceMs: isUp ? keeper.awakeSinceMs : life.sinceMs,
    ...(life.phase === 'waking' && {
      comingSeconds:
        wakeTime.meanSeconds + 2 * wakeTime.spreadSeconds - Math.max(0, nowMs - life.sinceMs) / 1000,
    }),
  }
}

/** As its settings say, and as has been seen since. */
function profileOf(
  id: string,
  { settings, wakeTime }: NodeKeeper,
  learned: LearnedWatts,
): PowerProfile | null {
  if (!settings) return null
  const profile = learned.profileOf(id, settings.profile)
  return wakeTime.seen > 0 ? { ...profile, wakeSeconds: wakeTime.meanSeconds } : profile
}

/** Half of this machine, as for placement. */
function responderOf(
  { responder, responderId, fleet, settings }: ViewSources,
  worth: ReadonlyMap<string, number>,
): PowerResponder | null {
  const state = responder.state()
  if (responderId === undefined || state === 'off' || state === 'failed') return null
  const there = fleet.node(responderId)
  const cores = there?.cores ?? availableParallelism()
  const slots = there ? (withSlots(there).slots ?? 1) : Math.max(1, Math.floor(cores / 2))
  return {
    platforms: there?.platforms ?? unseenOffer.platforms,
    capacity: worth.get(responderId)! / 2,
    slots,
    addedWatts: settings.firstResponderWatts,
  }
}

/** What others may see of it. */
export function nodePowerOf({ id, name }: KnownNode, keeper: NodeKeeper, learned: LearnedWatts): NodePower {
  const { life, wakeExpectedAtMs, wakeTime, keptUntilMs, decided, command, report, settings } = keeper
  return {
    ...{ id, name, wakeExpectedAtMs, wakeTime, keptUntilMs, decided, command, report },
    driver: keeper.driverName,
    isSuspending: keeper.isSuspending,
    life: life.phase,
    sinceMs: isAwake(life) ? keeper.awakeSinceMs : life.sinceMs,
    retryAtMs: life.retryAtMs ?? keeper.staysUntilMs,
    profile: profileOf(id, keeper, learned),
    capWatts: settings?.capWatts ?? null,
  }
}

/** What is to be kept of it: what it offers as it is there, or as it was last. */
export function keptOf(
  { life, wakeTime, keptUntilMs, awakeSinceMs }: NodeKeeper,
  before: KeptNode | undefined,
  there: FleetNode | undefined,
  capacity: number | undefined,
): KeptNode {
  const { boot, failures, retryAtMs } = life
  // Whether it works at this moment is nothing to write down.
  const phase = life.phase === 'busy' ? 'ready' : life.phase
  const sinceMs = isAwake(life) ? awakeSinceMs : life.sinceMs
  const known = there && there.platforms.length > 0 ? there : before
  return {
    ...{ phase, boot, failures, retryAtMs, wakeTime, keptUntilMs },
    // JSON has no infinity: it has been off for longer than anybody knows.
    sinceMs: Number.isFinite(sinceMs) ? sinceMs : 0,
    platforms: [...(known?.platforms ?? [])],
    cores: known?.cores ?? unseenOffer.cores,
    capacity: capacity ?? before?.capacity ?? null,
  }
}
