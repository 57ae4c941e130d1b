import type { PowerProfile } from './power-profile.ts'

/** One reading: how many watts while a node was busy to that share, for so long. */
export interface WattsReading {
  readonly watts: number
  /** 0 to 1. */
  readonly busyShare: number
  readonly seconds: number
}

interface Sums {
  weight: number
  share: number
  watts: number
  shareSquares: number
  shareWatts: number
}

/** Older readings count half once there is so much newer: seasons, fans and firmware change what a node draws. */
const memorySeconds = 6 * 3_600
/** What its settings say weighs as much as so many seconds of readings at both ends. */
const priorSeconds = 60

/**
 * Idle and busy watts of each node from its own meter: a straight line through all readings by least squares, begun with
 * what its settings say. Pure but for what it remembers.
 */
export class LearnedWatts {
  readonly #sums = new Map<string, Sums>()

  read(node: string, { watts, busyShare, seconds }: WattsReading): void {
    const sums = this.#sums.get(node) ?? { weight: 0, share: 0, watts: 0, shareSquares: 0, shareWatts: 0 }
    this.#sums.set(node, sums)
    add(sums, watts, Math.min(1, Math.max(0, busyShare)), seconds)
    if (sums.weight > memorySeconds) scale(sums, 1 / 2)
  }

  /** The same profile with idle and busy watts as they were read; unchanged for a node without a meter. */
  profileOf(node: string, settings: PowerProfile): PowerProfile {
    const known = this.#sums.get(node)
    if (!known) return settings
    const sums = { ...known }
    add(sums, settings.idleWatts, 0, priorSeconds)
    add(sums, settings.busyWatts, 1, priorSeconds)
    const { weight, share, watts, shareSquares, shareWatts } = sums
    const slope = (weight * shareWatts - share * watts) / (weight * shareSquares - share ** 2)
    const idleWatts = Math.max(0, (watts - slope * share) / weight)
    return { ...settings, idleWatts, busyWatts: Math.max(idleWatts, idleWatts + slope) }
  }

  forget(node: string): void {
    this.#sums.delete(node)
  }
}

function add(sums: Sums, watts: number, share: number, weight: number): void {
  sums.weight += weight
  sums.share += weight * share
  sums.watts += weight * watts
  sums.shareSquares += weight * share ** 2
  sums.shareWatts += weight * share * watts
}

function scale(sums: Sums, factor: number): void {
  sums.weight *= factor
  sums.share *= factor
  sums.watts *= factor
  sums.shareSquares *= factor
  sums.shareWatts *= factor
}
