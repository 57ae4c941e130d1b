import { describe, expect, it } from 'vitest'
import type { AudioPart, Plan } from '../plan/plan.ts'
import { samplePlan, sampleSound } from '../plan/testing/sample-plan.ts'
import { argumentFault } from './allowed.ts'
import type { LeaseRange } from './platform.ts'
import { soundFrameSeconds, soundLease } from './sound-lease.ts'
import { optionValue } from './testing/option-value.ts'

const middle: LeaseRange = { from: 2, to: 5, open: false, failures: 0 }

function sound(
  range: Partial<LeaseRange>,
  change: Partial<AudioPart> = {},
  plan: Plan = samplePlan,
): string[] {
  return soundLease({ ...plan, audio: { ...sampleSound, ...change } }, { ...middle, ...range })
}

const filtersOf = (args: readonly string[]) => optionValue(args, '-af')?.split(/,(?=[a-z])/) ?? []
const cutsOf = (args: readonly string[]) => (optionValue(args, '-segment_times') ?? '').split(',').map(Number)

/** Samples that a filter of a lease names. */
const sampleIn = (args: readonly string[], pattern: RegExp) =>
  filtersOf(args).flatMap((filter) => pattern.exec(filter)?.slice(1).map(Number) ?? [])[0]

/** Samples of AAC: a frame, and what the encoder puts before the first one. */
const [frame, priming] = [1_024, 1_024]

/** First frame, of those counted from the session's first, that begins at or after a time in samples. */
const firstFrameAt = (samples: number) => Math.ceil((samples + priming) / frame)

describe('a lease with sound', () => {
  it('from the session’s start drops nothing and does not seek', () => {
    const args = sound({ from: 0, to: 5 })
    expect(optionValue(args, '-ss')).toBeUndefined()
    expect(optionValue(args, '-bsf:a')).not.toContain('lt(n')
    expect(filtersOf(args)).toContain('aresample=async=1:osr=48000')
  })

  it('from the start of a session after a seek goes where the server would, exactly', () => {
    const timeline = { ...samplePlan.timeline, firstSegment: 15, firstSlot: 750, expectedEndSlot: 1_050 }
    const args = sound(
      { from: 15, to: 18 },
      { firstSampleSeconds: 30, seekSeconds: 30 },
      { ...samplePlan, timeline },
    )
    expect(optionValue(args, '-ss')).toBe('30.000000')
    expect(args).not.toContain('-noaccurate_seek')
  })

  it('in the middle begins a few frames early, drops those, and seeks well before', () => {
    const args = sound({ from: 2, to: 5 })
    const first = firstFrameAt(4 * 48_000)
    const begin = sampleIn(args, /atrim=start_pts=(\d+)/)!
    const early = (first * frame - begin) / frame
    expect(early).toBeGreaterThanOrEqual(4)
    expect(optionValue(args, '-bsf:a')).toContain(`noise=drop=lt(n\\,${early})`)
    expect(optionValue(args, '-ss')).toBe((begin / 48_000 - 1).toFixed(6))
    expect(args).toContain('-noaccurate_seek')
  })

  it('that another one follows gives the encoder more than it keeps, and drops from the other’s first frame on', () => {
    const args = sound({ from: 2, to: 5 })
    const next = firstFrameAt(10 * 48_000)
    const seconds = Number(/gte\(pts\\,(\d+)\)/.exec(optionValue(args, '-bsf:a')!)![1]) / 90_000
    const begins = (next * frame - priming) / 48_000
    expect(seconds).toBeLessThan(begins)
    expect(seconds).toBeGreaterThan(begins - frame / 48_000)
    expect(sampleIn(args, /atrim=end_pts=(\d+)/)).toBeGreaterThan(next * frame)
  })

  it('that is open ends with the input', () => {
    const args = sound({ open: true })
    expect(filtersOf(args).some((filter) => filter.includes('end_pts'))).toBe(false)
    expect(optionValue(args, '-bsf:a')).toMatch(/^noise=drop=lt\(n\\,\d+\)\+lte\(pts/)
    expect(optionValue(sound({ from: 0, open: true }), '-bsf:a')).toMatch(/^noise=drop=lte\(pts[^:]*$/)
  })

  it('leaves out what begins anew at its first sample, once it has been further', () => {
    for (const args of [sound({}), sound({ open: true }), sound({ from: 0 })]) {
      expect(optionValue(args, '-bsf:a')).toContain('lte(pts+1000000000000\\,ld(1))+0*st(1\\,max(')
      expect(argumentFault(args)).toBeUndefined()
    }
  })

  it('is cut between frames, before the first one that belongs to each segment', () => {
    const args = sound({ from: 0, to: 4 })
    const cuts = cutsOf(args)
    expect(cuts.length).toBe(3)
    for (const [index, cut] of cuts.entries()) {
      // Timestamps lie before their sound by the priming.
      const firstStamp = (firstFrameAt((index + 1) * 2 * 48_000) * frame - priming) / 48_000
      expect(cut).toBeLessThan(firstStamp)
      expect(cut).toBeGreaterThan(firstStamp - frame / 48_000)
    }
  })

  it('of leases that follow one another falls into the same frames as that of one', () => {
    const one = cutsOf(sound({ from: 0, to: 6 }))
    const two = [...cutsOf(sound({ from: 0, to: 3 })), ...cutsOf(sound({ from: 3, to: 6 }))]
    expect(two).toEqual(one.filter((_, index) => index !== 2))
  })

  it('that failed before begins to decode earlier', () => {
    const seek = (failures: number) => Number(optionValue(sound({ from: 5, to: 6, failures }), '-ss'))
    expect(seek(0) - seek(1)).toBeCloseTo(3, 5)
  })

  it('tells exact times from rounded ones where all frames of the source are alike', () => {
    const args = sound({ from: 2 }, { sourceFrames: { samples: 1_024, rate: 44_100, firstSeconds: 0.021 } })
    expect(filtersOf(args).slice(0, 2)).toEqual(['asettb=1/44100', 'asetpts=926+1024*round((PTS-926)/1024)'])
  })

  it('has one frame in each packet, at the times of the job’s own muxer', () => {
    const args = sound({})
    expect(optionValue(args, '-max_delay')).toBe('0')
    expect(optionValue(args, '-segment_format_options')).toBe('output_ts_offset=20:pes_payload_size=0')
  })

  it('takes its one stream and nothing else', () => {
    const args = sound({}, { source: { input: 0, stream: 2 }, language: 'eng' })
    expect(args.filter((_, index) => args[index - 1] === '-map')).toEqual(['0:2'])
    for (const kind of ['-vn', '-sn', '-dn']) expect(args).toContain(kind)
    expect(optionValue(args, '-metadata:s:0')).toBe('language=eng')
  })

  it('of DASH tells in the decoding time how long a frame is, after frames were dropped', () => {
    const dash = { ...samplePlan, packaging: { kind: 'dash' as const } }
    const told = 'setts=dts=min(PTS\\,PTS+DURATION-1920)'
    expect(optionValue(sound({ from: 0, open: true }, {}, dash), '-bsf:a')).toContain(`,${told}`)
    expect(optionValue(sound({}, {}, dash), '-bsf:a')).toMatch(/^noise=drop=lt\(n.*,setts=dts=min/)
    expect(optionValue(sound({}, {}, samplePlan), '-bsf:a')).not.toContain('setts')
  })
  it('of DASH is delivered like that of a transport stream', () => {
    const dash = sound({}, {}, { ...samplePlan, packaging: { kind: 'dash' } })
    const withoutFilter = (args: readonly string[]) => args.toSpliced(args.indexOf('-bsf:a') + 1, 1)
    expect(withoutFilter(dash)).toEqual(withoutFilter(sound({})))
  })

  it('is none in a plan without sound', () => {
    expect(() => soundLease({ ...samplePlan, audio: null }, middle)).toThrow('this plan has no sound')
  })
})

describe('resampling', () => {
  it('is written as the server wrote it', () => {
    const operations = [
      { kind: 'resample', async: '1', layout: 'stereo', rematrixMaximum: '0.000000dB', rate: '48000' },
    ] as const
    expect(filtersOf(sound({ from: 0 }, { operations }))).toContain(
      'aresample=async=1:ochl=stereo:rematrix_maxval=0.000000dB:osr=48000',
    )
  })
})

describe('encoders of sound', () => {
  it.each([
    ['aac', 'aac', 1_024],
    ['ac3', 'ac3', 1_536],
    ['eac3', 'eac3', 1_536],
    ['mp3', 'libmp3lame', 1_152],
    ['opus', 'libopus', 960],
  ] as const)('%s is made by %s in frames of %i samples', (codec, library, samples) => {
    const encoder = { codec, rate: 48_000, bitrate: '128k', channels: '2' } as const
    const args = sound({ from: 0 }, { encoder })
    expect(optionValue(args, '-c:a')).toBe(library)
    expect([optionValue(args, '-ar'), optionValue(args, '-b:a'), optionValue(args, '-ac')]).toEqual([
      '48000',
      '128k',
      '2',
    ])
    expect(soundFrameSeconds(encoder)).toBe(samples / 48_000)
  })

  it('choose rate and channels by themselves where nothing is said', () => {
    const args = sound({ from: 0 }, { encoder: { codec: 'aac', rate: 44_100 } })
    expect([optionValue(args, '-b:a'), optionValue(args, '-ac')]).toEqual([undefined, undefined])
  })
})
