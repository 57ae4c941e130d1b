/**
 * The picture that every proof is made with: eight columns of grey above eight of colour, whose last grey gets brighter
 * from picture to picture, so that one that is missing, doubled or out of order shows. The clips below clips/proof hold it.
 */

export const proofRate = { num: 24, den: 1 } as const
/** Pictures of a clip. */
export const proofFrames = 12
export const patchColumns = 8
export const patchRows = 2

/** A sample in codes of ten bits, in the limited range. */
export interface Sample {
  readonly luma: number
  readonly cb: number
  readonly cr: number
}

/** Neither black nor white nor tinted in ten bits of the limited range (BT.709). */
export const neutral = 512

/** None divides by four: whoever makes eight bits of ten is off by two, whether by cutting or by rounding. */
const greys = [162, 238, 318, 394, 474, 554, 634] as const

const colours: readonly Sample[] = [
  { luma: 350, cb: 402, cr: 702 },
  { luma: 450, cb: 402, cr: 402 },
  { luma: 302, cb: 702, cr: 470 },
  { luma: 550, cb: 370, cr: 554 },
  { luma: 402, cb: 622, cr: 622 },
  { luma: 502, cb: 594, cr: 402 },
  { luma: 254, cb: 470, cr: 590 },
  { luma: 610, cb: 534, cr: 354 },
]

const clockStart = 202
/** Of the clock from picture to picture. */
const clockStep = 40

/** What lies in a column and a row of picture `frame`, codes of ten bits. */
export function patchAt(column: number, row: number, frame: number): Sample {
  const colour = colours[column]
  if (row === 1 && colour) return colour
  return { luma: greys[column] ?? clockStart + clockStep * frame, cb: neutral, cr: neutral }
}

/** Whether a patch is the one that tells the time. */
export const isClock = (column: number, row: number): boolean => row === 0 && column === patchColumns - 1

/** The same as a picture of that depth holds it, in codes of ten bits. */
export function storedPatch(sample: Sample, depth: number): Sample {
  if (depth === 10) return sample
  const stored = (code: number): number => Math.round(code / 4) * 4
  return { luma: stored(sample.luma), cb: stored(sample.cb), cr: stored(sample.cr) }
}
