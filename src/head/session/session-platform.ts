import type { Plan } from '../../plan/plan.ts'
import { bestPlatform, platforms } from '../../platforms/all.ts'
import type { Platform } from '../../platforms/platform.ts'

/** What a session's leases are compiled for now, when nodes have proved these. */
export type SessionPlatform = (offers: readonly (readonly string[])[]) => readonly Platform[]

/**
 * One platform from the first lease to the last: pictures of two need not be alike, and would change where leases meet. It
 * is the best that any node has when the first comes, and only changes when no node is left that has it. While nobody can
 * work, any will do.
 */
export function sessionPlatform(plan: Plan): SessionPlatform {
  let chosen: Platform | undefined
  return (offers) => {
    const isLeft = offers.some((proved) => chosen !== undefined && proved.includes(chosen.name))
    if (!isLeft) chosen = bestPlatform(plan, offers)
    return chosen ? [chosen] : platforms
  }
}
