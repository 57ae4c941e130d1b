/** Ticks per second of PES timestamps. */
export const ticksPerSecond = 90_000

/** PES timestamps have 33 bits. */
const modulus = 2 ** 33

/** Reads the five bytes of a PTS or DTS field (ISO/IEC 13818-1, 2.4.3.7). */
export function readTimestamp(bytes: Buffer, offset: number): number {
  const high = (bytes[offset]! >> 1) & 0x07
  const middle = bytes.readUInt16BE(offset + 1) >> 1
  const low = bytes.readUInt16BE(offset + 3) >> 1
  return high * 2 ** 30 + middle * 2 ** 15 + low
}

/** Writes a timestamp with its 4-bit prefix: 2 for a lone PTS, 3 for a PTS before a DTS, 1 for the DTS. */
export function writeTimestamp(bytes: Buffer, offset: number, prefix: 1 | 2 | 3, ticks: number): void {
  const value = ((ticks % modulus) + modulus) % modulus
  const high = Math.floor(value / 2 ** 30)
  const middle = Math.floor(value / 2 ** 15) & 0x7fff
  const low = value & 0x7fff
  bytes[offset] = (prefix << 4) | (high << 1) | 1
  bytes.writeUInt16BE((middle << 1) | 1, offset + 1)
  bytes.writeUInt16BE((low << 1) | 1, offset + 3)
}

/**
 * How far `later` lies after `earlier`, in ticks, when both may have wrapped round:
 * the result is between -2^32 and 2^32.
 */
export function ticksBetween(earlier: number, later: number): number {
  const difference = (((later - earlier) % modulus) + modulus) % modulus
  return difference >= modulus / 2 ? difference - modulus : difference
}
