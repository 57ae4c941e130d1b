import type { Logger } from 'pino'
import type { Beat } from '../../cluster/messages.ts'
import { PacelineError } from '../../errors.ts'
import { isAwake } from '../../placement/power/node-life.ts'
import type { PowerSettings } from '../../power/power-settings.ts'
import type { Fleet } from '../fleet.ts'
import { openDriver } from './agent-power.ts'
import type { KeptNode } from './kept-power.ts'
import type { KeptLife, KnownNode } from './known-node.ts'
import { NodeKeeper } from './node-keeper.ts'
import { keptOf } from './power-view.ts'

/** The lives of all nodes that were let in, but for the first responder's. */
export interface Keepers {
  all(): readonly KeptLife[]
  /** Those whose power is switched. */
  switched(): readonly KeptLife[]
  /**
   * By name or id, one that has a driver.
   *
   * @throws PacelineError E_NODE_NAME, E_NODE_UNSWITCHED
   */
  find(which: string): KeptLife
  /** See PowerDesk. */
  isLeaving(id: string): boolean
  heard(beat: Beat): void
  /** Nodes came or went. */
  look(): void
  /** The head's own leases count as well: a beat knows of them a moment later. */
  countLeases(): void
  /** Time has passed. */
  tick(): void
  /** What is to be kept of each, by name. */
  readonly offers: ReadonlyMap<string, KeptNode>
  close(): Promise<void>
}

export interface KeepersOptions {
  readonly settings: PowerSettings
  /** What the last head kept, by name. */
  readonly past: Readonly<Record<string, KeptNode>>
  readonly fleet: Pick<Fleet, 'node' | 'order' | 'awayMs'>
  readonly responderId: string | undefined
  readonly known: () => readonly KnownNode[]
  readonly leasesOf: (node: string) => number
  readonly capacityOf: (node: string) => number | undefined
  readonly nowMs: () => number
  /** See NodeKeeperOptions. */
  readonly onChange: (isOther: boolean) => void
  readonly log: Logger
}

/** Nodes come back to a head that starts within so long; who does not is off. */
const startGraceMs = 15_000
/** After a time in which nobody could be heard, so much passes before silence means something. */
const thawMs = 5_000

export function createKeepers(options: KeepersOptions): Keepers {
  const { settings, fleet, nowMs, log } = options
  const keepers = new Map<string, NodeKeeper>()
  const offers = new Map(Object.entries(options.past))
  const startedMs = nowMs()
  let deafMs = Number.NEGATIVE_INFINITY

  /** One that joins anew under its name is another one. */
  const idOf = (name: string) => options.known().find((node) => node.name === name)?.id
  const keeperOf = ({ id, name }: KnownNode): NodeKeeper => {
    const there = keepers.get(name)
    if (there) return there
    const own = settings.nodes.get(name) ?? null
    const { driver = null, isDry = false } = own?.driver
      ? openDriver(own.driver, { idOf: () => idOf(name) ?? id, isDry: settings.dryRun, fleet })
      : {}
    const keeper: NodeKeeper = new NodeKeeper({
      ...{ name, settings: own, driver, isDry, nowMs, log, past: offers.get(name) },
      onChange(isOther) {
        const now = idOf(name) ?? id
        offers.set(name, keptOf(keeper, offers.get(name), fleet.node(now), options.capacityOf(now)))
        // Not in the middle of a decision.
        if (isOther) setImmediate(options.onChange, true)
        else options.onChange(false)
      },
    })
    keepers.set(name, keeper)
    return keeper
  }
  const all = (): KeptLife[] =>
    options
      .known()
      .filter(({ id }) => id !== options.responderId)
      .map((node) => ({ ...node, keeper: keeperOf(node) }))
  const leasesOf = (id: string, told: number) => Math.max(told, options.leasesOf(id))
  return {
    all,
    offers,
    switched: () => all().filter(({ keeper }) => keeper.isSwitched),
    find(which) {
      const node = all().find(({ id, name }) => id === which || name === which)
      if (!node) throw new PacelineError('E_NODE_NAME', which)
      if (node.keeper.driverName === null) throw new PacelineError('E_NODE_UNSWITCHED', node.name)
      return node
    },
    isLeaving(id) {
      const name = options.known().find((node) => node.id === id)?.name
      return (name !== undefined && keepers.get(name)?.isLeaving) || false
    },
    heard(beat) {
      const node = options.known().find(({ id }) => id === beat.node && id !== options.responderId)
      if (node) keeperOf(node).heard({ ...beat, leases: leasesOf(beat.node, beat.leases.length) })
    },
    look() {
      for (const { id, keeper } of all()) if (keeper.isHeard && !fleet.node(id)) keeper.gone()
    },
    countLeases() {
      for (const { id, keeper } of all()) {
        const beat = fleet.node(id)?.beat
        if (beat && isAwake(keeper.life)) keeper.heard({ ...beat, leases: leasesOf(id, beat.leases.length) })
      }
    },
    tick() {
      if (fleet.awayMs() > 0) deafMs = nowMs()
      if (nowMs() - deafMs < thawMs) return
      const isLate = nowMs() - startedMs > startGraceMs
      for (const { id, keeper } of all()) {
        if (isLate && !keeper.isHeard && keeper.countsAsThere && !fleet.node(id)) keeper.gone()
        // Whoever has not been heard yet may have woken while there was no head.
        if (isLate || keeper.isHeard) keeper.tick()
      }
    },
    async close() {
      await Promise.all([...keepers.values()].map((keeper) => keeper.close()))
    },
  }
}
