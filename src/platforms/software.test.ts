import { describe, expect, it } from 'vitest'
import type { Plan, VideoEncoder } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { platformNamed, platforms } from './all.ts'
import type { LeaseRange } from './platform.ts'
import { software } from './software.ts'
import { optionValue } from './testing/option-value.ts'

const middle: LeaseRange = { from: 2, to: 5, open: false, failures: 0 }

function picture(change: Partial<Plan> = {}, range = middle): string[] {
  const compiled = software.compileVideo({ ...samplePlan, ...change }, range)
  if ('out' in compiled) throw new Error(compiled.out)
  return [...compiled.args]
}

const encoded = (encoder: VideoEncoder) => picture({ video: { ...samplePlan.video, encoder } })

const filtersOf = (args: readonly string[]) => optionValue(args, '-vf')?.split(/,(?=[a-z])/)

describe('a lease with pictures', () => {
  it.each<[string, Partial<LeaseRange>, string | undefined, string[], string | undefined, string]>([
    [
      'in the middle decodes from before its first slot and ends by counting frames',
      {},
      '3.750000',
      ['fps=25/1', 'trim=start_pts=100', 'trim=end_frame=150'],
      '50,100',
      '4.000000,6.000000,8.000000',
    ],
    [
      'at the start does not seek, and fills the grid from zero',
      { from: 0, to: 2 },
      undefined,
      ['fps=25/1:start_time=0', 'trim=start_pts=0', 'trim=end_frame=100'],
      '50',
      '0.000000,2.000000',
    ],
    [
      'of one segment is not cut',
      { from: 2, to: 3 },
      '3.750000',
      ['fps=25/1', 'trim=start_pts=100', 'trim=end_frame=50'],
      undefined,
      '4.000000',
    ],
    [
      'that is open runs on to the end of the input',
      { open: true },
      '3.750000',
      ['fps=25/1', 'trim=start_pts=100'],
      '50,100',
      '4.000000,6.000000,8.000000',
    ],
    [
      'that failed before begins to decode earlier',
      { from: 4, to: 6, failures: 1 },
      '4.000000',
      ['fps=25/1', 'trim=start_pts=200', 'trim=end_frame=100'],
      '50',
      '8.000000,10.000000',
    ],
    [
      'that failed twice near the start decodes from the start',
      { failures: 2 },
      undefined,
      ['fps=25/1', 'trim=start_pts=100', 'trim=end_frame=150'],
      '50,100',
      '4.000000,6.000000,8.000000',
    ],
  ])('%s', (_name, change, seek, grid, cuts, keys) => {
    const args = picture({}, { ...middle, ...change })
    expect(optionValue(args, '-ss')).toBe(seek)
    expect(filtersOf(args)).toEqual([...grid, 'format=pix_fmts=yuv420p'])
    expect(optionValue(args, '-segment_frames')).toBe(cuts)
    expect(optionValue(args, '-force_key_frames')).toBe(keys)
    expect(optionValue(args, '-segment_start_number')).toBe(String({ ...middle, ...change }.from))
  })

  it('keeps a last frame of which the file says that it hardly lasts', () => {
    const args = picture({ video: { ...samplePlan.video, lengthsLie: true } }, { ...middle, open: true })
    expect(filtersOf(args)![0]).toBe('fps=25/1:eof_action=pass')
  })

  it('counts slots from the job’s first one', () => {
    const timeline = { ...samplePlan.timeline, firstSegment: 40, firstSlot: 2_003, expectedEndSlot: 2_303 }
    const args = picture({ timeline }, { ...middle, from: 41, to: 43 })
    expect(filtersOf(args)!.slice(0, 3)).toEqual(['fps=25/1', 'trim=start_pts=2053', 'trim=end_frame=100'])
    expect(optionValue(args, '-ss')).toBe((2_053 / 25 - 0.25).toFixed(6))
    expect(optionValue(args, '-force_key_frames')).toBe('82.120000,84.120000')
  })

  it('moves the source’s times onto slots where they lie between two', () => {
    const video = { ...samplePlan.video, shiftSeconds: 0.018667 }
    const args = picture({ video })
    expect(filtersOf(args)![0]).toBe('setpts=round(PTS+0.018667/TB)')
    // And seeks by the source's own times.
    expect(optionValue(args, '-ss')).toBe((4 - 0.018667 - 0.25).toFixed(6))
  })

  it('puts the plan’s operations behind the grid', () => {
    const operations = [
      { kind: 'scale', width: '-2', height: '720' },
      { kind: 'scale', width: '1280', height: '-1', divisibleBy: 4 },
      { kind: 'format', pixelFormats: ['yuv420p', 'nv12'] },
    ] as const
    const args = picture({ video: { ...samplePlan.video, operations } })
    expect(filtersOf(args)!.slice(3)).toEqual([
      'scale=w=-2:h=720',
      'scale=w=1280:h=-1:force_divisible_by=4',
      'format=pix_fmts=yuv420p|nv12',
    ])
  })

  it('takes its one stream and nothing else', () => {
    const args = picture({ video: { ...samplePlan.video, source: { input: 0, stream: 3 } } })
    expect(args.filter((_, index) => args[index - 1] === '-map')).toEqual(['0:3'])
    for (const kind of ['-an', '-sn', '-dn']) expect(args).toContain(kind)
  })

  it('says the language of the picture where there is one', () => {
    expect(picture()).not.toContain('-metadata:s:0')
    const args = picture({ video: { ...samplePlan.video, language: 'ger' } })
    expect(optionValue(args, '-metadata:s:0')).toBe('language=ger')
  })
})

describe('encoders', () => {
  it('keep what the server wrote, in its order, and open no group of pictures', () => {
    const args = encoded({
      codec: 'h264',
      ...{ crf: '21', maxrate: '3419k', bufsize: '6838k', preset: 'veryfast', tune: 'film' },
      ...{ profile: 'high', level: '4.1' },
      tuning: [
        ['subme', '2'],
        ['no_chroma_me', null],
        ['me', 'hex'],
      ],
    })
    const from = args.indexOf('-c:v')
    expect(args.slice(from, args.indexOf('-force_key_frames'))).toEqual([
      ...['-c:v', 'libx264', '-crf', '21', '-maxrate', '3419k', '-bufsize', '6838k'],
      ...['-preset', 'veryfast', '-tune', 'film', '-profile:v', 'high', '-level', '4.1'],
      ...['-x264opts', 'subme=2:no_chroma_me:me=hex:open-gop=0'],
    ])
  })

  it('take a bit rate where one is wanted', () => {
    const args = encoded({ codec: 'h264', bitrate: '2000k', tuning: [] })
    expect(optionValue(args, '-b:v')).toBe('2000k')
    expect(args).not.toContain('-crf')
  })

  it('of HEVC make each forced key frame one that can be begun with', () => {
    const args = encoded({ codec: 'hevc', crf: '24', tuning: [['aq-mode', '3']] })
    expect(optionValue(args, '-c:v')).toBe('libx265')
    expect(optionValue(args, '-x265-params')).toBe('aq-mode=3:open-gop=0:log-level=error')
    expect(optionValue(args, '-forced-idr')).toBe('1')
  })
})

describe('every lease', () => {
  const audio = () => {
    const compiled = software.compileAudio(samplePlan, middle)
    return 'out' in compiled ? [] : compiled.args
  }

  it.each([
    ['pictures', picture],
    ['sound', audio],
  ])('with %s opens nothing that the agent does not give it', (_name, compile) => {
    const args = compile()
    expect(args.filter((argument) => argument.startsWith('/'))).toEqual([])
    expect(args.filter((argument) => /\{.*\}/.test(argument))).toEqual([
      '{input:0}',
      '{progress}',
      '{output}/%d',
    ])
  })

  it.each([
    ['pictures', picture],
    ['sound', audio],
  ])('with %s keeps the file’s own times', (_name, compile) => {
    expect(compile().join(' ')).toContain('-start_at_zero -copyts')
  })
})

describe('the list of platforms', () => {
  it('finds each by its name, and none by another', () => {
    for (const platform of platforms) expect(platformNamed(platform.name)).toBe(platform)
    expect(platformNamed('abacus')).toBeUndefined()
  })
})
