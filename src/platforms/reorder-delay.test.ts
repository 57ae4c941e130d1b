import { describe, expect, it } from 'vitest'
import type { VideoEncoder } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { debianFacts, newestFacts } from './ffmpeg-words.ts'
import { delayFilter, reorderDelay } from './reorder-delay.ts'

const h264 = (more: Partial<VideoEncoder> = {}): VideoEncoder => ({ codec: 'h264', tuning: [], ...more })

describe('pictures by which a library decodes ahead', () => {
  it.each<[number, string, VideoEncoder]>([
    [2, 'x264 as it comes', h264()],
    [2, 'x265 as it comes', { codec: 'hevc', tuning: [] }],
    [2, 'x265 at its fastest', { codec: 'hevc', preset: 'ultrafast', tuning: [] }],
    [0, 'x264 at its fastest', h264({ preset: 'ultrafast' })],
    [2, 'x264 at its fastest, told to use them', h264({ preset: 'ultrafast', tuning: [['bframes', '2']] })],
    [0, 'a baseline', h264({ profile: 'baseline' })],
    [0, 'no latency', h264({ tune: 'zerolatency' })],
    [0, 'none', h264({ tuning: [['bframes', '0']] })],
    [1, 'one that nothing can lean on', h264({ tuning: [['bframes', '1']] })],
    [1, 'none that others lean on', h264({ tuning: [['b_pyramid', 'none']] })],
    [1, 'the same in x265’s words', { codec: 'hevc', tuning: [['b-pyramid', '0']] }],
    [
      2,
      'the last of two words',
      h264({
        tuning: [
          ['bframes', '0'],
          ['bframes', '3'],
        ],
      }),
    ],
  ])('are %i with %s', (delay, _what, encoder) => {
    expect(reorderDelay(encoder)).toBe(delay)
  })
})

describe('pictures without B-frames among others that have them', () => {
  const film = { ...samplePlan, video: { ...samplePlan.video, rate: { num: 24000, den: 1001 } } }

  it('are decoded as much before, in the ticks that this FFmpeg counts in', () => {
    expect(delayFilter(film, h264(), debianFacts)).toEqual(['-bsf:v', 'setts=dts=PTS-7507'])
    expect(delayFilter(film, h264(), newestFacts)).toEqual(['-bsf:v', 'setts=dts=PTS-2'])
  })

  it('stay as they are where the session has no delay', () => {
    expect(delayFilter(film, h264({ preset: 'ultrafast' }), newestFacts)).toEqual([])
  })
})
