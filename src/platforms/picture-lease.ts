import { boundarySlot, slotSeconds } from '../media/timeline.ts'
import {
  type BurntBitmaps,
  deliveredTransport,
  type PictureOperation,
  type Plan,
  type PlanInput,
} from '../plan/plan.ts'
import { bitmapBranch, bitmapInput } from './burnt-bitmaps.ts'
import {
  absoluteTimes,
  inputArguments,
  isOnePiece,
  marginSeconds,
  quietStart,
  secondsText,
  segmentOutput,
} from './lease-arguments.ts'
import type { LeaseRange } from './platform.ts'

/**
 * The command of a lease with pictures; a platform adds its filters and its encoder.
 *
 * Frames are placed on the session's numbered slots by `fps` without a start time, so that every lease rounds the
 * same timestamps in the same way, and are then cut by slot number: seconds after an fps filter would be a
 * frame off. Decoding begins at a key frame before the first wanted frame and the frames between are dropped after decoding,
 * because seeking cannot be trusted to drop the right ones.
 */
export function pictureLease(
  plan: Plan,
  range: LeaseRange,
  platform: { filter(operation: PictureOperation): string; encoder: readonly string[] },
): string[] {
  const { source } = plan.video
  const input = plan.inputs[source.input]!
  const firstSlot = boundarySlot(plan.timeline, range.from)
  const firstSeconds = slotSeconds(plan.timeline, firstSlot) - (plan.video.shiftSeconds ?? 0)
  const seconds = seekSeconds(plan, range, input)
  const starts = segmentStarts(plan, range)
  const graph = leaseGraph(plan, range, (operation) => platform.filter(operation))
  const end = range.open ? null : slotSeconds(plan.timeline, boundarySlot(plan.timeline, range.to))
  return [
    ...quietStart,
    ...inputArguments(input, source.input, { seconds, accurate: false, keepsFilters: true }),
    ...(graph.bitmaps ? bitmapInput(plan, graph.bitmaps, firstSeconds) : []),
    ...absoluteTimes,
    ...(graph.bitmaps ? bitmapBranch(graph.bitmaps, end) : []),
    ...graph.args,
    ...['-fps_mode', 'passthrough', ...platform.encoder],
    ...['-force_key_frames', starts.map((slot) => secondsText(slotSeconds(plan.timeline, slot))).join(',')],
    ...(plan.video.language === undefined ? [] : ['-metadata:s:0', `language=${plan.video.language}`]),
    ...segmentOutput(
      deliveredTransport(plan.packaging),
      { option: '-segment_frames', values: frameCuts(starts) },
      range.from,
    ),
  ]
}

/** Where a lease begins to decode; at the beginning where its slots are filled with the first picture. */
function seekSeconds(plan: Plan, range: LeaseRange, input: PlanInput): number {
  const { timeline } = plan
  if (fillStart(plan, range) !== null) return 0
  const slot = isOnePiece(input) ? timeline.firstSlot : boundarySlot(timeline, range.from)
  return secondsBefore(plan, range, slot)
}

function secondsBefore({ timeline, video, inputs }: Plan, { failures }: LeaseRange, slot: number): number {
  const input = inputs[video.source.input]!
  return slotSeconds(timeline, slot) - (video.shiftSeconds ?? 0) - marginSeconds(input, failures)
}

/**
 * The slot from which on the first picture fills what is before it, for a lease that decodes from the film's beginning:
 * the session's first, whatever the file says of where its first picture is, or the lease's own where that comes before
 * any picture. Null where there is nothing to fill.
 */
function fillStart(plan: Plan, range: LeaseRange): number | null {
  const { timeline, video, inputs } = plan
  const { fillFromZero, source, beginsSeconds = 0, shiftSeconds = 0 } = video
  const { firstSlot } = timeline
  const slot = boundarySlot(timeline, range.from)
  const isFromZero = fillFromZero && firstSlot === 0
  if (!isFromZero && secondsBefore(plan, range, firstSlot) > 0) return null
  if (slot === firstSlot || isOnePiece(inputs[source.input]!)) return firstSlot
  return isFromZero && slotSeconds(timeline, slot) < beginsSeconds + shiftSeconds ? slot : null
}

/** The lease's filters, and the subtitles that are laid over the picture, for which a second input is opened. */
function leaseGraph(
  plan: Plan,
  range: LeaseRange,
  text: (operation: PictureOperation) => string,
): { args: string[]; bitmaps: BurntBitmaps | null } {
  const { operations, source, rate } = plan.video
  const address = `${source.input}:${source.stream}`
  const others = ['-an', '-sn', '-dn']
  // Fields are joined before frames are put on slots: the filter looks at the frames beside, which are then still there.
  const fields = operations.filter(({ kind }) => kind === 'deinterlace').map(text)
  const pictures = operations.filter(({ kind }) => kind !== 'deinterlace')
  const before = [...sameSize(plan), ...fields, ...gridFilters(plan, range)]
  const at = pictures.findIndex(({ kind }) => kind === 'burn-bitmaps')
  const bitmaps = pictures[at]
  if (bitmaps?.kind !== 'burn-bitmaps') {
    const filters = [...before, ...pictures.map(text)]
    return { args: ['-map', address, ...others, '-vf', filters.join(',')], bitmaps: null }
  }
  // Microseconds: by slots, subtitles for a picture would have its own time, and come before it or after as it falls.
  // `pass`: else an overlay goes on with the last picture, for every subtitle after the lease's end.
  const under = [...before, ...pictures.slice(0, at).map(text), 'settb=1/1000000'].join(',')
  const over = [
    `overlay=x=${bitmaps.x ?? '0'}:y=${bitmaps.y ?? '0'}:eof_action=pass`,
    `settb=${rate.den}/${rate.num}`,
    ...pictures.slice(at + 1).map(text),
  ].join(',')
  const size = bitmaps.size ? `scale=w=${bitmaps.size.width}:h=${bitmaps.size.height}` : 'null'
  const graph = `[${address}]${under}[film];[1:${bitmaps.source.stream}]${size}[words];[film][words]${over}[out]`
  return { args: ['-filter_complex', graph, '-map', '[out]', ...others], bitmaps }
}

/**
 * A lease ends by counting frames, not at a slot: one whose seek landed late then still delivers segments, which the
 * head sees to be beside their place, and none at all means that the input ends before.
 */
function gridFilters(plan: Plan, range: LeaseRange): string[] {
  const firstSlot = boundarySlot(plan.timeline, range.from)
  const { rate, shiftSeconds = 0, lengthsLie } = plan.video
  const filled = fillStart(plan, range)
  const start =
    filled === null
      ? ''
      : `:start_time=${filled === 0 ? '0' : secondsText(slotSeconds(plan.timeline, filled))}`
  // The filter leaves out a last frame whose end rounds to its own slot.
  const end = lengthsLie ? ':eof_action=pass' : ''
  const filters = [`fps=${rate.num}/${rate.den}${start}${end}`, `trim=start_pts=${firstSlot}`]
  if (shiftSeconds !== 0) filters.unshift(`setpts=round(PTS+${shiftSeconds.toFixed(6)}/TB)`)
  if (!range.open) filters.push(`trim=end_frame=${boundarySlot(plan.timeline, range.to) - firstSlot}`)
  return filters
}

/**
 * A source whose pictures change their size is not to begin the filters anew, which count. One that scales to a size of
 * its own does not mind; before others every picture is made as large as the first, which costs nothing where it is.
 */
function sameSize({ video: { operations, size } }: Plan): string[] {
  const first = operations.find(({ kind }) => kind !== 'format' && kind !== 'aspect')
  const scales = first?.kind === 'scale' && [first.width, first.height].every((side) => /^\d+$/.test(side))
  return scales || !size ? [] : [`scale=w=${size.width}:h=${size.height}`]
}

function segmentStarts(plan: Plan, range: LeaseRange): number[] {
  return Array.from({ length: range.to - range.from }, (_, index) =>
    boundarySlot(plan.timeline, range.from + index),
  )
}

function frameCuts(starts: readonly number[]): string[] {
  return starts.slice(1).map((slot) => String(slot - starts[0]!))
}
