import { calibratedWatts } from '../../power/meters/calibrated.ts'
import type { Boundary } from '../../power/meters/meter.ts'
import type { PowerSettings } from '../../power/power-settings.ts'
import type { FleetNode } from '../fleet.ts'
import type { Basis } from './cell.ts'
import type { IdleLevels } from './idle-levels.ts'
import type { NetworkWatts } from './network-watts.ts'

/** What one node draws now. */
export interface NodeWatts {
  readonly value: number
  readonly basis: Basis
  readonly boundary: Boundary
  readonly source: string
  /** Of it, what it would draw without leases; null while that has not been seen. */
  readonly idleWatts: number | null
  /** It has no leases, and nothing else on its machine has any. */
  readonly isResting: boolean
}

export interface WattsBoardOptions {
  readonly settings: Pick<PowerSettings, 'nodes'>
  readonly network: Pick<NetworkWatts, 'of'>
  readonly levels: IdleLevels
}

type Read = Omit<NodeWatts, 'idleWatts' | 'isResting'>
type Seen = Pick<FleetNode, 'id' | 'name' | 'beat' | 'firstResponder'>

/**
 * What nodes draw at this moment, by id: by a meter in the network, which sees all of a node, else by what the node says.
 * Nodes on one machine read the same sensor: they share what it draws at rest equally, and the rest by their leases; the
 * first responder has no part in the former, which is the head's.
 *
 * @param present nodes whose agents are heard
 * @param away nodes that are not: a meter in the network may still see them
 * @param leasesOf how many leases a node has
 * @param seconds for which the readings hold: what is learned of idling counts for so long
 */
export function readBoard(
  { settings, network, levels }: WattsBoardOptions,
  present: readonly Seen[],
  away: readonly { readonly id: string; readonly name: string }[],
  leasesOf: (node: string) => number,
  seconds: number,
): ReadonlyMap<string, NodeWatts> {
  const board = new Map<string, NodeWatts>()
  const machines = new Map<string, { readonly node: Seen; readonly read: Read }[]>()
  for (const node of present) {
    const metered = network.of(node.name)
    const read = metered ? readOf(metered) : told(node, settings)
    if (read === null) continue
    const machine = metered ? node.id : (node.beat.machine ?? node.id)
    machines.set(machine, [...(machines.get(machine) ?? []), { node, read }])
  }
  for (const members of machines.values()) {
    const leases = members.map(({ node }) => leasesOf(node.id))
    const all = leases.reduce((sum, each) => sum + each, 0)
    const value = members.reduce((sum, { read }) => sum + read.value, 0) / members.length
    const key = members.map(({ node }) => node.id).toSorted()[0]!
    if (all === 0) levels.read(key, value, seconds)
    const known = levels.of(key)
    const resting = all === 0 ? value : Math.min(value, known ?? 0)
    const sharers = Math.max(1, members.filter(({ node }) => !node.firstResponder).length)
    for (const [index, { node, read }] of members.entries()) {
      const isGuest = node.firstResponder === true && members.length > 1
      const idle = isGuest ? 0 : resting / sharers
      const busy = all === 0 ? 0 : ((value - resting) * leases[index]!) / all
      board.set(node.id, {
        ...{ ...read, value: idle + busy, isResting: all === 0 },
        idleWatts: known === null ? null : idle,
      })
    }
  }
  for (const { id, name } of away) {
    const metered = network.of(name)
    if (metered) board.set(id, { ...readOf(metered), idleWatts: levels.of(id), isResting: false })
  }
  return board
}

function readOf({
  watts,
  basis,
  boundary,
  source,
}: {
  readonly watts: number
  readonly basis: Basis
  readonly boundary: Boundary
  readonly source: string
}): Read {
  return { value: watts, basis, boundary, source }
}

function told({ name, beat: { power } }: Seen, { nodes }: Pick<PowerSettings, 'nodes'>): Read | null {
  if (power === undefined) return null
  const calibration = nodes.get(name)?.calibration
  if (!calibration || power.boundary === 'wall') return readOf(power)
  return {
    ...{ value: calibratedWatts(power.watts, calibration), basis: 'modelled', boundary: 'wall' },
    source: `${power.source}, calibrated`,
  }
}
