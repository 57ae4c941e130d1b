import type { H264Sequence } from '../h264-sequence.ts'
import { BitWriter, withEmulationPrevention } from './bit-writer.ts'

/** A sequence parameter set for tests: what is asked for, and everything that a reader has to step over. */
export interface SequenceWish extends Omit<H264Sequence, 'constraints' | 'lumaBits' | 'chromaBits' | 'tick'> {
  readonly interlaced: boolean
  readonly scalingLists: boolean
  readonly pictureOrder: 0 | 1 | 2
  readonly buffering: boolean
}

export const sampleWish: SequenceWish = {
  ...{ profile: 100, level: 31, chromaFormat: 1, width: 1280, height: 720 },
  ...{ sampleAspectRatio: { width: 1, height: 1 }, color: null, reorderFrames: 2 },
  ...{ interlaced: false, scalingLists: false, pictureOrder: 0, buffering: false },
}

/** The NAL unit of a sequence parameter set (ITU-T H.264, 7.3.2.1.1) that says this. */
export function writeSequence(wish: SequenceWish): Buffer {
  const writer = new BitWriter().bits(8, wish.profile).bits(8, 0).bits(8, wish.level).unsigned(0)
  if (wish.profile === 100 || wish.profile === 244) writeSamples(writer, wish)
  writer.unsigned(4)
  writePictureOrder(writer, wish.pictureOrder)
  writer.unsigned(4).flag(false)
  writeSize(writer, wish)
  writeUsability(writer, wish)
  return withEmulationPrevention(Buffer.concat([Buffer.from([0x67]), writer.end()]))
}

function writeSamples(writer: BitWriter, { chromaFormat, scalingLists }: SequenceWish): void {
  writer.unsigned(chromaFormat)
  if (chromaFormat === 3) writer.flag(false)
  writer.unsigned(0).unsigned(0).flag(false).flag(scalingLists)
  if (!scalingLists) return
  // A first list of sixteen steps, a second that ends after one, and none of the others.
  writer.flag(true)
  for (let index = 0; index < 16; index += 1) writer.signed(1)
  writer.flag(true).signed(-8)
  for (let list = 2; list < (chromaFormat === 3 ? 12 : 8); list += 1) writer.flag(false)
}

function writePictureOrder(writer: BitWriter, type: 0 | 1 | 2): void {
  writer.unsigned(type)
  if (type === 0) writer.unsigned(2)
  if (type === 1) writer.flag(false).signed(-3).signed(4).unsigned(2).signed(1).signed(-1)
}

function writeSize(writer: BitWriter, { width, height, chromaFormat, interlaced }: SequenceWish): void {
  const rows = interlaced ? 32 : 16
  const [across, down] = [Math.ceil(width / 16), Math.ceil(height / rows)]
  writer
    .unsigned(across - 1)
    .unsigned(down - 1)
    .flag(!interlaced)
  if (interlaced) writer.flag(false)
  writer.flag(true)
  const [right, bottom] = [across * 16 - width, down * rows - height]
  writer.flag(right > 0 || bottom > 0)
  if (right === 0 && bottom === 0) return
  const stepAcross = chromaFormat === 3 ? 1 : 2
  const stepDown = (chromaFormat === 1 ? 2 : 1) * (interlaced ? 2 : 1)
  writer
    .unsigned(0)
    .unsigned(right / stepAcross)
    .unsigned(0)
    .unsigned(bottom / stepDown)
}

function writeUsability(writer: BitWriter, wish: SequenceWish): void {
  const { sampleAspectRatio: ratio, color, reorderFrames, buffering } = wish
  writer.flag(true).flag(true).bits(8, 255).bits(16, ratio.width).bits(16, ratio.height)
  writer.flag(false).flag(color !== null)
  if (color) {
    writer.bits(3, 5).flag(color.full).flag(true)
    writer.bits(8, color.primaries).bits(8, color.transfer).bits(8, color.matrix)
  }
  writer.flag(false).flag(true).bits(32, 1).bits(32, 50).flag(true).flag(buffering)
  if (buffering) writer.unsigned(0).bits(8, 0).unsigned(1000).unsigned(2000).flag(true).bits(20, 0x8c631)
  writer.flag(false)
  if (buffering) writer.flag(false)
  writer.flag(true).flag(reorderFrames !== null)
  if (reorderFrames === null) return
  writer.flag(true).unsigned(0).unsigned(0).unsigned(11).unsigned(11).unsigned(reorderFrames).unsigned(4)
}
