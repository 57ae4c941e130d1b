import type { Platform } from './platform.ts'
import { software } from './software.ts'

/** Every platform that Paceline can compile for, best first. */
export const platforms: readonly Platform[] = [software]

/** The platform of this name, if there is one. */
export function platformNamed(name: string): Platform | undefined {
  return platforms.find((platform) => platform.name === name)
}
