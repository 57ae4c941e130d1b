import { describe, expect, it } from 'vitest'
import type { VideoEncoder } from '../plan/plan.ts'
import { bitsOf, estimatedRate, rateControl, ratesOf } from './rate-control.ts'

const h264 = (more: Partial<VideoEncoder>): VideoEncoder => ({ codec: 'h264', tuning: [], ...more })

describe('what a plan wants of the rate', () => {
  it.each<[string, Partial<VideoEncoder>, ReturnType<typeof rateControl>]>([
    ['quality', { crf: '21' }, { kind: 'quality', factor: 21 }],
    ['the library’s usual quality where nothing is said', {}, { kind: 'quality', factor: 23 }],
    [
      'quality under a cap',
      { crf: '21', maxrate: '3419k', bufsize: '6838k' },
      { kind: 'capped', factor: 21, maxrate: 3_419_000, bufferBits: 6_838_000 },
    ],
    [
      'a cap with two seconds of buffer unless said',
      { crf: '21', maxrate: '1M' },
      { kind: 'capped', factor: 21, maxrate: 1_000_000, bufferBits: 2_000_000 },
    ],
    [
      'a mean and a cap',
      { bitrate: '2M', maxrate: '3M', bufsize: '6M' },
      { kind: 'average', bitrate: 2_000_000, maxrate: 3_000_000, bufferBits: 6_000_000 },
    ],
    [
      'a mean alone, with room above',
      { bitrate: '2000k' },
      { kind: 'average', bitrate: 2_000_000, maxrate: 4_000_000, bufferBits: 4_000_000 },
    ],
    [
      'a constant rate where the cap is the mean',
      { bitrate: '2M', maxrate: '2M', bufsize: '4M' },
      { kind: 'constant', bitrate: 2_000_000, bufferBits: 4_000_000 },
    ],
    [
      'the factor where both are named, as the library has it',
      { crf: '20', bitrate: '2M' },
      { kind: 'quality', factor: 20 },
    ],
  ])('is %s', (_what, encoder, control) => {
    expect(rateControl(h264(encoder))).toEqual(control)
  })

  it('of HEVC is its own usual quality', () => {
    expect(rateControl({ codec: 'hevc', tuning: [] })).toEqual({ kind: 'quality', factor: 28 })
  })
})

describe('a rate for chips that know no quality', () => {
  const pixels = 1920 * 1080 * 25

  it('halves with every six steps of the factor, and is less for HEVC', () => {
    const at = (crf: string) => estimatedRate(h264({ crf }), pixels)
    expect(at('23')).toBeGreaterThan(3e6)
    expect(at('23')).toBeLessThan(6e6)
    expect(at('17') / at('23')).toBeCloseTo(2, 2)
    expect(estimatedRate({ codec: 'hevc', crf: '28', tuning: [] }, pixels)).toBeLessThan(at('23'))
  })

  it('is never above the cap, and the cap itself where nothing is known of the size', () => {
    const capped = rateControl(h264({ crf: '18', maxrate: '2M' }))
    expect(ratesOf(capped, 9e6)).toEqual({ mean: 2e6, most: 2e6, bufferBits: 4e6 })
    expect(ratesOf(capped, 1e6)).toEqual({ mean: 1e6, most: 2e6, bufferBits: 4e6 })
    expect(ratesOf(capped, null)).toEqual({ mean: 2e6, most: 2e6, bufferBits: 4e6 })
  })

  it('is none for quality alone of a size that is not known', () => {
    expect(ratesOf(rateControl(h264({ crf: '21' })), null)).toBeNull()
  })

  it('is the plan’s own where it has one', () => {
    const average = rateControl(h264({ bitrate: '1M', maxrate: '2M', bufsize: '4M' }))
    expect(ratesOf(average, 9e6)).toEqual({ mean: 1e6, most: 2e6, bufferBits: 4e6 })
    const constant = rateControl(h264({ bitrate: '1M', maxrate: '1M', bufsize: '2M' }))
    expect(ratesOf(constant, 9e6)).toEqual({ mean: 1e6, most: 1e6, bufferBits: 2e6 })
  })
})

describe('bits per second', () => {
  it.each([
    ['3419k', 3_419_000],
    ['2M', 2_000_000],
    ['1.5M', 1_500_000],
    ['800', 800],
    ['0', null],
    ['-1', null],
    ['fast', null],
    [undefined, null],
  ])('%s are %s', (text, bits) => {
    expect(bitsOf(text)).toBe(bits)
  })
})
