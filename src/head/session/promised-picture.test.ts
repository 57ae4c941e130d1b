import { describe, expect, it } from 'vitest'
import type { ParameterSets } from '../../container/mp4/parameter-sets.ts'
import { type SequenceWish, sampleWish, writeSequence } from '../../container/mp4/testing/sample-sequence.ts'
import type { PictureOperation, Plan, VideoEncoder } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { promiseBroken } from './promised-picture.ts'

/** Eight bits, profile 100, 1280x720 unless told. */
const setsOf = (wish: Partial<SequenceWish> = {}): ParameterSets => ({
  sequence: [writeSequence({ ...sampleWish, ...wish })],
  picture: [Buffer.from([0x68, 0xef])],
})

function planOf(operations: readonly PictureOperation[], encoder: Partial<VideoEncoder> = {}): Plan {
  const base = samplePlan.video.encoder as VideoEncoder
  return { ...samplePlan, video: { ...samplePlan.video, operations, encoder: { ...base, ...encoder } } }
}

const scale = (width: string, height: string, divisibleBy?: number): PictureOperation => ({
  ...{ kind: 'scale', width, height },
  ...(divisibleBy !== undefined && { divisibleBy }),
})
const format = (...pixelFormats: string[]): PictureOperation => ({ kind: 'format', pixelFormats })

describe('what an encoder promised', () => {
  it.each<[string, PictureOperation[]]>([
    ['nothing was said', []],
    ['the size is the one that was asked for', [scale('1280', '720'), format('yuv420p')]],
    ['the size is rounded to whole samples of colour', [scale('1281', '721')]],
    ['the size is rounded further, as it was asked for', [scale('1283', '720', 4)]],
    ['the size is to be worked out', [scale('-2', '480')]],
    ['something comes after the scaling', [scale('640', '360'), { kind: 'turn', how: 'clock' }]],
    ['either depth will do', [format('yuv420p10le', 'yuv420p')]],
  ])('is kept when %s', (_when, operations) => {
    expect(promiseBroken(planOf(operations), setsOf())).toBeNull()
  })

  it.each<[string, PictureOperation[], string]>([
    ['the size is another one', [scale('640', '360')], '1280x720 where 640x360'],
    ['only one side is', [scale('1280', '700')], '1280x720 where 1280x700'],
    ['ten bits were asked for', [format('yuv420p10le')], '8 bits where 10'],
    ['the last format asks for them', [format('nv12'), format('p010')], '8 bits where 10'],
  ])('is broken when %s', (_when, operations, why) => {
    expect(promiseBroken(planOf(operations), setsOf())).toContain(why)
  })

  it('allows a profile with less, and none with more', () => {
    expect(promiseBroken(planOf([], { profile: 'high' }), setsOf({ profile: 77 }))).toBeNull()
    expect(promiseBroken(planOf([], { profile: 'high' }), setsOf())).toBeNull()
    expect(promiseBroken(planOf([], { profile: 'main' }), setsOf())).toBe(
      'profile 100 where main was asked for',
    )
    expect(promiseBroken(planOf([], { profile: 'unheard-of' }), setsOf())).toBeNull()
  })
})
