import type { Logger } from 'pino'
import { isViewerSign } from '../../dialects/plex/viewer-sign.ts'
import { followLog } from './followed-log.ts'
import type { Foreseen } from './foresight.ts'

export interface ViewerSignsOptions {
  /** Plex Media Server.log */
  readonly path: string
  readonly foresee: (seconds: number) => Foreseen
  readonly nowMs: () => number
  readonly log: Pick<Logger, 'warn'>
  /** See FollowedLogOptions. */
  readonly everyMs?: number
}

export interface ViewerSigns {
  look(): Promise<void>
  close(): void
}

/** Whoever opens the pages plays something within minutes, or not at all. */
const expectedSeconds = 300
/** Each page is many requests. */
const leastPauseSeconds = 60

/** Tells of somebody who looks at Plex's pages, by the log of its server. */
export function watchViewerSigns(options: ViewerSignsOptions): ViewerSigns {
  const { path, foresee, nowMs, log, everyMs } = options
  let quietUntilMs = Number.NEGATIVE_INFINITY
  return followLog({
    ...{ path, ...(everyMs !== undefined && { everyMs }) },
    onLine(line) {
      if (nowMs() < quietUntilMs || !isViewerSign(line)) return
      const { isTaken, seconds } = foresee(expectedSeconds)
      quietUntilMs = nowMs() + Math.max(leastPauseSeconds, isTaken ? 0 : seconds) * 1000
    },
    onTrouble: (why) =>
      log.warn(
        { path, why },
        "the media server's log cannot be read, so nobody who looks at its pages is seen",
      ),
  })
}
