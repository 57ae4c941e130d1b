import { demandOf } from '../../placement/demand.ts'
import type { Plan } from '../../plan/plan.ts'
import { platforms } from '../../platforms/all.ts'
import type { Platform } from '../../platforms/platform.ts'
import type { RungName } from '../../platforms/rungs.ts'
import { compileWay, knownPlatforms, realTime, type Way, waysOf } from '../../platforms/ways.ts'
import type { Fleet, FleetNode } from '../fleet.ts'
import type { CrewMemory } from '../memory/memory-files.ts'
import type { CarriedLease } from './lease-carrier.ts'

/** A node as far as it matters how it can make pictures. */
export type OfferingNode = Pick<FleetNode, 'id' | 'platforms' | 'cores'> &
  Partial<Pick<FleetNode, 'capabilities' | 'firstResponder'>>

/** How a session's pictures are made now, and by whom. */
export interface SessionPlatform {
  /** Settles what the pictures look like, where that is open, for nodes that offer this. Answers the platforms that make it. */
  choose(nodes: readonly OfferingNode[]): readonly Platform[]
  /** The best way of a node to make the session's pictures; null where it has none and takes no part. */
  wayOf(node: OfferingNode): Way | null
  /** What was chosen last, for a head that goes on with it; null before. */
  readonly look: string | null
}

export interface SessionPlatformOptions {
  readonly plan: Plan
  readonly mode?: 'stream' | 'file'
  /** What an earlier head had chosen. */
  readonly before?: string | null
  /** Whether a node may use a way; it may use all unless told. */
  readonly mayPicture?: (node: string, platform: string, rung?: RungName) => boolean
}

/** A stream is made with that much to spare, or the processor's look is tried as well. */
const amplyFaster = 1.5

/**
 * One look from the first lease to the last: parameter sets and tone map of two need not be alike, and would change where
 * leases meet. It is settled when the first node comes, and only changes when nobody is left who can make it. Within it
 * each node works by the best of its ways; while nobody can work, any will do.
 */
export function sessionPlatform(options: SessionPlatformOptions): SessionPlatform {
  const { plan, mayPicture = () => true } = options
  const cached = new Map<string, readonly Way[]>()
  const ids = new WeakMap<object, number>()
  let counter = 0
  let look = options.before ?? null

  const identityOf = (capabilities: object): number => {
    if (!ids.has(capabilities)) ids.set(capabilities, counter++)
    return ids.get(capabilities)!
  }
  /** With a hundred nodes and sessions this is asked ten thousand times a second, and most nodes are alike. */
  const waysOn = ({ platforms: names, capabilities }: OfferingNode): readonly Way[] => {
    const key = capabilities ? `${names.join()} ${identityOf(capabilities)}` : names.join()
    const known = cached.get(key)
    if (known) return known
    const all = knownPlatforms(names).flatMap((each) => waysOf(plan, each, capabilities?.get(each.name)))
    // A chip that was proved to be too slow for a stream comes behind the processor.
    const isSlow = ({ framesPerSecond }: Way) => framesPerSecond !== null && framesPerSecond < realTime(plan)
    const ways = [...all.filter((way) => !isSlow(way)), ...all.filter(isSlow)]
    cached.set(key, ways)
    return ways
  }
  const offers = (node: OfferingNode): readonly Way[] => {
    const all = waysOn(node)
    const may = all.filter(({ platform, rung }) => mayPicture(node.id, platform.name, rung))
    return may.length === all.length ? may : withoutSuspects(all, may)
  }
  const makers = () => platforms.filter((platform) => made.has(platform.name))
  let made: ReadonlySet<string> = new Set()
  let failedLooks = 0
  return {
    choose(nodes) {
      const all = nodes.map((node) => ({ node, ways: offers(node) }))
      const isLeft = all.some(({ ways }) => ways.some((way) => way.look === look))
      if (!isLeft && all.some(({ ways }) => ways.length > 0)) {
        if (nodes.some((node) => waysOn(node).some((way) => way.look === look))) failedLooks += 1
        look = bestLook(options, failedLooks < mostFailedLooks ? all : ofProcessors(all))
      }
      const using = all.flatMap(({ ways }) => ways.filter((way) => way.look === look))
      if (using.length > 0) made = new Set(using.map(({ platform }) => platform.name))
      return look === null || made.size === 0 ? platforms : makers()
    },
    wayOf: (node) => offers(node).find((way) => look === null || way.look === look) ?? null,
    get look() {
      return look
    },
  }
}

/** After so many looks of chips have failed wherever they could be made, no viewer waits for a third: the processor does it. */
const mostFailedLooks = 2

/** What processors encode; everything where none does. */
function ofProcessors(all: readonly Offers[]): readonly Offers[] {
  const own = all.map(({ node, ways }) => ({ node, ways: ways.filter(({ chipEncodes }) => !chipEncodes) }))
  return own.some(({ ways }) => ways.length > 0) ? own : all
}

/** After so many failures it is not one part of the chip, and no viewer waits for all eight ways. */
const mostFailures = 4

/**
 * Ways that may well work where others have failed: if it is one part of the chip that is broken, all ways that failed use
 * it, and one that uses everything that they have in common would fail as well.
 */
function withoutSuspects(all: readonly Way[], may: readonly Way[]): readonly Way[] {
  const left = all.filter((way) => way.rung !== undefined && !may.includes(way))
  const hopeful = (way: Way): boolean => {
    const failed = left.filter(({ platform }) => platform === way.platform)
    if (way.rung === undefined || failed.length === 0) return true
    const suspects = way.uses.filter((part) => failed.every(({ uses }) => uses.includes(part)))
    const common = failed[0]!.uses.filter((part) => failed.every(({ uses }) => uses.includes(part)))
    return failed.length < mostFailures && suspects.length < common.length
  }
  return may.filter(hopeful)
}

interface Offers {
  readonly node: OfferingNode
  readonly ways: readonly Way[]
}

interface Look {
  readonly look: string
  readonly chipEncodes: boolean
  readonly nodes: number
  /** Pictures a second, of all its nodes together. */
  readonly speed: number
}

/**
 * The look that is made best: by a chip, which is cheaper, where its nodes are fast enough for a stream, else by whoever is
 * fastest together. Parameter sets that stand at the beginning of a film cannot change later: there a chip that no other
 * could stand in for gives way to processors that can.
 */
function bestLook({ plan, mode = 'stream' }: SessionPlatformOptions, all: readonly Offers[]): string {
  const looks = looksOf(plan, all)
  const ofProcessors = looks.filter(({ chipEncodes }) => !chipEncodes)
  const processors = ofProcessors.find(({ look }) => look.startsWith('tonemap_paceline')) ?? ofProcessors[0]
  const isSafe = ({ nodes }: Look) =>
    plan.packaging.kind === 'mpegts' || nodes > 1 || (processors?.nodes ?? 0) < 2
  const ofChips = looks.filter((each) => each.chipEncodes && isSafe(each))
  const enough = ofChips.find(({ speed }) => speed >= amplyFaster * realTime(plan))
  if (mode === 'stream' && enough) return enough.look
  const open = [...ofChips, ...(processors ? [processors] : [])]
  return (open.toSorted((a, b) => b.speed - a.speed)[0] ?? looks[0]!).look
}

/** Those of the best platforms first. */
function looksOf(plan: Plan, all: readonly Offers[]): readonly Look[] {
  const ways = all.flatMap((offer) => offer.ways)
  const ordered = platforms.flatMap(({ name }) => ways.filter(({ platform }) => platform.name === name))
  const byLook = new Map(ordered.map((way) => [way.look, way.chipEncodes]))
  return [...byLook].map(([look, chipEncodes]) => {
    const speeds = all.flatMap(({ node, ways: own }) => {
      const way = own.find((each) => each.look === look)
      return way ? [expectedSpeed(plan, node, way)] : []
    })
    return { look, chipEncodes, nodes: speeds.length, speed: speeds.reduce((sum, speed) => sum + speed, 0) }
  })
}

/** What a chip makes whose speed is not known, beside real time. */
const usualChipSpeed = 4

/** Pictures a second that may be expected of a node. */
function expectedSpeed(plan: Plan, { cores }: OfferingNode, way: Way): number {
  const { chipEncodes, framesPerSecond } = way
  if (chipEncodes) return framesPerSecond ?? usualChipSpeed * realTime(plan)
  const processor = (cores / demandOf(plan)) * realTime(plan)
  return Math.min(processor, framesPerSecond ?? Number.POSITIVE_INFINITY)
}

/** A picture of the first responder's own platform would change when the others come, so theirs counts while there is any. */
export function offersOf(nodes: readonly OfferingNode[]): readonly OfferingNode[] {
  const others = nodes.filter((node) => !node.firstResponder)
  return others.length > 0 ? others : nodes
}

/** One past the last segment of a range that a node makes in one lease by this way. */
export function reachOf(
  plan: Plan,
  fleet: Pick<Fleet, 'node'>,
  way: Way | null,
  node: string,
  range: { readonly from: number; readonly to: number; readonly open: boolean },
): number {
  // The processor goes on for ever.
  if (!way?.chipEncodes) return range.to
  const capabilities = fleet.node(node)?.capabilities?.get(way.platform.name)
  const compiled = compileWay(plan, { ...range, failures: 0 }, way, capabilities)
  return ('reach' in compiled ? compiled.reach : undefined) ?? range.to
}

/** How leases are made, by attempt, for a head that goes on with them. */
export function waysOfLeases(leases: readonly CarriedLease[]): CrewMemory['ways'] {
  return Object.fromEntries(
    leases.flatMap(({ attempt, platform, rung }) =>
      platform === undefined ? [] : [[attempt, { platform, ...(rung !== undefined && { rung }) }]],
    ),
  )
}
