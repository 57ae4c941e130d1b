import { describe, expect, it } from 'vitest'
import type { WovenSamples } from '../mp4/woven-samples.ts'
import { blocksOf } from './blocks.ts'

const clock = { rate: { num: 24_000, den: 1001 }, soundRate: 48_000, offsetMilliseconds: 10_000 }
const data = Buffer.from([1])

const woven = (show: readonly number[], first: number, sound: readonly number[]): WovenSamples => ({
  pictures: show.map((showSlot, index) => ({
    ...{ data, showSlot, decodeSlot: first + index, isSync: index === 0 },
  })),
  sound: sound.map((start) => ({ start, duration: 1024, data })),
})

const shown = (samples: WovenSamples): string[] =>
  blocksOf(samples, clock).map(
    ({ track, milliseconds, isKey }) => `${track} ${milliseconds}${isKey ? ' key' : ''}`,
  )

describe('blocks', () => {
  it('stand in decoding order, times in milliseconds as FFmpeg rounds them', () => {
    // Decoded at -83, -42, 0, 42 ms; sound at -21.3, 0, 21.3 ms.
    expect(shown(woven([0, 3, 1, 2], -2, [-1024, 0, 1024]))).toEqual([
      ...['1 10000 key', '1 10125', '2 9979 key', '1 10042', '2 10000 key', '2 10021 key', '1 10083'],
    ])
  })

  it('have a picture before the sound of the same moment', () => {
    // Slot 24000 of 24000/1001 is at 1001 s.
    expect(shown(woven([24_000], 24_000, [1001 * 48_000]))).toEqual(['1 1011000 key', '2 1011000 key'])
  })

  it('end with the sound that is left', () => {
    expect(shown(woven([0], 0, [0, 1024, 2048]))).toEqual([
      ...['1 10000 key', '2 10000 key', '2 10021 key', '2 10043 key'],
    ])
  })
})
