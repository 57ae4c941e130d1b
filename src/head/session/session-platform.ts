import type { Plan } from '../../plan/plan.ts'
import { bestPlatform, platforms } from '../../platforms/all.ts'
import type { Platform } from '../../platforms/platform.ts'
import type { FleetNode } from '../fleet.ts'
import type { LeaseTrust } from './lease-trust.ts'

/** What a session's leases are compiled for now, when nodes have proved these. */
export interface SessionPlatform {
  /** @param offers what each node has proved. */
  choose(offers: readonly (readonly string[])[]): readonly Platform[]
  /** The one that was chosen last; null before. */
  readonly name: string | null
}

/**
 * One platform from the first lease to the last: pictures of two need not be alike, and would change where leases meet. It
 * is the best that any node has when the first comes, and only changes when no node is left that has it. While nobody can
 * work, any will do.
 */
export function sessionPlatform(plan: Plan, before: string | null = null): SessionPlatform {
  let chosen = platforms.find(({ name }) => name === before)
  return {
    choose(offers) {
      const isLeft = offers.some((proved) => chosen !== undefined && proved.includes(chosen.name))
      if (!isLeft && offers.length > 0) chosen = bestPlatform(plan, offers)
      return chosen ? [chosen] : platforms
    },
    get name() {
      return chosen?.name ?? null
    },
  }
}

/** A picture of the first responder's own platform would change when the others come, so theirs counts while there is any. */
export function offersOf(
  nodes: readonly Pick<FleetNode, 'id' | 'platforms' | 'firstResponder'>[],
  trust: Pick<LeaseTrust, 'mayPicture'> | undefined,
): (readonly string[])[] {
  const others = nodes.filter((node) => !node.firstResponder)
  return (others.length > 0 ? others : nodes).map(({ id, platforms }) =>
    trust ? platforms.filter((platform) => trust.mayPicture(id, platform)) : platforms,
  )
}
