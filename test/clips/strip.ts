/**
 * Frame numbers as a strip of black and white cells along the top of the picture: 16 cells of Gray code, then 4 of a
 * check sum, most significant first; white is 1. The strip takes 4/45 of the height, so a cell is square at 16:9.
 */

export const cells = 20

/** The strip's height over the picture's. */
export const stripHeight = '4/45'

/** Numbers a strip can hold: 0 up to this, without it. */
export const numberLimit = 65_536

/** A frame's cells as bytes of luma, 0 or 255. */
export function encodeStrip(number: number): Uint8Array {
  if (!Number.isInteger(number) || number < 0 || number >= numberLimit) {
    throw new RangeError(`a strip cannot hold ${number}`)
  }
  const gray = number ^ (number >> 1)
  const word = gray * 16 + checkSum(number)
  return Uint8Array.from({ length: cells }, (_, cell) => (((word >> (cells - 1 - cell)) & 1) === 1 ? 255 : 0))
}

/** The number in a strip's cells (luma 0 to 255); null where a cell is neither black nor white or the sum is wrong. */
export function decodeStrip(luma: ArrayLike<number>): number | null {
  let word = 0
  for (let cell = 0; cell < cells; cell += 1) {
    const value = luma[cell] ?? 128
    if (value >= 96 && value < 160) return null
    word = word * 2 + (value >= 160 ? 1 : 0)
  }
  let number = word >> 4
  for (let shift = 1; shift < 16; shift *= 2) number ^= number >> shift
  return (word & 15) === checkSum(number) ? number : null
}

/** Weights of the four hexadecimal digits that tell exchanged and shifted digits as well as wrong ones. */
function checkSum(number: number): number {
  return ((number & 15) + 3 * ((number >> 4) & 15) + 5 * ((number >> 8) & 15) + 7 * (number >> 12)) & 15
}
