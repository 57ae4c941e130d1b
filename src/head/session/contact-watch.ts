import type { LiveSession } from './live-session.ts'
import { leadOf } from './sharing.ts'

export interface ContactWatchOptions {
  /** For how many milliseconds no node could be reached. */
  readonly awayMs: () => number
  readonly sessions: () => readonly {
    readonly session: Pick<LiveSession, 'id' | 'isThrottled' | 'leadSeconds' | 'giveUp'> & {
      readonly tally: Pick<LiveSession['tally'], 'publishedSegments'>
    }
  }[]
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
}

const lookEveryMs = 500

/** Without contact and without progress for so long, a viewer is better off with the original. */
const patienceMs = 5_000

/** A player that has so much in hand can wait for longer. */
const comfortSeconds = 10

/**
 * While no node can be reached, leases that run go on and may make all that is needed for a while. A session that they
 * do not bring on any more is given up, so that the original can take it over. One that makes a whole file, for which
 * no player waits, is not.
 */
export function watchContact({ awayMs, sessions, now }: ContactWatchOptions): { close(): void } {
  /** When a session was last seen to have published something. */
  const moved = new Map<string, { readonly segments: number; readonly atMs: number }>()
  const look = (): void => {
    if (awayMs() === 0) {
      moved.clear()
      return
    }
    for (const { session } of sessions()) {
      const segments = session.tally.publishedSegments
      const last = moved.get(session.id)
      if (last?.segments !== segments) moved.set(session.id, { segments, atMs: now() })
      else if (now() - last.atMs >= patienceMs && leadOf(session) < comfortSeconds) {
        session.giveUp(new Error('NATS is away, and nothing comes any more'))
      }
    }
  }
  const timer = setInterval(look, lookEveryMs)
  return { close: () => clearInterval(timer) }
}
