import { describe, expect, it } from 'vitest'
import type { AudioPart } from '../../plan/plan.ts'
import { sampleSound } from '../../plan/testing/sample-plan.ts'
import { askedChannels, askedSound } from './asked-sound.ts'

const asking = (layout: string | null, channels?: string): AudioPart => ({
  ...sampleSound,
  operations: layout === null ? [] : [{ kind: 'resample', layout }],
  encoder: { codec: 'aac', rate: 48_000, ...(channels !== undefined && { channels }) },
})

describe('the sound that was asked for', () => {
  it.each<[string | null, number]>([
    ['stereo', 2],
    ['mono', 1],
    ['5.1', 6],
    ['7.1', 8],
    [null, 2],
  ])('has the channels of the layout %s', (layout, channels) => {
    expect(askedChannels(asking(layout))).toBe(channels)
  })
  it('has the channels that the encoder was told, before any layout', () => {
    expect(askedChannels(asking('5.1', '1'))).toBe(1)
  })
  it('is AAC of low complexity; eight channels are configuration 7', () => {
    expect(askedSound(asking('7.1'))).toEqual({
      ...{ objectType: 2, rateIndex: 3, rate: 48_000, channelConfiguration: 7 },
    })
    expect(askedSound(asking('mono'))).toMatchObject({ channelConfiguration: 1 })
  })
})
