/** Reads bits, most significant first, with the Exp-Golomb codes of ITU-T H.264 (9.1). Past the end all bits are 0. */
export interface BitReader {
  /** An unsigned number of up to 32 bits. */
  bits(count: number): number
  flag(): boolean
  /** ue(v) */
  unsigned(): number
  /** se(v) */
  signed(): number
}

/** Longest run of zeros before an Exp-Golomb code of a 32-bit number; more of them is not a code. */
const mostLeadingZeros = 32

export function createBitReader(bytes: Buffer): BitReader {
  let position = 0
  const bit = (): number => {
    const byte = bytes[position >> 3] ?? 0
    const value = (byte >> (7 - (position & 7))) & 1
    position += 1
    return value
  }
  const bits = (count: number): number => {
    let value = 0
    for (let index = 0; index < count; index += 1) value = value * 2 + bit()
    return value
  }
  const unsigned = (): number => {
    let zeros = 0
    while (zeros < mostLeadingZeros && bit() === 0) zeros += 1
    return 2 ** zeros - 1 + bits(zeros)
  }
  return {
    bits,
    flag: () => bit() === 1,
    unsigned,
    signed: () => {
      const code = unsigned()
      return code % 2 === 1 ? (code + 1) / 2 : -code / 2
    },
  }
}

/** The payload of a NAL unit without its emulation prevention bytes: 0, 0, 3 becomes 0, 0. */
export function withoutEmulationPrevention(unit: Buffer): Buffer {
  const kept: number[] = []
  let zeros = 0
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    kept.push(byte)
  }
  return Buffer.from(kept)
}
