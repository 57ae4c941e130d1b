import { boundarySlot, slotSeconds } from '../media/timeline.ts'
import { deliveredTransport, type PictureOperation, type Plan } from '../plan/plan.ts'
import {
  absoluteTimes,
  inputArguments,
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
  platform: { filters: readonly string[]; encoder: readonly string[] },
): string[] {
  const { source } = plan.video
  const input = plan.inputs[source.input]!
  const firstSlot = boundarySlot(plan.timeline, range.from)
  const firstSeconds = slotSeconds(plan.timeline, firstSlot) - (plan.video.shiftSeconds ?? 0)
  const seconds = firstSeconds - marginSeconds(input, range.failures)
  const starts = segmentStarts(plan, range)
  const filters = [...gridFilters(plan, range, firstSlot), ...platform.filters]
  return [
    ...quietStart,
    ...inputArguments(input, source.input, { seconds, accurate: false }),
    ...absoluteTimes,
    ...['-map', `${source.input}:${source.stream}`, '-an', '-sn', '-dn', '-vf', filters.join(',')],
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

/**
 * A lease ends by counting frames, not at a slot: one whose seek landed late then still delivers segments, which the
 * head sees to be beside their place, and none at all means that the input ends before.
 */
function gridFilters(plan: Plan, range: LeaseRange, firstSlot: number): string[] {
  const { rate, fillFromZero, shiftSeconds = 0 } = plan.video
  const start = fillFromZero && firstSlot === 0 ? ':start_time=0' : ''
  const filters = [`fps=${rate.num}/${rate.den}${start}`, `trim=start_pts=${firstSlot}`]
  if (shiftSeconds !== 0) filters.unshift(`setpts=round(PTS+${shiftSeconds.toFixed(6)}/TB)`)
  if (!range.open) filters.push(`trim=end_frame=${boundarySlot(plan.timeline, range.to) - firstSlot}`)
  return filters
}

function segmentStarts(plan: Plan, range: LeaseRange): number[] {
  return Array.from({ length: range.to - range.from }, (_, index) =>
    boundarySlot(plan.timeline, range.from + index),
  )
}

function frameCuts(starts: readonly number[]): string[] {
  return starts.slice(1).map((slot) => String(slot - starts[0]!))
}

/** Text of the operations that every FFmpeg does alike, on the processor. */
export function softwareFilters(operations: readonly PictureOperation[]): string[] {
  return operations.map(softwareFilter)
}

function softwareFilter(operation: PictureOperation): string {
  if (operation.kind === 'format') return `format=pix_fmts=${operation.pixelFormats.join('|')}`
  const divisible = operation.divisibleBy === undefined ? '' : `:force_divisible_by=${operation.divisibleBy}`
  return `scale=w=${operation.width}:h=${operation.height}${divisible}`
}
