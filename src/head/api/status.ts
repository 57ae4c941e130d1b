import { contractFault } from '../../cluster/contract.ts'
import type { Drain } from '../drain/drain.ts'
import type { Fleet, FleetNode } from '../fleet.ts'
import type { LocalJobs } from '../local-jobs.ts'
import type { PowerOverview } from '../power/power-state.ts'
import { type NodePowerStatus, type PowerStatus, powerStatus } from '../power/power-status.ts'
import type { ResponderState } from '../responder/first-responder.ts'
import type { OverloadChoice } from '../session/admissions.ts'
import type { SessionHall } from '../session/session-hall.ts'
import type { SessionTally } from '../session/tally.ts'
import type { KeptOffStatus, TrustKeeper } from '../trust/trust-keeper.ts'
import type { LocalJobView } from './contract/local-job.ts'

/** `GET /api/v1/status`; `paceline status --json` prints it. */
export interface HeadStatus {
  readonly version: string
  readonly uptimeSeconds: number
  /** `trouble`: why nodes are out of reach, with a code; null when they are not. */
  readonly nats: { readonly url: string; readonly version: string; readonly trouble: string | null }
  /** Every job is the original's, and written down: `paceline observed`. */
  readonly observeOnly: boolean
  readonly firstResponder: ResponderState
  readonly overload: OverloadStatus
  /** Who sleeps and who is awake, of all that were let in. */
  readonly power: PowerStatus
  readonly nodes: readonly NodeStatus[]
  readonly sessions: readonly SessionStatus[]
  /** Sessions that ended, newest last: the last few only. */
  readonly recent: readonly SessionStatus[]
  /** Jobs that the media server's own transcoder was left to do, newest last: the last few only. */
  readonly localJobs: readonly LocalJobView[]
}

/** Streams for which there was not room at once. */
export interface OverloadStatus {
  /** They wait for room, for some seconds at most. */
  readonly waiting: number
  /** The last few, newest last: what they waited for, were lowered to, or why they were not begun, with its code. */
  readonly choices: readonly {
    readonly title: string
    readonly choice: OverloadChoice['choice']
    readonly detail: string | null
    readonly waitedSeconds: number
    readonly agoSeconds: number
  }[]
}

export interface NodeStatus {
  readonly id: string
  readonly name: string
  /**
   * `outdated`: head and node are of releases that do not work together; `draining`: it finishes what it has in hand and
   * gets nothing more; `drained`: it has nothing any more.
   */
  readonly state: 'ready' | 'working' | 'outdated' | 'draining' | 'drained'
  readonly cores: number
  readonly platforms: readonly string[]
  readonly version: string
  /** Seconds of source a second, where it has been measured. */
  readonly speed: number | null
  readonly leases: number
  /** What is wrong there, each with its code, though it works. */
  readonly troubles: readonly string[]
  /** The head's own: it works only where no other can. */
  readonly firstResponder?: true
  /** Kinds of work that it has failed at, and gets none of until it has proved itself. */
  readonly keptOff: readonly KeptOffStatus[]
  /** What it has proved of its chips, in short. */
  readonly proved: readonly ProvedStatus[]
}

/** What a node has proved of a platform. */
export interface ProvedStatus {
  readonly platform: string
  /** E.g. `hevc 10-bit by nvdec`. */
  readonly decodes: readonly string[]
  readonly filters: readonly string[]
  /** E.g. `h264_nvenc 8-bit`. */
  readonly encodes: readonly string[]
  readonly failed: readonly { readonly what: string; readonly why: string }[]
}

function provedOf({ capabilities }: FleetNode): ProvedStatus[] {
  return [...(capabilities ?? [])].map(([platform, { decoders, filters, encoders, failed = [] }]) => ({
    platform,
    decodes: decoders.map(({ name, codec, bits }) => `${codec} ${bits}-bit by ${name}`),
    filters,
    encodes: encoders.map(({ name, bits }) => `${name} ${bits}-bit`),
    failed,
  }))
}

/** `GET /api/v1/nodes`: everybody who was let in, there or not. */
export interface KnownNodeStatus {
  readonly id: string
  readonly name: string
  readonly state: NodeStatus['state'] | 'away'
  /** Null while it is away, as all that follows. */
  readonly version: string | null
  readonly cores: number | null
  readonly platforms: readonly string[] | null
  readonly leases: number | null
  readonly firstResponder?: true
  readonly keptOff: readonly KeptOffStatus[]
  /** Null for the first responder. */
  readonly power: NodePowerStatus | null
}

/** What the head knows of the nodes that were let in; of the first responder only while it is there. */
export function knownNodes(
  known: readonly { readonly id: string; readonly name: string }[],
  fleet: Pick<Fleet, 'node'>,
  drain: Pick<Drain, 'stateOf'>,
  trust: Pick<TrustKeeper, 'keptOff'>,
  powers: readonly NodePowerStatus[],
  responderId?: string,
): KnownNodeStatus[] {
  const listed = known.filter(({ id }) => id !== responderId || fleet.node(id))
  return listed.map(({ id, name }): KnownNodeStatus => {
    const node = fleet.node(id)
    const state = drain.stateOf(id) ?? (node ? stateOf(node) : 'away')
    const keptOff = trust.keptOff(id)
    const power = powers.find((each) => each.id === id) ?? null
    const unknown = { version: null, cores: null, platforms: null, leases: null }
    if (!node) return { id, name, state, ...unknown, keptOff, power }
    const { version, cores, platforms, beat, firstResponder } = node
    const leases = beat.leases.length
    const more = firstResponder ? { firstResponder } : {}
    return { id, name, state, version, cores, platforms, leases, keptOff, power, ...more }
  })
}

function stateOf({ beat }: FleetNode): NodeStatus['state'] {
  if (contractFault(beat.contract) !== null) return 'outdated'
  return beat.leases.length > 0 ? 'working' : 'ready'
}

export interface SessionStatus {
  readonly id: string
  readonly title: string
  readonly runningSeconds: number
  readonly publishedSegments: number
  readonly frames: number
  /** Leases that were started beside another that would have come too late with the same segment. */
  readonly hedges: number
  /** Picture segments by the name of the node that made them. */
  readonly segments: Readonly<Record<string, number>>
  /** In which ways of making pictures each of them did that, e.g. `nvidia:full`, and then `software`. */
  readonly ways: Readonly<Record<string, readonly string[]>>
  /** Which node made which segment, in order of arrival. */
  readonly arrivals: readonly { readonly segment: number; readonly node: string }[]
  /** What it waits for that the user can change, each with its code: E_DISK_FULL and where. */
  readonly waitsFor: readonly string[]
}

export interface StatusSources {
  readonly version: string
  readonly nats: { readonly url: string; readonly version: string; trouble(): string | null }
  readonly observer: { isOn(): boolean }
  readonly responder: { state(): ResponderState }
  readonly fleet: Fleet
  readonly hall: SessionHall
  readonly drain: Pick<Drain, 'stateOf'>
  readonly trust: Pick<TrustKeeper, 'keptOff'>
  readonly power: PowerOverview & { readonly isActive: boolean }
  readonly startedMs: number
  readonly now: () => number
  readonly localJobs: Pick<LocalJobs, 'last'>
}

/** A snapshot at this moment; times are rounded to hundredths of a second, and the address of NATS is without its password. */
export function headStatus(sources: StatusSources): HeadStatus {
  const { version, nats, fleet, hall, drain, trust, now, startedMs } = sources
  return {
    version,
    uptimeSeconds: round((now() - startedMs) / 1000),
    nats: { url: withoutPassword(nats.url), version: nats.version, trouble: nats.trouble() },
    observeOnly: sources.observer.isOn(),
    firstResponder: sources.responder.state(),
    overload: {
      waiting: hall.overload.waiting(),
      choices: hall.overload.choices().map(({ atMs, ...choice }) => ({
        ...choice,
        agoSeconds: round((now() - atMs) / 1000),
      })),
    },
    power: powerStatus(sources.power),
    nodes: fleet.nodes().map((node) => ({
      ...{
        id: node.id,
        name: node.name,
        cores: node.cores,
        platforms: node.platforms,
        version: node.version,
      },
      state: drain.stateOf(node.id) ?? stateOf(node),
      speed: node.speed === undefined ? null : round(node.speed),
      leases: node.beat.leases.length,
      troubles: node.beat.troubles ?? [],
      ...(node.firstResponder && { firstResponder: true as const }),
      keptOff: trust.keptOff(node.id),
      proved: provedOf(node),
    })),
    sessions: hall.running().map(({ title, session, startedMs: since }) => ({
      ...{ id: session.id, title, runningSeconds: round((now() - since) / 1000) },
      ...tallied(session.tally),
    })),
    recent: hall.recent().map(({ id, title, ranMs, tally }) => ({
      ...{ id, title, runningSeconds: round(ranMs / 1000) },
      ...tallied(tally),
    })),
    localJobs: sources.localJobs.last(),
  }
}

function tallied(tally: SessionTally) {
  const { publishedSegments, frames, hedges, segmentsByNode, waysByNode, arrivals, waitsFor } = tally
  return {
    publishedSegments,
    frames,
    hedges,
    segments: Object.fromEntries(segmentsByNode),
    ways: Object.fromEntries(waysByNode),
    arrivals,
    waitsFor: [...waitsFor],
  }
}

/** User and password may stand in the address of somebody else's server. */
function withoutPassword(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

const round = (value: number): number => Math.round(value * 100) / 100
