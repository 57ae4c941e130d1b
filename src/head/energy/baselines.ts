import type { EnergySettings } from '../../power/energy-settings.ts'
import type { DayRow } from './ledger-messages.ts'

export type BaselineName = 'always-on' | 'server' | 'n100'

/** What the same time would have cost in another way. */
export interface Baseline {
  readonly name: BaselineName
  readonly joules: number
  /** In words: what it is, and what it was reckoned from. */
  readonly what: string
}

export interface BaselineFacts {
  /** Sums by node, state and basis; see {@link DayRow}. */
  readonly rows: readonly DayRow[]
  /** What a node draws at rest; null where nobody knows. */
  readonly idleWattsOf: (node: string) => number | null
  /** For how long the head has been looking. */
  readonly seconds: number
  readonly energy: Pick<EnergySettings, 'server' | 'miniWatts'>
}

/** States in which a node that is always on would have idled. */
const asleep = ['off', 'waking', 'going-to-sleep']

/**
 * - `always-on`: what was really drawn by nodes that were awake and by what never sleeps; nodes that slept would have
 *   idled all that time.
 * - `server`: the media server's own machine idles all the time, and does all the work besides: a straight line from idle
 *   to busy, by the cores that it is worth.
 * - `n100`: another box that idles all the time and does nothing: less than any that works.
 */
export function baselinesOf({ rows, idleWattsOf, seconds, energy }: BaselineFacts): readonly Baseline[] {
  const { server, miniWatts } = energy
  const work = rows.reduce((sum, row) => sum + row.work, 0)
  const alwaysOn = rows.reduce((sum, { node, state, joules, seconds: slept }) => {
    const idleWatts = asleep.includes(state) ? idleWattsOf(node) : null
    return sum + (idleWatts === null ? joules : idleWatts * slept)
  }, 0)
  const serverJoules =
    server.idleWatts * seconds + ((server.busyWatts - server.idleWatts) / server.cores) * work
  const assumed = server.isAssumed ? ', assumed to be an N150' : ''
  return [
    { name: 'always-on', joules: alwaysOn, what: 'all nodes on all the time' },
    {
      name: 'server',
      joules: serverJoules,
      what: `the server transcoding itself (${server.idleWatts} to ${server.busyWatts} W${assumed})`,
    },
    { name: 'n100', joules: miniWatts * seconds, what: `an N100 box idling (${miniWatts} W)` },
  ]
}
