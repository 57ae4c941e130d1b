import { type AacFormat, audioSpecificConfiguration } from './adts.ts'
import { box, fullBox, u8, u16, u32, zeros } from './box.ts'
import type { PictureDescription } from './picture-codec.ts'
import type { PictureColor } from './video-usability.ts'

/** Fields that every sample entry begins with: six reserved bytes and the first data reference. */
const entryStart = Buffer.concat([zeros(6), u16(1)])

/** 72 dots an inch, in 16.16: the only resolution there is. */
const resolution = u32(0x00480000)

/** The sample entry of pictures (ISO/IEC 14496-15, 5.4.2.1 and 8.4.1.1). */
export function pictureEntry(description: PictureDescription): Buffer {
  const { width, height, sampleAspectRatio: ratio, color } = description
  return box(
    description.entryType,
    entryStart,
    zeros(16),
    ...[u16(width, height), resolution, resolution],
    // Reserved, one frame a sample, no name, 24 bits of colour, and -1: no table of colours.
    ...[zeros(4), u16(1), zeros(32), u16(24, 0xffff)],
    box(description.configurationType, description.configuration),
    // FFmpeg says it of HEVC alone: one field in each frame.
    ...(description.entryType === 'hev1' ? [box('fiel', u8(1, 0))] : []),
    ...(color ? [colorBox(color)] : []),
    box('pasp', u32(ratio.width, ratio.height)),
  )
}

function colorBox({ primaries, transfer, matrix, full }: PictureColor): Buffer {
  return box('colr', Buffer.from('nclx'), u16(primaries, transfer, matrix), u8(full ? 0x80 : 0))
}

/** The entry says 2 whatever there is: how many channels AAC has stands in its configuration. */
const anyChannels = 2

/** The sample entry `mp4a` (ISO/IEC 14496-14, 5.6) of AAC with so many bits per second. */
export function soundEntry(format: AacFormat, bitrate: number): Buffer {
  return box(
    'mp4a',
    entryStart,
    zeros(8),
    ...[u16(anyChannels, 16), zeros(4), u32(format.rate * 2 ** 16)],
    elementaryStream(format, bitrate),
    box('btrt', u32(0, bitrate, bitrate)),
  )
}

/** Tags of descriptors (ISO/IEC 14496-1, table 1). */
const tags = { stream: 3, decoder: 4, specific: 5, layer: 6 } as const
const objectTypeAac = 0x40
/** Stream type 5, sound, in its six bits, and a reserved bit that is 1. */
const streamTypeSound = 0x15

function elementaryStream(format: AacFormat, bitrate: number): Buffer {
  const specific = descriptor(tags.specific, audioSpecificConfiguration(format))
  const decoder = descriptor(
    tags.decoder,
    Buffer.concat([u8(objectTypeAac, streamTypeSound, 0, 0, 0), u32(bitrate, bitrate), specific]),
  )
  const stream = Buffer.concat([u16(1), u8(0), decoder, descriptor(tags.layer, u8(2))])
  return fullBox('esds', 0, 0, descriptor(tags.stream, stream))
}

/** With its length in four bytes, as FFmpeg's muxer writes them. */
function descriptor(tag: number, content: Buffer): Buffer {
  const { length } = content
  const groups = [length >> 21, length >> 14, length >> 7].map((group) => 0x80 | (group & 0x7f))
  return Buffer.concat([u8(tag, ...groups, length & 0x7f), content])
}
