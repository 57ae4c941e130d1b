import { setTimeout as sleep } from 'node:timers/promises'
import type { Daemon } from './daemon.ts'

export interface KeptDaemonOptions {
  /** For people: `the head`, `node-1`. */
  readonly name: string
  /** Starts it again. */
  readonly again: () => Daemon
  /** Whether these last words say that it would only end again. */
  readonly isForGood: (lastWords: readonly string[]) => boolean
  readonly log: (line: string) => void
  /** Resolves after so many milliseconds, or when the signal is aborted; with the usual clock unless told. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** A daemon that is started again when it dies. */
export interface KeptDaemon {
  /** Resolves when it has ended for good without having been asked by us: somebody else has ended it in order, or it has no place here any more. */
  readonly ended: Promise<void>
  /** As Daemon's. */
  stop(): Promise<void>
}

/** The pause before it is started again: doubled each time from the first to the last. */
const [firstPauseMs, longestPauseMs] = [200, 30_000]

/** One that has run for so long did not die of its start. */
const stableMs = 60_000

/** Keeps a daemon that has become ready. One that exits with 0 was asked to, and is let go. */
export function keepDaemon(first: Daemon, options: KeptDaemonOptions): KeptDaemon {
  const { name, log, wait = paused } = options
  const stopping = new AbortController()
  let daemon = first

  const keep = async (): Promise<void> => {
    for (let deaths = 0; ; ) {
      const startedMs = performance.now()
      const exitCode = await daemon.ended
      if (stopping.signal.aborted) return
      if (exitCode === 0 || options.isForGood(daemon.lastWords())) return log(`${name} has ended`)
      deaths = performance.now() - startedMs > stableMs ? 1 : deaths + 1
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(deaths - 1, 20))
      const how = daemon.child.signalCode ?? exitCode
      log(`${name} ended by itself (${how}): it is started again in ${pauseMs / 1000} s`)
      await wait(pauseMs, stopping.signal)
      if (stopping.signal.aborted) return
      daemon = options.again()
    }
  }
  const kept = keep()
  return {
    ended: kept.then(() => (stopping.signal.aborted ? new Promise<void>(() => {}) : undefined)),
    async stop() {
      stopping.abort()
      await daemon.stop()
      await kept
    },
  }
}

async function paused(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
