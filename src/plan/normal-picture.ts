import { evaluateExpression } from '../command/expression.ts'
import { formatBits, holdsAll, plainFormats } from './pixel-formats.ts'
import type { PictureOperation, VideoEncoder } from './plan.ts'
import { NotPlannable } from './refusal.ts'

type Scale = Extract<PictureOperation, { kind: 'scale' }>
type Sides = { readonly width: number; readonly height: number }

/** What has to be known to write operations in their normal form. */
export interface PictureFrame {
  /** Sides of the source's pictures as filters get them; null where they are not known. */
  readonly size: Sides | null
  /** Width over height of one sample. */
  readonly sampleAspect: number
  /** Bits of each of the source's samples. */
  readonly bits: number
  /** What a chip would encode; null for a library, which is told formats in full. */
  readonly chipCodec: VideoEncoder['codec'] | null
}

/**
 * The same operations in the one form that all ways of writing them share, so that what a server wrote for its chip
 * is what it would have written for software: sizes are numbers, sizes that change nothing are left out, and the pixel
 * format is said once, before anything is drawn into the picture, by the name that software has for it.
 */
export function normalPicture(
  operations: readonly PictureOperation[],
  frame: PictureFrame,
): readonly PictureOperation[] {
  const chosen = withoutChoices(withoutIdleTags(operations), frame.bits)
  return oneFormat(withSizes(chosen, frame), frame.chipCodec)
}

/**
 * Of formats of several depths FFmpeg takes the one nearest to what comes in (`format=nv12|p010le`, as it is written for
 * chips that take both). A tone map reads ten bits, whatever a file says of itself.
 */
function withoutChoices(operations: readonly PictureOperation[], bits: number): PictureOperation[] {
  const mapped = operations.findLastIndex(({ kind }) => kind === 'tone-map')
  let now = bits
  return operations.map((operation, index) => {
    if (operation.kind === 'tone-map') now = 8
    if (operation.kind !== 'format') return operation
    const formats = plainFormats(operation.pixelFormats)
    const depths = formats.map(formatBits).sort((left, right) => left - right)
    const wanted = index < mapped ? Math.max(10, now) : now
    const depth = depths.find((one) => one >= wanted) ?? depths.at(-1)
    if (depth === undefined) return operation
    now = depth
    return { kind: 'format', pixelFormats: formats.filter((name) => formatBits(name) === depth) }
  })
}

/** A tone map says itself which colours it begins and ends with. */
function withoutIdleTags(operations: readonly PictureOperation[]): readonly PictureOperation[] {
  const last = operations.findLastIndex(({ kind }) => kind === 'tone-map')
  return operations.filter((operation, index) => {
    if (operation.kind !== 'color-tags' || last < 0) return true
    return index > last && !isNarrow(operation)
  })
}

function isNarrow({
  primaries,
  transfer,
  space,
}: Extract<PictureOperation, { kind: 'color-tags' }>): boolean {
  return [primaries, transfer, space].every((name) => name === undefined || name === 'bt709')
}

function withSizes(
  operations: readonly PictureOperation[],
  { size, sampleAspect }: PictureFrame,
): readonly PictureOperation[] {
  let now = size
  return operations.flatMap((operation): PictureOperation[] => {
    if (operation.kind === 'scale') {
      const scale = sized(operation, now, sampleAspect)
      const after = numbersOf(scale)
      const isIdle = after !== null && after.width === now?.width && after.height === now.height
      now = after
      return isIdle ? [] : [scale]
    }
    if (operation.kind === 'turn' && (operation.how === 'clock' || operation.how === 'cclock')) {
      now = now && { width: now.height, height: now.width }
    }
    if (operation.kind === 'crop' || operation.kind === 'pad') {
      const after = numbersOf(operation)
      const isIdle = after !== null && after.width === now?.width && after.height === now.height
      now = after
      return isIdle ? [] : [operation]
    }
    return [operation]
  })
}

function numbersOf({ width, height }: { readonly width: string; readonly height: string }): Sides | null {
  const sides = { width: Number(width), height: Number(height) }
  return sides.width > 0 && sides.height > 0 ? sides : null
}

/**
 * Works out expressions as FFmpeg's scale filter does: the width, then the height with it. What is a number or one of
 * the ways to keep the shape (-1, -2) stays. Throws NotPlannable where the source's size is not known.
 */
function sized(scale: Scale, now: Sides | null, sampleAspect: number): Scale {
  if (!needsWork(scale.width) && !needsWork(scale.height)) return withoutIdleDivisor(scale)
  if (!now) throw new NotPlannable('filter-value', `a size by ${scale.width} of pictures of unknown size`)
  const { width: iw, height: ih } = now
  const names = {
    ...{ iw, ih, in_w: iw, in_h: ih, a: iw / ih, sar: sampleAspect, dar: (iw / ih) * sampleAspect },
    ...{ hsub: 2, vsub: 2, ohsub: 2, ovsub: 2 },
  }
  // A width by the height is worked out after it, for which it is not known (libavfilter/scale_eval.c).
  const isByHeight = /\b(oh|out_h)\b/.test(scale.width)
  const before = isByHeight ? side(scale.height, names) : 0
  const width = side(scale.width, isByHeight ? { ...names, oh: before || ih, out_h: before || ih } : names)
  const height = isByHeight ? before : side(scale.height, { ...names, ow: width, out_w: width })
  return withoutIdleDivisor({ ...scale, width: String(width || iw), height: String(height || ih) })
}

const needsWork = (text: string): boolean => !/^-?\d+$/.test(text)

function side(text: string, names: Readonly<Record<string, number>>): number {
  const value = evaluateExpression(text, names)
  if (value === null || !Number.isFinite(value))
    throw new NotPlannable('filter-value', `a size by the expression ${text}`)
  return Math.trunc(value)
}

/** FFmpeg asks whether sides can be divided only where it chooses one of them itself (libavfilter/scale_eval.c). */
function withoutIdleDivisor(scale: Scale): Scale {
  if (scale.divisibleBy === undefined || numbersOf(scale) === null) return scale
  const { divisibleBy: _, ...rest } = scale
  return rest
}

/** Operations that are the same before and after a change of format, but for rounding. */
const drawn: ReadonlySet<PictureOperation['kind']> = new Set(['burn-text', 'burn-bitmaps'])

function oneFormat(
  operations: readonly PictureOperation[],
  chipCodec: PictureFrame['chipCodec'],
): readonly PictureOperation[] {
  const mapped = operations.findLastIndex(({ kind }) => kind === 'tone-map')
  const before = ownBusiness(operations.slice(0, mapped + 1))
  const after = operations.slice(mapped + 1)
  const said = after
    .flatMap((operation) => (operation.kind === 'format' ? [plainFormats(operation.pixelFormats)] : []))
    .filter((formats) => formats.length > 0)
  const rest = after.filter(({ kind }) => kind !== 'format')
  const last = chipCodec === null ? said.at(-1) : chipFormat(chipCodec, said.at(-1))
  if (!last) return [...before, ...rest]
  if (said.some((through) => !last.every((to) => holdsAll(through[0]!, to)))) {
    throw new NotPlannable('filter-value', `pictures as ${said.join(' and then as ')}`)
  }
  const at = rest.findIndex(({ kind }) => drawn.has(kind))
  const format: PictureOperation = { kind: 'format', pixelFormats: last }
  return [...before, ...rest.toSpliced(at < 0 ? rest.length : at, 0, format)]
}

/** Chips take what lies in their memory; elsewhere the format has to be said, and players of H.264 want eight bits. */
function chipFormat(codec: VideoEncoder['codec'], said: readonly string[] | undefined): readonly string[] {
  const isDeep = codec !== 'h264' && said?.some((name) => formatBits(name) === 10)
  return [isDeep ? 'yuv420p10le' : 'yuv420p']
}

/** What a tone map reads is a part of it, unless it was made poorer before: that would be seen. */
function ownBusiness(operations: readonly PictureOperation[]): readonly PictureOperation[] {
  return operations.filter((operation) => {
    if (operation.kind !== 'format') return true
    const formats = plainFormats(operation.pixelFormats)
    if (formats.some((name) => formatBits(name) < 10))
      throw new NotPlannable('filter-value', `a tone map of pictures as ${formats.join('|')}`)
    return false
  })
}
