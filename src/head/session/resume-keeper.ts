import { type ResumePoint, resumeEdits } from '../../dialects/plex/resume-edits.ts'
import type { DoorJob } from '../door/door-job.ts'

/** Sees to it that the original can go on at any moment, should the head not be able to. */
export interface ResumeKeeper {
  /**
   * The job has been accepted: the original would begin anew, since nothing is announced yet, or go on from where the
   * announcements of an earlier head end; with that head's note this one may go as well.
   */
  begin(from?: ResumePoint, note?: string): void
  /**
   * The next request announces what ends here; null when nothing comes after it. With a note the shim looks for a head
   * that starts again first.
   */
  announcing(next: ResumePoint | null, note?: string): void
  /** How much of what was announced the player has not seen yet, from now on. */
  leadSeconds: () => number
  end(): void
}

/** A shim that hears nothing for twice as long has a head that hangs, or one that is very busy. */
const beatEveryMs = 250

/** A viewer whose player runs dry notices; so the shim waits no longer than half of what is left to play. */
const mostSilenceMs = 8_000

/** The same time in which a head that hangs from the beginning is found out. */
const leastSilenceMs = 1_500

/** How long the head may say nothing: half the lead, but neither too short for a busy head nor over 8 s. */
export function silenceMs(leadSeconds: number): number {
  return Math.round(Math.min(mostSilenceMs, Math.max(leastSilenceMs, (leadSeconds / 2) * 1000)))
}

/** For one job; it says nothing before begin(). Ends by itself when the job is released. */
export function createResumeKeeper(job: DoorJob): ResumeKeeper {
  let timer: NodeJS.Timeout | null = null
  const beat = (): void => void job.hands.beat(silenceMs(keeper.leadSeconds()))
  const keeper: ResumeKeeper = {
    leadSeconds: () => 0,
    begin(from, note) {
      const list = from ? resumeEdits(job.args, from) : []
      if (list) job.hands.leaveResume(list, 'now', note)
      beat()
      timer = setInterval(beat, beatEveryMs)
      job.released.addEventListener('abort', keeper.end, { once: true })
      if (job.released.aborted) keeper.end()
    },
    announcing(next, note) {
      const list = next === null ? 'over' : resumeEdits(job.args, next)
      if (list) job.hands.leaveResume(list, 'with-next-request', note)
    },
    end() {
      if (timer !== null) clearInterval(timer)
      timer = null
    },
  }
  return keeper
}
