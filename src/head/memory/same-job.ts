import { createHash } from 'node:crypto'
import type { Plan } from '../../plan/plan.ts'
import type { DoorJob } from '../door/door-job.ts'

/** Two plans with the same digest (SHA-256, hex) are the same, whatever is known of their films by now. */
export function planDigest(plan: Plan): string {
  return digestOf(plan)
}

/** The same for what a media server asks for, in a folder and as a user. */
export function jobDigest({ args, cwd, uid }: Pick<DoorJob, 'args' | 'cwd' | 'uid'>): string {
  return digestOf([args, cwd, uid])
}

function digestOf(value: unknown): string {
  const text = JSON.stringify(value, (name, inner) => (name === 'seeking' ? undefined : inner))
  return createHash('sha256').update(text).digest('hex')
}

/**
 * Whether another head could go on with a session of this plan: what is read while the session runs, copied pictures
 * and text beside or inside, would have to be read again from its beginning.
 */
export function canGoOn({ timeline, subtitles = [] }: Plan): boolean {
  return timeline.cuts === undefined && subtitles.length === 0
}
