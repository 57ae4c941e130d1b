import { describe, expect, it } from 'vitest'
import type { PictureOperation, Plan, VideoPart } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { kindOfWork } from './kind-of-work.ts'

const withVideo = (change: Partial<VideoPart>): Plan => ({
  ...samplePlan,
  video: { ...samplePlan.video, ...change },
})

const decoded = { codec: 'hevc', bits: 10 }
const operations: PictureOperation[] = [
  { kind: 'scale', width: '1280', height: '720' },
  { kind: 'tone-map', curve: 'hable', transfer: 'pq' },
  { kind: 'format', pixelFormats: ['yuv420p'] },
]

describe('the kind of work', () => {
  it('names platform, decoder, operations and encoder, for people', () => {
    const plan = withVideo({ decoded, operations })
    expect(kindOfWork(plan, 'video', 'software')).toBe('software: hevc 10-bit, scale, tone-map to h264')
  })

  it('is the same for other sizes, rates and qualities', () => {
    const plan = withVideo({ decoded, operations })
    const other = withVideo({
      ...{ decoded, rate: { num: 24, den: 1 } },
      operations: [{ kind: 'scale', width: '640', height: '360' }, ...operations.slice(1)],
      encoder: { codec: 'h264', crf: '30', tuning: [] },
    })
    expect(kindOfWork(other, 'video', 'software')).toBe(kindOfWork(plan, 'video', 'software'))
  })

  it.each<[string, Plan, string]>([
    ['platform', withVideo({ decoded, operations }), 'jetson'],
    ['codec', withVideo({ decoded: { codec: 'h264', bits: 10 }, operations }), 'software'],
    ['depth', withVideo({ decoded: { codec: 'hevc', bits: 8 }, operations }), 'software'],
    ['operations', withVideo({ decoded, operations: operations.slice(0, 1) }), 'software'],
    ['encoder', withVideo({ decoded, operations, encoder: { codec: 'hevc', tuning: [] } }), 'software'],
  ])('is another one with another %s', (_what, plan, platform) => {
    const usual = kindOfWork(withVideo({ decoded, operations }), 'video', 'software')
    expect(kindOfWork(plan, 'video', platform)).not.toBe(usual)
  })

  it('says each operation once, and what is not known of the source', () => {
    const turn: PictureOperation = { kind: 'turn', how: 'hflip' }
    expect(kindOfWork(withVideo({ operations: [turn, turn] }), 'video', 'x')).toBe(
      'x: any source, turn to h264',
    )
  })

  it('of copied pictures and of sound is that alone', () => {
    const copied = withVideo({
      encoder: {
        ...{ codec: 'copy', source: 'hevc', setsApart: true, seekSeconds: 0, seekAfterSeconds: 0 },
        averageRate: null,
      },
    })
    expect(kindOfWork(copied, 'video', 'software')).toBe('software: hevc copied')
    expect(kindOfWork(copied, 'audio', 'software')).toBe('software: sound to aac')
  })
})
