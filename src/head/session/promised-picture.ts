import { readH264Sequence } from '../../container/mp4/h264-sequence.ts'
import { readHevcSequence } from '../../container/mp4/hevc-sequence.ts'
import type { ParameterSets } from '../../container/mp4/parameter-sets.ts'
import type { PictureOperation, Plan } from '../../plan/plan.ts'

/** profile_idc by the names of x264, each with all that the ones before have (ITU-T H.264, annex A). */
const profiles: Readonly<Record<string, number>> = {
  ...{ baseline: 66, constrained_baseline: 66, main: 77, high: 100, high10: 110, high422: 122, high444: 244 },
}

const geometry: ReadonlySet<PictureOperation['kind']> = new Set(['scale', 'crop', 'pad', 'turn'])

/**
 * Why an encoder's parameter sets are not what the plan promises of the picture: its size where the plan names one, its
 * depth where it names formats of one depth only, and no more than its profile. Null when they are.
 */
export function promiseBroken(plan: Plan, sets: ParameterSets): string | null {
  const { encoder, operations } = plan.video
  if (encoder.codec === 'copy') return null
  const unit = sets.sequence[0]!
  const sequence = encoder.codec === 'hevc' ? readHevcSequence(unit) : readH264Sequence(unit)
  const { width, height, lumaBits } = sequence
  const bits = promisedBits(operations)
  if (bits !== null && lumaBits !== bits) return `${lumaBits} bits where ${bits} were asked for`
  const size = promisedSize(operations)
  if (
    size &&
    (Math.abs(width - size.width) >= size.within || Math.abs(height - size.height) >= size.within)
  ) {
    return `${width}x${height} where ${size.width}x${size.height} was asked for`
  }
  const profile = profiles[encoder.profile ?? '']
  const isAbove = profile !== undefined && 'profile' in sequence && sequence.profile > profile
  return isAbove ? `profile ${sequence.profile} where ${encoder.profile} was asked for` : null
}

function promisedBits(operations: readonly PictureOperation[]): number | null {
  const format = operations.findLast((operation) => operation.kind === 'format')
  const depths = new Set(format?.pixelFormats.map(depthOf))
  return depths.size === 1 ? [...depths][0]! : null
}

/** Of FFmpeg's names: `yuv420p10le`, `p010`, and `yuv420p` or `nv12`, which have the usual depth. */
const depthOf = (format: string): number => Number(/p0?(9|1[0246])(?:le|be)?$/.exec(format)?.[1] ?? 8)

interface Size {
  readonly width: number
  readonly height: number
  /** By less than so much it may differ: it is rounded to whole samples of colour, or further. */
  readonly within: number
}

function promisedSize(operations: readonly PictureOperation[]): Size | null {
  const last = operations.findLast(({ kind }) => geometry.has(kind))
  if (last?.kind !== 'scale') return null
  const [width, height] = [Number(last.width), Number(last.height)]
  return width > 0 && height > 0 ? { width, height, within: Math.max(2, last.divisibleBy ?? 2) } : null
}
