import { type Rational, toNumber } from '../../../media/rational.ts'
import { sampleSoundSegment, sampleVideoSegment } from '../../mpegts/testing/sample-segment.ts'
import type { AccessUnit } from '../../mpegts/units.ts'
import { adtsFrame } from './adts-frame.ts'
import { type SequenceWish, sampleWish, writeSequence } from './sample-sequence.ts'

const startCode = Buffer.from([0, 0, 0, 1])
const pictureSet = Buffer.from([0x68, 0xef])
const delimiter = Buffer.from([0x09, 0xf0])
const keySlice = Buffer.from([0x65, 0x88, 0x80])

const stream = (...units: Buffer[]): Buffer => Buffer.concat(units.flatMap((unit) => [startCode, unit]))

/** How far the times of these segments lie after source time, seconds. */
export const sampleOffsetSeconds = 20

const ticksOf = (seconds: number): number => Math.round((seconds + sampleOffsetSeconds) * 90_000) % 2 ** 33

/**
 * A segment of H.264 whose pictures are shown in these slots after `firstSlot`, in decoding order; the first is a key
 * frame with parameter sets. The second byte of each other picture's data is its slot.
 */
export function pictureFile(options: {
  readonly rate: Rational
  readonly firstSlot: number
  readonly order: readonly number[]
  readonly reorder?: number
  readonly sequence?: SequenceWish
}): Buffer {
  const { rate, firstSlot, order, reorder = 2, sequence = sampleWish } = options
  const seconds = (slot: number) => (firstSlot + slot) / toNumber(rate)
  const units = order.map((slot, index): AccessUnit => {
    const slice = Buffer.from([0x41, slot, 0x80])
    const parts = index === 0 ? [writeSequence(sequence), pictureSet, keySlice] : [slice]
    return {
      pts: ticksOf(seconds(slot)),
      dts: ticksOf(seconds(index - reorder)),
      data: stream(delimiter, ...parts),
    }
  })
  return sampleVideoSegment(units)
}

/** A file of stereo AAC at 48 kHz with frames that begin at these samples; each frame's data says which it is. */
export function soundFile(starts: readonly number[]): Buffer {
  const format = { objectType: 2, rateIndex: 3, channelConfiguration: 2 }
  return sampleSoundSegment(
    starts.map((start): AccessUnit => {
      const pts = ticksOf(start / 48_000)
      return { pts, dts: pts, data: adtsFrame(format, Buffer.from(String(start))) }
    }),
  )
}
