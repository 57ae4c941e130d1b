import { localJob } from '../../plan/refusal.ts'
import { canWork, type Fleet } from '../fleet.ts'
import type { FirstResponder } from './first-responder.ts'

export interface WorkersAtHand {
  readonly fleet: Pick<Fleet, 'nodes'>
  readonly responder: Pick<FirstResponder, 'takes' | 'call'>
}

/**
 * Why nobody could make a job; null when somebody can: a node that is there, or else the first responder, which is called
 * at once, since it takes a moment to come.
 */
export async function nobodyToMake(
  { fleet, responder }: WorkersAtHand,
  job: { readonly hasToneMap: boolean },
): Promise<string | null> {
  if (fleet.nodes().some((node) => canWork(node) && !node.firstResponder)) return null
  if (!(await responder.takes(job))) return localJob('no-node').local
  responder.call()
  return null
}
