import { breakEvenSeconds, cycleJoules, type PowerProfile } from './power-profile.ts'

/**
 * How long a node that nobody needs stays awake: as long as idling costs less than a boot (see breakEvenSeconds), and for
 * ever while so many viewers are expected that the next one comes sooner than that pays. `bridgeJoules`: what the first
 * responder needs besides, each time, until it has woken.
 */
export function idleSeconds(profile: PowerProfile, arrivalsPerHour: number, bridgeJoules: number): number {
  const savedWatts = profile.idleWatts - profile.offWatts
  const expectedWatts = (arrivalsPerHour / 3_600) * (cycleJoules(profile) + bridgeJoules)
  return expectedWatts > savedWatts ? Number.POSITIVE_INFINITY : breakEvenSeconds(profile)
}
