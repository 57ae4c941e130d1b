/** One change to a job's arguments; the shim allows these and no others (native/shim/PROTOCOL.md). */
export type ArgumentEdit =
  | { readonly kind: 'value' | 'seek'; readonly argument: number; readonly value: string }
  | { readonly kind: 'drop'; readonly argument: number }

/** Where a muxer begins to count: of lists, and of DASH. */
const numberOptions = new Set(['-segment_start_number', '-skip_to_segment'])

const textFormats = new Set(['ass', 'srt', 'webvtt'])

export interface ResumePoint {
  /** The first segment that is still to be made. */
  readonly segment: number
  /** Where it begins, seconds of the file as `-ss` counts them. */
  readonly seconds: number
}

/**
 * What turns the arguments of a job of segments into those of the same job after a seek, as Plex itself writes them:
 * each input is opened at the time, the numbers begin at the segment, and a constant frame rate is no longer asked
 * for, since that would fill the time before. In the order of the arguments. Null where the job's length is given by
 * an option that would have to change as well.
 */
export function resumeEdits(
  args: readonly string[],
  { segment, seconds }: ResumePoint,
): ArgumentEdit[] | null {
  if (args.some((arg) => arg === '-t' || arg === '-frames' || arg.startsWith('-frames:'))) return null
  const time = String(Number(seconds.toFixed(6)))
  const edits: ArgumentEdit[] = []
  let [format, segmentTime] = ['', Number.NaN]
  let isSought = false
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!
    if (arg === '-segment_format') format = args[at + 1] ?? ''
    if (arg === '-segment_time') segmentTime = Number(args[at + 1])
    if (arg === '-i') {
      if (!isSought) edits.push({ kind: 'seek', argument: at, value: time })
      isSought = false
      // What stands behind it is a name, whatever it looks like.
      at++
    } else if (arg === '-ss' && at + 1 < args.length) {
      edits.push({ kind: 'value', argument: ++at, value: time })
      isSought = true
    } else if (numberOptions.has(arg) && at + 1 < args.length) {
      // Text is cut by a time of its own.
      const isText = arg === '-segment_start_number' && textFormats.has(format) && segmentTime > 0
      const number = isText ? Math.floor(seconds / segmentTime) : segment
      edits.push({ kind: 'value', argument: ++at, value: String(number) })
    } else if (/^-(fps_mode|vsync)(:|$)/.test(arg) && args[at + 1] === 'cfr') {
      edits.push({ kind: 'drop', argument: at++ })
    }
  }
  return edits
}
