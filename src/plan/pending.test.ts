import { describe, expect, it } from 'vitest'
import { pendingOf } from './pending.ts'
import type { CopiedPicture, Plan } from './plan.ts'
import { samplePlan, sampleSound } from './testing/sample-plan.ts'

const hevc = { ...samplePlan.video, encoder: { codec: 'hevc', tuning: [] } as const }
const ac3 = { ...sampleSound, encoder: { codec: 'ac3' as const, rate: 48_000 } }
const matroska = { kind: 'matroska' as const, header: 'header', outputOffsetSeconds: 10 }
const file = { kind: 'file' as const, path: '/a.mp4', format: 'mp4' as const, indexFirst: true }

const track = { source: { input: 0, stream: 2 }, alone: false, codec: 'copy' } as const
const beside = { kind: 'file', path: '/a.srt', format: 'srt' } as const

const copying: CopiedPicture = {
  ...{ codec: 'copy', source: 'h264', setsApart: true, seekSeconds: 0, seekAfterSeconds: 0 },
  averageRate: null,
}
const copied = { ...samplePlan.video, encoder: copying }

describe('what the head cannot carry out yet', () => {
  it.each<[string, Partial<Plan>]>([
    ['transport streams', {}],
    ['DASH', { packaging: { kind: 'dash' } }],
    ['DASH without sound', { packaging: { kind: 'dash' }, audio: null }],
    ['Matroska segments', { packaging: matroska }],
    [
      'Matroska segments with text inside',
      { packaging: matroska, subtitles: [{ ...track, to: { kind: 'inside', format: 'ass' } }] },
    ],
    ['whole files', { packaging: file }],
    ['whole files with text beside them', { packaging: file, subtitles: [{ ...track, to: beside }] }],
  ])('is nothing of a plan of %s, in H.264 or HEVC and AAC', (_what, change) => {
    expect(pendingOf({ ...samplePlan, ...change })).toEqual([])
    expect(pendingOf({ ...samplePlan, ...change, video: hevc })).toEqual([])
  })

  it('is nothing of copied pictures in transport streams, DASH or Matroska segments', () => {
    expect(pendingOf({ ...samplePlan, video: copied })).toEqual([])
    expect(pendingOf({ ...samplePlan, packaging: { kind: 'dash' }, video: copied })).toEqual([])
    expect(pendingOf({ ...samplePlan, packaging: matroska, video: copied })).toEqual([])
  })

  const sound = {
    ...sampleSound,
    encoder: { codec: 'copy', rate: 48_000, packets: { codec: 'eac3', samples: 1536, firstSeconds: 0 } },
  } as const

  it('is nothing of copied sound in transport streams, beside pictures that are encoded', () => {
    expect(pendingOf({ ...samplePlan, audio: sound })).toEqual([])
    for (const change of [{ packaging: { kind: 'dash' } as const }, { video: copied }])
      expect(pendingOf({ ...samplePlan, audio: sound, ...change })).toEqual(['sound that is copied'])
    const unknown = { ...sound, encoder: { codec: 'copy', rate: 48_000 } } as const
    expect(pendingOf({ ...samplePlan, audio: unknown })).toEqual(['sound that is copied'])
  })

  it.each<[string, Partial<Plan>]>([
    ['Matroska segments with sound other than AAC', { packaging: matroska, audio: ac3 }],
    ['whole files with sound other than AAC', { packaging: file, audio: ac3 }],
    ['DASH with sound other than AAC', { packaging: { kind: 'dash' }, audio: ac3 }],
    ['subtitles inside mpegts', { subtitles: [{ ...track, to: { kind: 'inside', format: 'srt' } }] }],
    [
      'subtitles inside the output that are no plain text',
      { packaging: matroska, subtitles: [{ ...track, to: { kind: 'inside' } }] },
    ],
    ['subtitles as WebVTT', { subtitles: [{ ...track, to: { ...beside, format: 'webvtt' } }] }],
  ])('is %s', (what, change) => {
    expect(pendingOf({ ...samplePlan, ...change })).toEqual([what])
  })
})
