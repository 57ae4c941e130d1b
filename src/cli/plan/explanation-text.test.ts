import { describe, expect, it } from 'vitest'
import type { Plan } from '../../plan/plan.ts'
import type { JobExplanation } from './explain-job.ts'
import { commandText, explanationText } from './explanation-text.ts'

const plan: Plan = {
  inputs: [{ path: '/films/a.mkv', seekMarginSeconds: 0.25 }],
  video: {
    source: { input: 0, stream: 0 },
    operations: [
      { kind: 'scale', width: '1280', height: '534', divisibleBy: 4 },
      { kind: 'format', pixelFormats: ['yuv420p', 'nv12'] },
    ],
    rate: { num: 30, den: 1 },
    fillFromZero: true,
    encoder: { codec: 'h264', crf: '21', maxrate: '3419k', preset: 'veryfast', tuning: [] },
  },
  audio: {
    source: { input: 0, stream: 1 },
    ...{ firstSampleSeconds: 0, seekSeconds: 0 },
    operations: [{ kind: 'resample', layout: 'stereo', rate: '48000' }],
    encoder: { codec: 'aac', rate: 48_000, bitrate: '119k' },
  },
  packaging: { kind: 'mpegts', maxDelayMicroseconds: 5_000_000, outputOffsetSeconds: 10 },
  timeline: {
    rate: { num: 30, den: 1 },
    firstSlot: 270,
    firstSegment: 3,
    segmentSeconds: 3,
    expectedEndSlot: 600,
  },
}
const explained = (change: Partial<JobExplanation> = {}): JobExplanation => ({
  ...{ decision: 'node', reason: null, code: null, pending: [], assumed: [], plan },
  platforms: { software: { args: ['-i', '{input:0}'], sound: ['-vn'] } },
  ...change,
})

describe('an explanation for people', () => {
  it('says what is made of what, and what would run', () => {
    expect(explanationText(explained()).split('\n')).toEqual([
      'node: this can be shared by nodes.',
      '',
      'input     /films/a.mkv',
      'picture   stream 0, scaled to 1280x534, as yuv420p or nv12, 30/1 frames a second, h264 crf 21 maxrate 3419k preset veryfast',
      'sound     stream 1, stereo, 48000 Hz, aac 119k',
      'segments  mpegts, 4 of 3 s from number 3 on, which begins at 9.000 s',
      '',
      'software, a lease from the first segment on:',
      '  ffmpeg -i {input:0}',
      'software, its sound:',
      '  ffmpeg -vn',
      '',
    ])
  })

  it('has no command for sound where there is none', () => {
    const text = explanationText(
      explained({ plan: { ...plan, audio: null }, platforms: { software: { args: ['-an'] } } }),
    )
    expect(text).toContain('sound     none')
    expect(text).not.toContain('its sound')
  })

  it('names platforms that cannot do it, and why', () => {
    const platforms = { software: { args: ['-an'] }, jetson: { out: 'no 10-bit' } }
    expect(explanationText(explained({ platforms }))).toContain('jetson is out: no 10-bit\n')
  })

  it('says how much of it a chip does, and how far a lease gets', () => {
    const platforms = {
      nvidia: { args: ['-an'], rung: 'decode-filter' as const },
      rockchip: { args: ['-an'], rung: 'full' as const, reach: 14 },
    }
    const text = explanationText(explained({ platforms }))
    expect(text).toContain('nvidia (encoded by the processor), a lease from the first segment on:')
    expect(text).toContain('rockchip (all on the chip), a lease from the first segment on, up to segment 14:')
  })

  it('is the reason alone for a job that stays local', () => {
    const local = explained({
      decision: 'local',
      reason: '-x is not understood here',
      plan: null,
      platforms: {},
    })
    expect(explanationText(local)).toBe(
      "local: the media server's own transcoder runs this.\n-x is not understood here\n",
    )
  })
})

describe('a command', () => {
  it.each([
    ['plain words', ['-i', '/a/b.mkv'], 'ffmpeg -i /a/b.mkv'],
    ['blanks', ['/a film.mkv'], "ffmpeg '/a film.mkv'"],
    ['quotes', ["it's"], "ffmpeg 'it'\\''s'"],
    [
      'what a shell would take for its own',
      ['expr:gte(t,n*3)', '$x', ''],
      "ffmpeg 'expr:gte(t,n*3)' '$x' ''",
    ],
    ['short lists', ['0,3,6,9,12'], 'ffmpeg 0,3,6,9,12'],
    ['long lists', ['0,3.5,6,9,12,15'], "ffmpeg '0,3.5,6,9,... (2 more)'"],
    ['long lists of other things', ['a,b,c,d,e,f,g'], 'ffmpeg a,b,c,d,e,f,g'],
  ])('can be read with %s', (_what, args, text) => {
    expect(commandText(args)).toBe(text)
  })
})
