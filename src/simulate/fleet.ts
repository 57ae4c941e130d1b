import type { PowerProfile } from '../placement/power/power-profile.ts'
import type { PowerRules } from '../placement/power/power-rules.ts'

/** A node that is simulated, as it really is; what placement knows of it is learnt. */
export interface FleetNode {
  readonly id: string
  readonly board: string
  readonly platforms: readonly string[]
  /** Work a second; a stream with a demand of 1 is made `capacity` times as fast as it plays. */
  readonly capacity: number
  readonly profile: PowerProfile
  readonly capWatts: number | null
  /** Standard deviation of the time that it takes to wake. */
  readonly wakeSpreadSeconds: number
  /** Share of wakes in which it does not come. */
  readonly wakeFailures: number
}

/** The head's own machine as first responder. */
export interface FleetResponder {
  readonly platforms: readonly string[]
  readonly capacity: number
  readonly slots: number
  /** By work at full speed. */
  readonly addedWatts: number
}

export interface Fleet {
  readonly name: string
  readonly nodes: readonly FleetNode[]
  readonly responder: FleetResponder | null
  /** What never sleeps, each part on a line of its own. It is in no ratio. */
  readonly floor: readonly { readonly name: string; readonly watts: number }[]
  readonly rules: PowerRules
}

export const floorWatts = ({ floor }: Pick<Fleet, 'floor'>): number =>
  floor.reduce((total, { watts }) => total + watts, 0)
