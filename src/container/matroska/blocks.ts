import { type Rational, rescale } from '../../media/rational.ts'
import type { SoundFrame } from '../mp4/sound-track.ts'
import { isBefore, type WovenSamples } from '../mp4/woven-samples.ts'
import type { Block } from './cluster.ts'

/** Numbers of the tracks in everything that is made here. */
const pictureTrackNumber = 1
const soundTrackNumber = 2

const milliseconds: Rational = { num: 1, den: 1000 }

export interface BlockClock {
  /** Slots per second. */
  readonly rate: Rational
  /** Samples per second. */
  readonly soundRate: number
  /** Added to all times. */
  readonly offsetMilliseconds: number
}

/** A segment's pictures and sound in the order in which they are decoded, a picture before the sound of the same moment. */
export function blocksOf({ pictures, sound }: WovenSamples, clock: BlockClock): Block[] {
  const { rate, soundRate, offsetMilliseconds } = clock
  const blocks: Block[] = []
  let next = 0
  const soundBefore = (slot: number | null): void => {
    for (let frame = sound[next]; frame; frame = sound[++next]) {
      if (slot !== null && !isBefore(frame.start, soundRate, slot, rate)) return
      blocks.push(soundBlock(frame, clock))
    }
  }
  for (const { data, decodeSlot, showSlot, isSync } of pictures) {
    soundBefore(decodeSlot)
    const shown = rescale(showSlot, { num: rate.den, den: rate.num }, milliseconds)
    blocks.push({
      ...{ track: pictureTrackNumber, milliseconds: shown + offsetMilliseconds, isKey: isSync, data },
    })
  }
  soundBefore(null)
  return blocks
}

function soundBlock({ start, data }: SoundFrame, { soundRate, offsetMilliseconds }: BlockClock): Block {
  const heard = rescale(start, { num: 1, den: soundRate }, milliseconds)
  return { track: soundTrackNumber, milliseconds: heard + offsetMilliseconds, isKey: true, data }
}
