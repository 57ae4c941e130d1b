/**
 * The ways in which a platform can carry out a plan, the best first. What fails at one of them does not have to fail at
 * the next: it uses the chip for less.
 */
export interface Rung {
  readonly name: RungName
  /** What is done on the chip; the rest is done by the processor. */
  readonly decode: boolean
  readonly filter: boolean
  readonly encode: boolean
}

export type RungName =
  /** Decoded, filtered and encoded on the chip. */
  | 'full'
  /** Pictures are copied to memory, filtered there, and copied back to be encoded. */
  | 'copy-back'
  /** Decoded by the processor, the rest on the chip. */
  | 'upload'
  /** Decoded and filtered by the processor. */
  | 'encode'
  /** Decoded and filtered on the chip. */
  | 'decode-filter'
  /** Filtered on the chip, between a decoder and an encoder on the processor. */
  | 'filter'
  | 'decode'
  | 'software'

export const rungs: readonly Rung[] = [
  { name: 'full', decode: true, filter: true, encode: true },
  { name: 'copy-back', decode: true, filter: false, encode: true },
  { name: 'upload', decode: false, filter: true, encode: true },
  { name: 'encode', decode: false, filter: false, encode: true },
  { name: 'decode-filter', decode: true, filter: true, encode: false },
  { name: 'filter', decode: false, filter: true, encode: false },
  { name: 'decode', decode: true, filter: false, encode: false },
  { name: 'software', decode: false, filter: false, encode: false },
]
