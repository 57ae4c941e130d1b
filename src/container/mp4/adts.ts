import { MalformedMp4, u8 } from './box.ts'

/** What an ADTS header says of AAC (ISO/IEC 14496-3, 1.A.2.2). */
export interface AacFormat {
  /** 2 is the low complexity profile. */
  readonly objectType: number
  readonly rateIndex: number
  readonly rate: number
  /** As numbered in table 1.19: 7 stands for eight channels. */
  readonly channelConfiguration: number
}

/** Table 1.18. */
const rates = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
] as const

/** The low complexity profile, with so many samples a second in so many channels. */
export function lowComplexity(rate: number, channels: number): AacFormat {
  const rateIndex = Math.max(0, (rates as readonly number[]).indexOf(rate))
  return { objectType: 2, rateIndex, rate, channelConfiguration: channels === 8 ? 7 : channels }
}

/** Takes an ADTS frame apart: what its header says, and the raw frame as MP4 holds it. Throws MalformedMp4 for others. */
export function readAdtsFrame(frame: Buffer): { format: AacFormat; raw: Buffer } {
  if (frame.length < 7 || (frame.readUInt16BE(0) & 0xfff6) !== 0xfff0) {
    throw new MalformedMp4('a frame of sound without an ADTS header')
  }
  const length = ((frame[3]! & 0x03) << 11) | (frame[4]! << 3) | (frame[5]! >> 5)
  if (length > frame.length) throw new MalformedMp4(`an ADTS frame of ${length} bytes in ${frame.length}`)
  const rateIndex = (frame[2]! >> 2) & 0x0f
  const hasCheck = (frame[1]! & 1) === 0
  const format = {
    objectType: (frame[2]! >> 6) + 1,
    ...{ rateIndex, rate: rates[rateIndex] ?? 0 },
    channelConfiguration: ((frame[2]! & 1) << 2) | (frame[3]! >> 6),
  }
  return { format, raw: frame.subarray(hasCheck ? 9 : 7, length) }
}

/** Loudspeakers of a channel configuration. */
export function channelCount({ channelConfiguration }: AacFormat): number {
  return channelConfiguration === 7 ? 8 : channelConfiguration
}

/**
 * AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1), with the three bytes by which FFmpeg's encoder says that there is no
 * spectral band replication.
 */
export function audioSpecificConfiguration({
  objectType,
  rateIndex,
  channelConfiguration,
}: AacFormat): Buffer {
  const bits = (objectType << 11) | (rateIndex << 7) | (channelConfiguration << 3)
  return u8(bits >> 8, bits & 0xff, 0x56, 0xe5, 0x00)
}
