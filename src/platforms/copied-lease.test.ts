import { describe, expect, it } from 'vitest'
import { type CopiedPicture, type Plan, soundFilesUpTo } from '../plan/plan.ts'
import { samplePlan, sampleSound } from '../plan/testing/sample-plan.ts'
import { argumentFault } from './allowed.ts'
import type { LeaseRange } from './platform.ts'
import { software } from './software.ts'
import { optionValue } from './testing/option-value.ts'

const encoder: CopiedPicture = {
  ...{ codec: 'copy', source: 'h264', setsApart: true, seekSeconds: 0, seekAfterSeconds: 0.002 },
  averageRate: { num: 25, den: 1 },
}

/** Ticks of a millisecond; segments of 12, 11 and 7 seconds, of which the last has no end yet. */
const copying: Plan = {
  ...samplePlan,
  video: { ...samplePlan.video, operations: [], rate: { num: 1000, den: 1 }, encoder },
  audio: {
    ...sampleSound,
    grid: {
      rate: { num: 1000, den: 1 },
      firstSlot: 0,
      firstSegment: 3,
      segmentSeconds: 10,
      expectedEndSlot: 60_000,
    },
  },
  timeline: {
    ...{
      rate: { num: 1000, den: 1 },
      firstSlot: 0,
      firstSegment: 3,
      segmentSeconds: 10,
      expectedEndSlot: 60_000,
    },
    cuts: { starts: [0, 12_000, 23_000], decoded: [-80, 11_920, 22_920], frames: [300, 275], endSlot: null },
  },
}

function lease(range: Partial<LeaseRange>, plan: Plan = copying): readonly string[] {
  const compiled = software.compileVideo(plan, { from: 3, to: 5, open: false, failures: 0, ...range })
  if ('out' in compiled) throw new Error(compiled.out)
  expect(argumentFault(compiled.args)).toBeUndefined()
  return compiled.args
}

describe('a lease with copied pictures', () => {
  it('from the beginning copies from the beginning, and is cut just before each key frame', () => {
    const args = lease({})
    expect(optionValue(args, '-c:v')).toBe('copy')
    expect(args).not.toContain('-ss')
    expect(optionValue(args, '-segment_times')).toBe('11.998000')
    expect(optionValue(args, '-segment_format_options')).toBe('output_ts_offset=10')
  })

  it('ends just before the next one’s first picture is decoded, so that it ends by itself', () => {
    expect(optionValue(lease({}), '-t')).toBe('22.918000')
    expect(lease({ open: true })).not.toContain('-t')
  })

  it('in the middle reads from before its key frame, leaves out what is not its own, and keeps all times', () => {
    const args = lease({ from: 4 })
    const before = args.indexOf('-i')
    expect(optionValue(args.slice(0, before), '-ss')).toBe('11.750000')
    const after = args.slice(before)
    expect(optionValue(after, '-copypriorss:v')).toBe('0')
    expect(optionValue(after, '-ss')).toBe('11.918000')
    expect(optionValue(after, '-t')).toBe('11.000000')
    expect(optionValue(after, '-segment_format_options')).toBe('output_ts_offset=21.918')
    // One segment is not cut at all.
    expect(after).not.toContain('-segment_times')
  })

  it('begins to read earlier after each failure', () => {
    const seeks = [0, 1].map((failures) => Number(optionValue(lease({ from: 4, failures }), '-ss')))
    expect(seeks).toEqual([11.75, 8])
  })

  it('after a seek begins where the server’s own transcoder would', () => {
    const plan = { ...copying, video: { ...copying.video, encoder: { ...encoder, seekSeconds: 95.5 } } }
    const args = lease({}, plan)
    expect(optionValue(args, '-ss')).toBe('95.500000')
    expect(args).not.toContain('-copypriorss:v')
  })

  it('puts parameter sets before every key frame where the file keeps them apart and FFmpeg does not', () => {
    expect(optionValue(lease({}), '-bsf:v')).toBe('h264_mp4toannexb,dump_extra=freq=keyframe')
    for (const other of [{ source: 'hevc' as const }, { setsApart: false }]) {
      const plan = { ...copying, video: { ...copying.video, encoder: { ...encoder, ...other } } }
      expect(lease({}, plan)).not.toContain('-bsf:v')
    }
  })
})

describe('the sound beside copied pictures', () => {
  it('is cut on a grid of its own, whatever is known of the key frames', () => {
    const compiled = software.compileAudio(copying, { from: 3, to: 9, open: true, failures: 0 })
    const times = 'args' in compiled ? (optionValue(compiled.args, '-segment_times') ?? '').split(',') : []
    expect(times.map(Number).map(Math.round)).toEqual([10, 20, 30, 40, 50])
  })

  it('is needed up to where the pictures of a segment end', () => {
    expect([3, 4, 5].map((segment) => soundFilesUpTo(copying, segment))).toEqual([5, 6, 7])
    expect(soundFilesUpTo(samplePlan, 4)).toBe(5)
  })
})
