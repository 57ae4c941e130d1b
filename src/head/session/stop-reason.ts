import { unusableReasons } from '../../media/seeking.ts'
import type { LiveSessionOptions } from './live-session.ts'

/** Looks again and again whether a session can go on. */
export interface StopReason {
  /** Why it cannot; null while it can. `hasNodes`: there are nodes that it may use now. */
  look(hasNodes: boolean): string | null
}

/** How long a session waits for a node when the last one has gone. A viewer is better off with the original. */
const patienceMs = { stream: 5_000, file: 30_000 } as const

export function createStopReason({
  plan,
  mode,
  now,
  isNodeComing,
}: Pick<LiveSessionOptions, 'plan' | 'mode' | 'now' | 'isNodeComing'>): StopReason {
  let lastNodeMs = now()
  return {
    look(hasNodes) {
      const film = plan.inputs[plan.video.source.input]?.seeking?.verdict
      if (film?.kind === 'unusable') return `${unusableReasons[film.why]}: ${film.detail}`
      if (hasNodes || isNodeComing?.()) lastNodeMs = now()
      return now() - lastNodeMs > patienceMs[mode] ? 'no node is left' : null
    },
  }
}
