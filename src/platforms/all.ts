import type { Plan } from '../plan/plan.ts'
import { chips } from './chips.ts'
import { chipPlatform } from './ladder.ts'
import { pacelineToneMap } from './paceline-tone-map.ts'
import type { Platform } from './platform.ts'
import { software } from './software.ts'

/** Every platform that Paceline can compile for, best first. */
export const platforms: readonly Platform[] = [...chips.map(chipPlatform), pacelineToneMap, software]

/** The platform of this name, if there is one. */
export function platformNamed(name: string): Platform | undefined {
  return platforms.find((platform) => platform.name === name)
}

/**
 * The best platform for a plan that any node has proved.
 *
 * @param offers what each node has proved
 */
export function bestPlatform(plan: Plan, offers: readonly (readonly string[])[]): Platform | undefined {
  const suitable = platforms.filter((platform) => platform.suits(plan))
  return suitable.find(({ name }) => offers.some((proved) => proved.includes(name)))
}
