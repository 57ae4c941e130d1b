/** How long a node takes from the order to wake to its first beat, as far as it has been seen. */
export interface WakeTime {
  readonly meanSeconds: number
  /** Standard deviation. */
  readonly spreadSeconds: number
  readonly seen: number
}

/** Boards boot in 10 to 30 s, some in 60 s. */
export const priorWakeTime: WakeTime = { meanSeconds: 30, spreadSeconds: 10, seen: 0 }

/** Older wakes count less and less: a new disk or system changes how long it takes. */
const memory = 10
/** A node that has not been seen to wake has so much time. */
const unseenLimitSeconds = 120
const graceSeconds = 5

/** Takes one more wake. */
export function learnWake({ meanSeconds, spreadSeconds, seen }: WakeTime, seconds: number): WakeTime {
  if (seen === 0) return { meanSeconds: seconds, spreadSeconds: seconds / 4, seen: 1 }
  const weight = 1 / Math.min(seen + 1, memory)
  const off = seconds - meanSeconds
  const variance = (1 - weight) * (spreadSeconds ** 2 + weight * off ** 2)
  return { meanSeconds: meanSeconds + weight * off, spreadSeconds: Math.sqrt(variance), seen: seen + 1 }
}

/** After so long without a beat it is not coming: four spreads, and at least half as long again as usual. */
export function wakeLimitSeconds({ meanSeconds, spreadSeconds, seen }: WakeTime): number {
  if (seen === 0) return unseenLimitSeconds
  return Math.max(meanSeconds + 4 * spreadSeconds, 1.5 * meanSeconds) + graceSeconds
}
