/** What the reports so far leave behind. */
export interface ProgressHistory {
  readonly reports: number
  readonly atMilliseconds: number
  readonly positionSeconds: number
  /** Seconds that the report before expected the job to need still; null while nothing is known. */
  readonly expectedSeconds: number | null
  /** Position at which the throttle was found on; null while it is off. */
  readonly throttledAtSeconds: number | null
}

export const noReports: ProgressHistory = {
  reports: 0,
  atMilliseconds: 0,
  positionSeconds: 0,
  expectedSeconds: null,
  throttledAtSeconds: null,
}

/** The job as it is now. */
export interface ProgressMoment {
  /** A monotonic clock. */
  readonly nowMilliseconds: number
  /** Seconds of output made, counted from where the job began. */
  readonly positionSeconds: number
  readonly throttled: boolean
  /** How long the file is by now; null for segments. */
  readonly sizeBytes: number | null
  /** Pictures are copied: there is no decoder to speak of. */
  readonly copied?: boolean
}

/** While throttled the server sees less than one point of progress, as with its own transcoder. */
const throttledPoints = 0.9

/**
 * The next progress report and what to remember for the one after.
 *
 * `progress` is the share of the *whole* title made by this job, in percent: after a seek it starts at 0 and ends
 * early. `size` is that of the file, and -1 for segments. `speed` is seconds of output per second since the report before, and left out
 * while throttled. `remaining` is the mean of this report's and the last one's estimate (what is left of the title
 * at that speed), and -1 until there are two. A position that goes back is held. `durationSeconds` is null when the
 * title's length is unknown. The formulas reproduce the recorded reports.
 */
export function nextProgress(
  history: ProgressHistory,
  moment: ProgressMoment,
  durationSeconds: number | null,
): { readonly history: ProgressHistory; readonly query: string } {
  const first = history.reports === 0
  const anchor = moment.throttled ? (history.throttledAtSeconds ?? history.positionSeconds) : null
  const positionSeconds = heldPosition(history, moment, anchor, durationSeconds)
  const elapsedSeconds = (moment.nowMilliseconds - history.atMilliseconds) / 1000
  const speed =
    first || elapsedSeconds <= 0 ? 0 : (positionSeconds - history.positionSeconds) / elapsedSeconds
  const expectedSeconds =
    durationSeconds === null || first
      ? null
      : speed > 0
        ? Math.max(0, durationSeconds - positionSeconds) / speed
        : history.expectedSeconds
  const remaining =
    expectedSeconds === null || history.expectedSeconds === null
      ? -1
      : Math.floor(Math.min((expectedSeconds + history.expectedSeconds) / 2, 2 ** 31 - 1))
  const percent =
    durationSeconds === null || durationSeconds <= 0
      ? 0
      : Math.min(100, (positionSeconds / durationSeconds) * 100)
  const parameters = [
    `progress=${percent.toFixed(1)}`,
    `size=${moment.sizeBytes ?? -1}`,
    `remaining=${remaining}`,
  ]
  if (!moment.throttled) parameters.push(`speed=${speed.toFixed(1)}`)
  if (!moment.copied) parameters.push('vdec_hw_status=0')
  return {
    query: parameters.join('&'),
    history: {
      reports: history.reports + 1,
      atMilliseconds: moment.nowMilliseconds,
      positionSeconds,
      expectedSeconds,
      throttledAtSeconds: anchor,
    },
  }
}

function heldPosition(
  history: ProgressHistory,
  moment: ProgressMoment,
  anchor: number | null,
  durationSeconds: number | null,
): number {
  if (history.reports === 0) return 0
  const position = Math.max(history.positionSeconds, moment.positionSeconds)
  if (anchor === null || durationSeconds === null) return position
  const most = anchor + (durationSeconds * throttledPoints) / 100
  return Math.max(history.positionSeconds, Math.min(position, most))
}
