import type { Plan, VideoEncoder } from '../plan/plan.ts'
import { copiedLease } from './copied-lease.ts'
import { copiedSoundLease } from './copied-sound-lease.ts'
import { lookOf } from './encoder-look.ts'
import { debianFacts, spoken } from './ffmpeg-words.ts'
import { processorChain } from './filter-chain.ts'
import { pictureLease } from './picture-lease.ts'
import type { Compiled, LeaseNode, LeaseRange, Platform } from './platform.ts'
import type { ProcessorFilters } from './processor-filters.ts'
import { softwareFilters } from './software-filters.ts'
import { soundLease } from './sound-lease.ts'

/** FFmpeg's own decoders, filters and libx264, libx265, aac: what Debian's package can do on any processor. */
export const software: Platform = {
  name: 'software',
  suits: () => true,
  compileVideo: (plan, range, node) => onProcessor(plan, range, softwareFilters, node),
  compileAudio: (plan, range, node) => soundOnProcessor(plan, range, node),
  ladder: (plan, range, node) => oneWay(onProcessor(plan, range, softwareFilters, node)),
}

/** Pictures made by FFmpeg's own decoders and encoders on the processor, with a platform's filters between. */
export function onProcessor(
  plan: Plan,
  range: LeaseRange,
  processor: ProcessorFilters,
  node: LeaseNode = {},
): Compiled {
  const { operations, encoder } = plan.video
  const { ffmpeg } = node.capabilities ?? { ffmpeg: debianFacts }
  if (encoder.codec === 'copy') return { args: spoken(copiedLease(plan, range, encoder, ffmpeg), ffmpeg) }
  const missing = operations.map(processor.gap).find((why) => why !== null)
  if (missing) return { out: missing }
  if (!hasLibrary(encoder)) return { out: noLibrary }
  const work = { chain: processorChain(processor), encoder: encoderArguments(encoder) }
  return { args: spoken(pictureLease(plan, range, work), ffmpeg), look: lookOf(work.encoder) }
}

/** Why no platform makes AV1. */
export const noLibrary = 'AV1 does not fit into the transport streams that nodes deliver'

/** Sound is FFmpeg's own on every platform: chips make none. */
function soundOnProcessor(plan: Plan, range: LeaseRange, node: LeaseNode = {}): Compiled {
  const { ffmpeg } = node.capabilities ?? { ffmpeg: debianFacts }
  const { audio } = plan
  if (audio?.encoder.codec !== 'copy') return { args: soundLease(plan, range, ffmpeg) }
  const { packets } = audio.encoder
  if (!packets) return { out: 'sound of this kind is copied by the media server alone' }
  return { args: copiedSoundLease(plan, audio, packets, range, ffmpeg) }
}

/** The ladder of a platform that has one rung. */
export function oneWay(compiled: Compiled): readonly Extract<Compiled, { args: unknown }>[] {
  return 'args' in compiled ? [compiled] : []
}

interface Library {
  readonly name: string
  readonly tuningOption: string
  readonly always: readonly string[]
  readonly more: readonly string[]
}

const libraries: Record<Exclude<VideoEncoder['codec'], 'av1'>, Library> = {
  h264: { name: 'libx264', tuningOption: '-x264opts', always: ['open-gop=0'], more: [] },
  hevc: {
    ...{ name: 'libx265', tuningOption: '-x265-params' },
    // x265 opens its groups of pictures unless told otherwise: a segment would then need the one before it.
    always: ['open-gop=0', 'log-level=error'],
    // And a forced key frame less than min-keyint after another one, say at a scene cut, would be none.
    more: ['-forced-idr', '1'],
  },
}

/** An encoder that a library is here for. */
export type LibraryEncoder = VideoEncoder & { readonly codec: keyof typeof libraries }

/** Whether a library is here for an encoder. */
export function hasLibrary(encoder: VideoEncoder): encoder is LibraryEncoder {
  return Object.hasOwn(libraries, encoder.codec)
}

/** Encoder and options of libx264 or libx265. */
export function encoderArguments(encoder: LibraryEncoder): string[] {
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
