import type { AacFormat } from '../adts.ts'

/** An ADTS frame around raw AAC (ISO/IEC 14496-3, 1.A.2.2), for tests. */
export function adtsFrame(format: Omit<AacFormat, 'rate'>, raw: Buffer, hasCheck = false): Buffer {
  const { objectType, rateIndex, channelConfiguration } = format
  const header = Buffer.alloc(hasCheck ? 9 : 7)
  const length = header.length + raw.length
  header.writeUInt16BE(hasCheck ? 0xfff0 : 0xfff1, 0)
  header[2] = ((objectType - 1) << 6) | (rateIndex << 2) | (channelConfiguration >> 2)
  header[3] = ((channelConfiguration & 3) << 6) | (length >> 11)
  header[4] = (length >> 3) & 0xff
  header[5] = ((length & 7) << 5) | 0x1f
  header[6] = 0xfc
  return Buffer.concat([header, raw])
}
