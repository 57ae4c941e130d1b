import { boundarySlot, slotSeconds } from '../media/timeline.ts'
import {
  type BurntBitmaps,
  deliveredTransport,
  type PictureOperation,
  type Plan,
  type PlanInput,
  type VideoPart,
} from '../plan/plan.ts'
import { bitmapBranch, bitmapInput } from './burnt-bitmaps.ts'
import type { FilterChain } from './filter-chain.ts'
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
import { softwareFilter } from './software-filters.ts'

/** What a platform adds to a lease with pictures. */
export interface PictureWork {
  /** Options that open devices, before everything else. */
  readonly devices?: readonly string[]
  /** Options before the film, by which it is decoded. */
  readonly decoding?: readonly string[]
  /** The filters, from the decoder to the encoder. */
  readonly chain: FilterChain
  readonly encoder: readonly string[]
  /** Key frames come by themselves, where the encoder counts them. */
  readonly countsKeyFrames?: boolean
}

/**
 * The command of a lease with pictures; a platform adds its decoder, its filters and its encoder.
 *
 * Frames are placed on the session's numbered slots by `fps` without a start time, so that every lease rounds the
 * same timestamps in the same way, and are then cut by slot number: seconds after an fps filter would be a
 * frame off. Decoding begins at a key frame before the first wanted frame and the frames between are dropped after decoding,
 * because seeking cannot be trusted to drop the right ones.
 */
export function pictureLease(plan: Plan, range: LeaseRange, work: PictureWork): string[] {
  const { source } = plan.video
  const input = plan.inputs[source.input]!
  const firstSlot = boundarySlot(plan.timeline, range.from)
  const firstSeconds = slotSeconds(plan.timeline, firstSlot) - (plan.video.shiftSeconds ?? 0)
  const seconds = seekSeconds(plan, range, input)
  const starts = segmentStarts(plan, range)
  const graph = leaseGraph(plan, range, work.chain)
  const end = range.open ? null : slotSeconds(plan.timeline, boundarySlot(plan.timeline, range.to))
  return [
    ...quietStart,
    ...(work.devices ?? []),
    ...(work.decoding ?? []),
    ...inputArguments(input, source.input, { seconds, accurate: false, keepsFilters: true }),
    ...(graph.bitmaps ? bitmapInput(plan, graph.bitmaps, firstSeconds) : []),
    ...absoluteTimes,
    ...(graph.bitmaps ? bitmapBranch(graph.bitmaps, end) : []),
    ...graph.args,
    ...['-fps_mode', 'passthrough', ...work.encoder],
    ...(work.countsKeyFrames ? [] : ['-force_key_frames', startTimes(plan, starts)]),
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
  chain: FilterChain,
): { args: string[]; bitmaps: BurntBitmaps | null } {
  const { operations, source, rate } = plan.video
  const address = `${source.input}:${source.stream}`
  const others = ['-an', '-sn', '-dn']
  const fields = operations.filter(isOfFields)
  const pictures = operations.filter((operation) => !isOfFields(operation))
  const work = (some: readonly PictureOperation[]): void => {
    for (const operation of some) chain.operation(operation)
  }
  const size = sameSize(plan)
  if (size) chain.resize(size.width, size.height)
  work(fields)
  chain.timing(...gridFilters(plan, range))
  const at = pictures.findIndex(({ kind }) => kind === 'burn-bitmaps')
  const bitmaps = pictures[at]
  if (bitmaps?.kind !== 'burn-bitmaps') {
    work(pictures)
    chain.toEncoder()
    return { args: ['-map', address, ...others, '-vf', chain.take().join(',')], bitmaps: null }
  }
  work(pictures.slice(0, at))
  chain.toMemory()
  // Microseconds: by slots, subtitles for a picture would have its own time, and come before it or after as it falls.
  // `pass`: else an overlay goes on with the last picture, for every subtitle after the lease's end.
  const under = [...chain.take(), 'settb=1/1000000'].join(',')
  work(pictures.slice(at + 1))
  chain.toEncoder()
  const over = [
    `overlay=x=${bitmaps.x ?? '0'}:y=${bitmaps.y ?? '0'}:eof_action=pass`,
    `settb=${rate.den}/${rate.num}`,
    ...chain.take(),
  ].join(',')
  const canvas = bitmaps.canvas ?? (bitmaps.size ? [{ kind: 'scale', ...bitmaps.size } as const] : [])
  const words = canvas.length > 0 ? canvas.map(softwareFilter).join(',') : 'null'
  const graph = `[${address}]${under}[film];[1:${bitmaps.source.stream}]${words}[words];[film][words]${over}[out]`
  return { args: ['-filter_complex', graph, '-map', '[out]', ...others], bitmaps }
}

const isOfFields = ({ kind }: PictureOperation): boolean => kind === 'deinterlace'

/**
 * Operations as a lease does them. Fields are joined before frames are put on slots: the filter looks at the frames beside,
 * which are then still there.
 */
export function inOrder(operations: readonly PictureOperation[]): readonly PictureOperation[] {
  return [...operations.filter(isOfFields), ...operations.filter((operation) => !isOfFields(operation))]
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
function sameSize({ video: { operations, size } }: Plan): VideoPart['size'] | null {
  const first = operations.find(({ kind }) => !changesNoSize.has(kind))
  const scales = first?.kind === 'scale' && [first.width, first.height].every((side) => /^\d+$/.test(side))
  return scales || !size ? null : size
}

const changesNoSize: ReadonlySet<PictureOperation['kind']> = new Set(['format', 'aspect', 'color-tags'])

function segmentStarts(plan: Plan, range: LeaseRange): number[] {
  return Array.from({ length: range.to - range.from }, (_, index) =>
    boundarySlot(plan.timeline, range.from + index),
  )
}

function frameCuts(starts: readonly number[]): string[] {
  return starts.slice(1).map((slot) => String(slot - starts[0]!))
}

const startTimes = ({ timeline }: Plan, starts: readonly number[]): string =>
  starts.map((slot) => secondsText(slotSeconds(timeline, slot))).join(',')
