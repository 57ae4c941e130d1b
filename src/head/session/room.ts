import type { Logger } from 'pino'
import type { AdmissionNode, AdmittedDemand } from '../../placement/admission.ts'
import type { PlacementNode } from '../../placement/wants.ts'
import { capacities, WorkMeter } from '../../placement/work-meter.ts'
import { platforms } from '../../platforms/all.ts'
import { canWork, type Fleet, type FleetNode } from '../fleet.ts'
import type { FormerSessions } from '../memory/former-sessions.ts'
import { type Admissions, createAdmissions, type OverloadPolicy } from './admissions.ts'
import { offersOf, sessionPlatform } from './session-platform.ts'
import { nodesForAll, type StreamingEntry, streamsOf, withSlots } from './sharing.ts'

/** A node that can work, and what it is worth. */
export type Worker = FleetNode & PlacementNode & AdmissionNode

/** What the nodes can carry, and who may come in. */
export interface Room {
  /** Learns what nodes are worth from what arrives. */
  readonly meter: WorkMeter
  readonly admissions: Admissions
  workers(): readonly Worker[]
}

export interface RoomOptions {
  readonly fleet: Pick<Fleet, 'nodes'>
  /** Sessions that are being carried out. */
  readonly entries: () => Iterable<StreamingEntry>
  /** Streams of an earlier head that may come back have their room kept. */
  readonly former: Pick<FormerSessions, 'demands'> | undefined
  /** Nodes that could be woken for them as well; null where none is switched. */
  readonly admissible?: () => readonly AdmissionNode[] | null
  /** `share` unless told. */
  readonly overload: OverloadPolicy | undefined
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
}

const allPlatforms = platforms.map(({ name }) => name)

export function openRoom(options: RoomOptions): Room {
  const { fleet, entries, former, overload = 'share', now, log } = options
  const meter = new WorkMeter()
  const workers = (): Worker[] => {
    const nodes = fleet.nodes().filter(canWork).map(withSlots)
    const worth = capacities(nodes, meter)
    return nodes.map((node) => ({ ...node, capacity: worth.get(node.id)! }))
  }
  const running = (): AdmittedDemand[] => [...streamsOf(entries()), ...(former?.demands() ?? [])]
  const admissions = createAdmissions({
    ...{ policy: overload, running, now, log },
    platformsFor: (plan) =>
      sessionPlatform({ plan })
        .choose(offersOf(fleet.nodes().filter(canWork)))
        .map(({ name }) => name),
    nodes() {
      const wakeable = options.admissible?.() ?? []
      return wakeable.length > 0 ? wakeable : nodesForAll(workers(), allPlatforms)
    },
  })
  return { meter, admissions, workers }
}
