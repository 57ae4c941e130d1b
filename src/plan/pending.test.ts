import { describe, expect, it } from 'vitest'
import { pendingOf } from './pending.ts'
import type { Plan } from './plan.ts'
import { samplePlan, sampleSound } from './testing/sample-plan.ts'

const hevc = { ...samplePlan.video, encoder: { codec: 'hevc', tuning: [] } as const }
const ac3 = { ...sampleSound, encoder: { codec: 'ac3' as const, rate: 48_000 } }
const matroska = { kind: 'matroska' as const, header: 'header', outputOffsetSeconds: 10 }
const file = { kind: 'file' as const, path: '/a.mp4', format: 'mp4' as const, indexFirst: true }

const track = { source: { input: 0, stream: 2 }, alone: false, codec: 'copy' } as const
const beside = { kind: 'file', path: '/a.srt', format: 'srt' } as const

describe('what the head cannot carry out yet', () => {
  it('is nothing of a plan of transport streams, or of DASH, Matroska or files in H.264 and AAC', () => {
    expect(pendingOf(samplePlan)).toEqual([])
    expect(pendingOf({ ...samplePlan, video: hevc })).toEqual([])
    expect(pendingOf({ ...samplePlan, packaging: { kind: 'dash' } })).toEqual([])
    expect(pendingOf({ ...samplePlan, packaging: matroska })).toEqual([])
    expect(pendingOf({ ...samplePlan, packaging: file })).toEqual([])
    expect(pendingOf({ ...samplePlan, packaging: { kind: 'dash' }, audio: null })).toEqual([])
    expect(pendingOf({ ...samplePlan, subtitles: [{ ...track, to: beside }] })).toEqual([])
  })

  it.each<[string, Partial<Plan>]>([
    ['Matroska segments with pictures in hevc', { packaging: matroska, video: hevc }],
    ['Matroska segments with sound other than AAC', { packaging: matroska, audio: ac3 }],
    ['whole files with pictures in hevc', { packaging: file, video: hevc }],
    ['whole files with sound other than AAC', { packaging: file, audio: ac3 }],
    ['DASH with pictures in hevc', { packaging: { kind: 'dash' }, video: hevc }],
    ['DASH with sound other than AAC', { packaging: { kind: 'dash' }, audio: ac3 }],
    ['subtitles among the streams of the film', { subtitles: [{ ...track, to: { kind: 'inside' } }] }],
    ['subtitles as WebVTT', { subtitles: [{ ...track, to: { ...beside, format: 'webvtt' } }] }],
  ])('is %s', (what, change) => {
    expect(pendingOf({ ...samplePlan, ...change })).toEqual([what])
  })
})
