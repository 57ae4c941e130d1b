import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceCuts } from '../../media/timeline.ts'

export interface ReadingOn {
  readonly cuts: SourceCuts
  /** Seconds of a slot. */
  readonly slotSeconds: number
  /** Reads on to the first cut at or after so many seconds, or to the end. */
  read(untilSeconds: number): Promise<void>
  /** Seconds up to which the session has published. */
  positionSeconds(): number
  /** The session is over. */
  readonly signal: AbortSignal
  /** Milliseconds between two looks at where the session is; 500 unless told. */
  readonly everyMs?: number
}

/** A lease that comes to the end of what is known has to begin anew: so long, seconds, one can be. */
const aheadSeconds = 180

/**
 * Reads a source whose pictures are copied ahead of its session, a piece at a time, until it has been read to its end or
 * the session is over. What a node reads soon after lies in the machine's memory then. Rejects as `read` does.
 */
export async function readOn({ cuts, read, signal, ...place }: ReadingOn): Promise<void> {
  const { positionSeconds, everyMs = 500 } = place
  while (cuts.endSlot === null && !signal.aborted) {
    const knownSeconds = cuts.starts.at(-1)! * place.slotSeconds
    const wantedSeconds = positionSeconds() + aheadSeconds
    if (knownSeconds < wantedSeconds) await read(wantedSeconds + aheadSeconds / 2)
    else await sleep(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
