import type { PictureOperation, Plan, VideoEncoder } from '../plan/plan.ts'
import { copiedLease } from './copied-lease.ts'
import { pictureLease } from './picture-lease.ts'
import type { Compiled, LeaseRange, Platform } from './platform.ts'
import { softwareFilter, softwareGap } from './software-filters.ts'
import { soundLease } from './sound-lease.ts'

/** FFmpeg's own decoders, filters and libx264, libx265, aac: what Debian's package can do on any processor. */
export const software: Platform = {
  name: 'software',
  suits: () => true,
  compileVideo: (plan, range) => onProcessor(plan, range, { gap: softwareGap, filter: softwareFilter }),
  compileAudio: (plan, range) => ({ args: soundLease(plan, range) }),
}

/** How a platform that encodes on the processor does what comes between decoder and encoder. */
export interface ProcessorFilters {
  /** Why it cannot do an operation; null when it can. */
  gap(operation: PictureOperation): string | null
  filter(operation: PictureOperation): string
}

/** Pictures made by FFmpeg's own decoders and encoders on the processor, with a platform's filters between. */
export function onProcessor(plan: Plan, range: LeaseRange, { gap, filter }: ProcessorFilters): Compiled {
  const { operations, encoder } = plan.video
  if (encoder.codec === 'copy') return { args: copiedLease(plan, range, encoder) }
  const missing = operations.map(gap).find((why) => why !== null)
  if (missing) return { out: missing }
  return { args: pictureLease(plan, range, { filter, encoder: encoderArguments(encoder) }) }
}

interface Library {
  readonly name: string
  readonly tuningOption: string
  readonly always: readonly string[]
  readonly more: readonly string[]
}

const libraries: Record<VideoEncoder['codec'], Library> = {
  h264: { name: 'libx264', tuningOption: '-x264opts', always: ['open-gop=0'], more: [] },
  hevc: {
    ...{ name: 'libx265', tuningOption: '-x265-params' },
    // x265 opens its groups of pictures unless told otherwise: a segment would then need the one before it.
    always: ['open-gop=0', 'log-level=error'],
    // And a forced key frame less than min-keyint after another one, say at a scene cut, would be none.
    more: ['-forced-idr', '1'],
  },
}

function encoderArguments(encoder: VideoEncoder): string[] {
  const library = libraries[encoder.codec]
  const plain: [string, string | undefined][] = [
    ['-crf', encoder.crf],
    ['-b:v', encoder.bitrate],
    ['-maxrate', encoder.maxrate],
    ['-bufsize', encoder.bufsize],
    ['-preset', encoder.preset],
    ['-tune', encoder.tune],
    ['-profile:v', encoder.profile],
    ['-level', encoder.level],
  ]
  const tuning = encoder.tuning.map(([name, value]) => (value === null ? name : `${name}=${value}`))
  return [
    ...['-c:v', library.name],
    ...plain.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...[library.tuningOption, [...tuning, ...library.always].join(':')],
    ...library.more,
  ]
}
