/** What a node draws, watts, and what switching it takes. Measured where there is a meter, else from its settings. */
export interface PowerProfile {
  readonly offWatts: number
  readonly idleWatts: number
  /** With all it has busy; in between it is taken for a straight line. */
  readonly busyWatts: number
  readonly wakeSeconds: number
  /** While it boots. */
  readonly wakeWatts: number
  readonly sleepSeconds: number
  /** While it shuts down. */
  readonly sleepWatts: number
}

/** Joules of one boot and one shutdown beyond what it draws when it is off all that time. */
export function cycleJoules(profile: PowerProfile): number {
  const { offWatts, wakeSeconds, wakeWatts, sleepSeconds, sleepWatts } = profile
  return Math.max(0, wakeSeconds * (wakeWatts - offWatts) + sleepSeconds * (sleepWatts - offWatts))
}

/**
 * Seconds of idling that cost as much as going to sleep and waking again. Sleeping after so long is never more than twice
 * as dear as knowing the future (ski rental), and no rule without knowledge of the future does better at the worst.
 */
export function breakEvenSeconds(profile: PowerProfile): number {
  const saved = profile.idleWatts - profile.offWatts
  return saved > 0 ? cycleJoules(profile) / saved : Number.POSITIVE_INFINITY
}

/** Joules beyond idling for a second of one core of the reference machine; see demandOf for that unit. */
export function joulesPerWork(profile: PowerProfile, capacity: number): number {
  if (capacity <= 0) return Number.POSITIVE_INFINITY
  return Math.max(0, profile.busyWatts - profile.idleWatts) / capacity
}

/** Watts of a node that is awake and busy to a share of 0 to 1. */
export function wattsAt(profile: PowerProfile, share: number): number {
  return profile.idleWatts + (profile.busyWatts - profile.idleWatts) * Math.min(1, Math.max(0, share))
}

/** A node that may not draw more than so much does less: both are taken for a straight line above idling. */
export function withinCap(
  profile: PowerProfile,
  capacity: number,
  capWatts: number | null,
): { readonly profile: PowerProfile; readonly capacity: number } {
  const { idleWatts, busyWatts } = profile
  if (capWatts === null || busyWatts <= capWatts) return { profile, capacity }
  const share = Math.max(0, (capWatts - idleWatts) / (busyWatts - idleWatts))
  return {
    profile: { ...profile, busyWatts: Math.max(capWatts, idleWatts) },
    capacity: capacity * share,
  }
}
