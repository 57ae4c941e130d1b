import type { FloorPart, PowerSettings } from '../../power/power-settings.ts'
import type { Fleet, FleetNode } from '../fleet.ts'
import type { NodePower, PowerOverview } from '../power/power-state.ts'
import type { RunningEntry } from '../session/session-hall.ts'
import type { Draw } from './cell.ts'
import type { IdleLevels } from './idle-levels.ts'
import type { NetworkWatts } from './network-watts.ts'
import { drawsOf, type NodeNow } from './node-draw.ts'
import { type NodeWatts, readBoard } from './watts-board.ts'

export interface EnergySources {
  readonly settings: PowerSettings
  readonly fleet: Pick<Fleet, 'nodes'>
  /** Every node that has joined but the first responder, there or not. */
  readonly power: Pick<PowerOverview, 'nodes'>
  readonly hall: {
    carried(): ReadonlyMap<string, readonly string[]>
    running(): readonly RunningEntry[]
  }
  readonly network: Pick<NetworkWatts, 'of'>
  readonly levels: IdleLevels
}

/** A node as it is now, for people. */
export interface TakenNode {
  readonly id: string
  readonly name: string
  readonly now: NodeNow
  /** What is known of its watts besides their number; null where nobody reads them. */
  readonly read: NodeWatts | null
  readonly draws: readonly Draw[]
}

/** Everything that draws, at one moment. */
export interface Taken {
  readonly nodes: readonly TakenNode[]
  readonly floor: readonly Draw[]
}

/** Looks at everything that draws; `seconds` are for what is learned of idling, see readBoard. */
export function takeEnergy(sources: EnergySources, seconds: number): Taken {
  const { settings, fleet, power, hall, network, levels } = sources
  const carried = hall.carried()
  const leasesOf = (id: string) => carried.get(id) ?? []
  const present = fleet.nodes()
  const here = new Set(present.map(({ id }) => id))
  const known = power.nodes()
  const away = known.filter(({ id }) => !here.has(id))
  const board = readBoard({ settings, network, levels }, present, away, (id) => leasesOf(id).length, seconds)
  const lives = new Map(known.map((node) => [node.id, node]))
  const taken = (id: string, name: string, node: FleetNode | undefined): TakenNode => {
    const read = board.get(id) ?? null
    const now = nowOf(id, node, lives.get(id), read, leasesOf(id), settings)
    return { id, name, now, read, draws: drawsOf(now) }
  }
  return {
    nodes: [
      ...present.map((node) => taken(node.id, node.name, node)),
      ...away.map(({ id, name }) => taken(id, name, undefined)),
    ],
    floor: settings.floor.map(floorDraw),
  }
}

function floorDraw({ name, watts }: FloorPart): Draw {
  return { node: name, session: '', state: 'floor', basis: 'modelled', watts, share: 1 }
}

function nowOf(
  id: string,
  node: FleetNode | undefined,
  life: NodePower | undefined,
  read: NodeWatts | null,
  leases: readonly string[],
  { firstResponderWatts }: PowerSettings,
): NodeNow {
  const isFirstResponder = node?.firstResponder === true
  const usual = node ? (leases.length > 0 ? 'busy' : 'ready') : 'off'
  const working = { ...responderProfile, busyWatts: firstResponderWatts }
  return {
    ...{ id, leases, isHere: node !== undefined, isFirstResponder },
    phase: life?.life ?? usual,
    watts: read && { value: read.value, basis: read.basis },
    idleWatts: read?.idleWatts ?? null,
    profile: isFirstResponder ? working : (life?.profile ?? null),
  }
}

/** What it draws at rest is the head's; see the floor. */
const responderProfile = {
  ...{ offWatts: 0, idleWatts: 0, wakeSeconds: 0, wakeWatts: 0, sleepSeconds: 0, sleepWatts: 0 },
}
