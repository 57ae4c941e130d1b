import type { PictureOperation } from '../plan/plan.ts'
import {
  isClock,
  neutral,
  patchAt,
  patchColumns,
  patchRows,
  proofFrames,
  type Sample,
  storedPatch,
} from './proof-pattern.ts'

/** What a proof's pictures have to be. */
export interface ExpectedPictures {
  /** Codes of ten bits by which luma and chroma may be beside. */
  readonly tolerance: number
  /** How deep the pictures were on their way, at the least. */
  readonly depth: number
  readonly turn?: Turn
  /** Made from HDR: what matters is that greys stay grey, in order, and become neither black nor white. */
  readonly toneMapped?: true
  /** White has been drawn over the first patch. */
  readonly burnt?: true
}

export type Turn = Extract<PictureOperation, { kind: 'turn' }>['how']

/** Sides of the pictures that are looked at, small copies of what was made, before they are turned. */
export const lookSize = { width: 64, height: 36 } as const

const pixels = lookSize.width * lookSize.height
/** Three planes of two bytes a sample: yuv444p10le. */
const frameBytes = pixels * 3 * 2

/** White that is drawn over a patch (code 235 of eight bits). */
const white: Sample = { luma: 940, cb: neutral, cr: neutral }

/**
 * What is wrong with a proof's pictures; null when nothing is.
 * @param raw pictures of {@link lookSize} (turned as the expectation says) in yuv444p10le, one after the other
 */
export function judgePictures(raw: Uint8Array, expected: ExpectedPictures): string | null {
  const frames = Math.floor(raw.byteLength / frameBytes)
  if (frames !== proofFrames) return `${frames} pictures came out, not ${proofFrames}`
  const seen = Array.from({ length: frames }, (_, frame) => readFrame(raw, frame, expected.turn))
  for (const [frame, patches] of seen.entries()) {
    const wrong = tintOf(patches) ?? (expected.toneMapped ? null : faultOfPatches(patches, frame, expected))
    if (wrong) return `picture ${frame + 1} ${wrong}`
  }
  return expected.toneMapped ? faultOfToneMap(seen) : null
}

interface Patch extends Sample {
  readonly column: number
  readonly row: number
}

/** Means of the patches' insides: their edges are mixed. */
function readFrame(raw: Uint8Array, frame: number, turn: Turn | undefined): readonly Patch[] {
  const view = new DataView(raw.buffer, raw.byteOffset + frame * frameBytes, frameBytes)
  const [wide, high] = [lookSize.width / patchColumns, lookSize.height / patchRows]
  return Array.from({ length: patchColumns * patchRows }, (_, index) => {
    const [column, row] = [index % patchColumns, Math.floor(index / patchColumns)]
    const sums = [0, 0, 0]
    let count = 0
    for (let y = row * high + 3; y < (row + 1) * high - 3; y += 1) {
      for (let x = column * wide + 2; x < (column + 1) * wide - 2; x += 1) {
        const at = turnedPlace(x, y, turn)
        for (const plane of [0, 1, 2]) sums[plane]! += view.getUint16((plane * pixels + at) * 2, true)
        count += 1
      }
    }
    const [luma = 0, cb = 0, cr = 0] = sums.map((sum) => sum / count)
    return { column, row, luma, cb, cr }
  })
}

/** Where a pixel of the picture as it was lies in the one that has been turned. */
function turnedPlace(x: number, y: number, turn: Turn | undefined): number {
  const { width, height } = lookSize
  switch (turn) {
    case 'clock':
      return x * height + (height - 1 - y)
    case 'cclock':
      return (width - 1 - x) * height + y
    case 'half':
      return (height - 1 - y) * width + (width - 1 - x)
    case 'hflip':
      return y * width + (width - 1 - x)
    case 'vflip':
      return (height - 1 - y) * width + x
    default:
      return y * width + x
  }
}

/** The ways in which drivers fail without saying so have names of their own. Our picture's mean is a neutral grey. */
function tintOf(patches: readonly Patch[]): string | null {
  const mean = (of: keyof Sample): number =>
    patches.reduce((sum, patch) => sum + patch[of], 0) / patches.length
  const [luma, cb, cr] = [mean('luma'), mean('cb'), mean('cr')]
  if (cb < neutral - 150 && cr < neutral - 150) return 'is green'
  if (cb > neutral + 150 && cr > neutral + 150) return 'is purple'
  return luma < 100 ? 'is black' : null
}

function faultOfPatches(patches: readonly Patch[], frame: number, expected: ExpectedPictures): string | null {
  for (const patch of patches) {
    const { column, row } = patch
    const isDrawnOver = expected.burnt && column === 0 && row === 0
    const wanted = isDrawnOver ? white : storedPatch(patchAt(column, row, frame), expected.depth)
    for (const of of ['luma', 'cb', 'cr'] as const) {
      if (Math.abs(patch[of] - wanted[of]) <= expected.tolerance) continue
      const where = `column ${column + 1} of row ${row + 1}`
      const what = isDrawnOver ? 'has no text drawn: ' : 'has '
      return `${what}${of} ${patch[of].toFixed(1)} in ${where}, not ${wanted[of]} (of 1023)`
    }
  }
  return null
}

/** How far from neutral a grey may come out of a tone map. */
const tintedBy = 24

function faultOfToneMap(seen: readonly (readonly Patch[])[]): string | null {
  for (const [frame, patches] of seen.entries()) {
    const greys = patches.filter(({ row, column }) => row === 0 && !isClock(column, row))
    const tinted = greys.find(
      ({ cb, cr }) => Math.max(Math.abs(cb - neutral), Math.abs(cr - neutral)) > tintedBy,
    )
    if (tinted) return `picture ${frame + 1} has no grey in column ${tinted.column + 1} any more`
    const lumas = greys.map(({ luma }) => luma)
    if (!rises(lumas)) return `picture ${frame + 1} has its greys out of order`
    if (lumas.at(-1)! - lumas[0]! < 200) return `picture ${frame + 1} has greys that are nearly alike`
  }
  const clock = seen.map((patches) => patches.find(({ column, row }) => isClock(column, row))!.luma)
  return rises(clock) ? null : 'pictures are missing, doubled or out of order'
}

/** Highlights may come together at the top. */
function rises(values: readonly number[]): boolean {
  const steps = values.slice(1).map((value, index) => value - values[index]!)
  return steps.every((step) => step > -3) && values.at(-1)! - values[0]! > 100
}
