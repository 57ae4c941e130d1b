import { describe, expect, it } from 'vitest'
import type { Seeking, SeekVerdict } from '../media/seeking.ts'
import type { PictureOperation, Plan, VideoPart } from '../plan/plan.ts'
import { samplePlan, sampleSound } from '../plan/testing/sample-plan.ts'
import { argumentFault } from './allowed.ts'
import type { LeaseRange } from './platform.ts'
import { software } from './software.ts'
import { soundLease } from './sound-lease.ts'
import { optionValue } from './testing/option-value.ts'

const middle: LeaseRange = { from: 2, to: 5, open: false, failures: 0 }
const onePiece: SeekVerdict = { kind: 'one-piece', why: 'times-back', detail: '' }

/** The sample plan of a film of which so much is known. */
function planWith(verdict: SeekVerdict, video: Partial<VideoPart> = {}): Plan {
  const inputs = samplePlan.inputs.map((input) => ({ ...input, seeking: { verdict } }))
  return { ...samplePlan, inputs, video: { ...samplePlan.video, ...video } }
}

function picture(plan: Plan, range: Partial<LeaseRange> = {}): readonly string[] {
  const compiled = software.compileVideo(plan, { ...middle, ...range })
  if ('out' in compiled) throw new Error(compiled.out)
  expect(argumentFault(compiled.args)).toBeUndefined()
  return compiled.args
}

const filtersOf = (args: readonly string[]) => optionValue(args, '-vf')!.split(/,(?=[a-z])/)
const soundFiltersOf = (args: readonly string[]) => optionValue(args, '-af')!.split(/,(?=[a-z])/)

describe('pictures of a film that no lease may seek in', () => {
  it('are decoded from where the session begins, and counted on its grid', () => {
    const args = picture(planWith(onePiece))
    expect(optionValue(args, '-ss')).toBeUndefined()
    expect(filtersOf(args).slice(0, 3)).toEqual([
      'fps=25/1:start_time=0',
      'trim=start_pts=100',
      'trim=end_frame=150',
    ])
  })

  it('are decoded from the same place by every lease of a session that begins later', () => {
    const timeline = { ...samplePlan.timeline, firstSlot: 750, firstSegment: 15 }
    const plan = { ...planWith(onePiece), timeline }
    const seeks = [15, 16, 40].map((from) => optionValue(picture(plan, { from, to: from + 1 }), '-ss'))
    expect(new Set(seeks)).toEqual(new Set(['29.750000']))
    expect(filtersOf(picture(plan, { from: 16, to: 17 })).join()).not.toContain('start_time')
  })

  it('are sought in as soon as it is known that they may be, and where they were from then on', () => {
    const seeking: { -readonly [K in keyof Seeking]: Seeking[K] } = { verdict: onePiece }
    const plan = { ...samplePlan, inputs: [{ ...samplePlan.inputs[0]!, seeking }] }
    expect(optionValue(picture(plan), '-ss')).toBeUndefined()
    seeking.verdict = { kind: 'seek', marginSeconds: 0 }
    expect(picture(plan)).toEqual(picture(samplePlan))
  })
})

describe('pictures whose key frames are known to lie far apart', () => {
  it.each([
    [0, '3.750000'],
    [2.5, '1.500000'],
  ])('are decoded from so much earlier: %s s', (marginSeconds, seek) => {
    expect(optionValue(picture(planWith({ kind: 'seek', marginSeconds })), '-ss')).toBe(seek)
  })
})

describe('pictures that begin after the session does', () => {
  const late = planWith({ kind: 'seek', marginSeconds: 0 }, { beginsSeconds: 5.02 })

  it('fill a lease in front of them from its own first slot on', () => {
    const args = picture(late)
    expect(optionValue(args, '-ss')).toBeUndefined()
    expect(filtersOf(args)[0]).toBe('fps=25/1:start_time=4.000000')
  })

  it('leave a lease behind their beginning alone', () => {
    const args = picture(late, { from: 3 })
    expect(optionValue(args, '-ss')).toBe('5.750000')
    expect(filtersOf(args)[0]).toBe('fps=25/1')
  })

  it('fill the first slots of a session from the beginning, whatever the file says of where they begin', () => {
    const timeline = { ...samplePlan.timeline, firstSlot: 5 }
    const plan = { ...samplePlan, timeline, video: { ...samplePlan.video, fillFromZero: false } }
    expect(filtersOf(picture(plan, { from: 0 }))[0]).toBe('fps=25/1:start_time=0.200000')
    expect(filtersOf(picture(plan, { from: 1 }))[0]).toBe('fps=25/1')
    const sought = { ...plan, timeline: { ...timeline, firstSlot: 50 } }
    expect(filtersOf(picture(sought, { from: 0 }))[0]).toBe('fps=25/1')
  })

  it('fill nothing where the session begins with them', () => {
    const args = picture({ ...late, video: { ...late.video, fillFromZero: false } })
    expect(filtersOf(args)[0]).toBe('fps=25/1')
  })
})

describe('pictures that change their size', () => {
  const size = { width: 718, height: 404 }
  const scale: PictureOperation = { kind: 'scale', width: '320', height: '180' }
  const format: PictureOperation = { kind: 'format', pixelFormats: ['yuv420p'] }
  const deinterlace: PictureOperation = {
    kind: 'deinterlace',
    method: 'yadif',
    fieldRate: false,
    markedOnly: true,
    parity: 'auto',
  }

  it('never begin the filters anew, which count', () => {
    const args = picture(samplePlan)
    expect(optionValue(args, '-reinit_filter')).toBe('0')
    expect(args.indexOf('-reinit_filter')).toBeLessThan(args.indexOf('-i'))
  })

  it.each<[string, PictureOperation[], boolean]>([
    ['that no filter scales', [format], true],
    ['that are scaled by their own size', [{ ...scale, width: '-2' }], true],
    ['whose fields are joined first', [deinterlace, scale], true],
    ['that are cropped first', [{ kind: 'crop', width: '100', height: '50' }, scale], true],
    ['that are scaled to one size', [scale, format], false],
    ['whose format is changed before', [format, scale], false],
  ])('are made as large as the first, %s: %#', (_, operations, isScaled) => {
    const filters = filtersOf(picture({ ...samplePlan, video: { ...samplePlan.video, operations, size } }))
    expect(filters[0] === 'scale=w=718:h=404').toBe(isScaled)
  })
})

describe('sound of a film that no lease may seek in', () => {
  const sound = (plan: Plan, range: Partial<LeaseRange> = {}) => soundLease(plan, { ...middle, ...range })
  const first = soundFiltersOf(sound({ ...samplePlan, audio: sampleSound }, { from: 0 }))

  it.each([
    ['because of its pictures', { ...planWith(onePiece), audio: sampleSound }],
    ['by itself', { ...samplePlan, audio: { ...sampleSound, seeking: { verdict: onePiece } } }],
  ])('goes through what the first lease has, and drops what is before its own: %s', (_, plan) => {
    const args = sound(plan)
    expect(optionValue(args, '-ss')).toBeUndefined()
    const filters = soundFiltersOf(args)
    const begin = filters.findIndex((filter) => filter.startsWith('atrim=start_pts='))
    expect(filters.slice(0, begin)).toEqual(first.slice(0, begin))
    expect(filters[begin - 1]).toMatch(/^aresample=first_pts=0:/)
  })

  it('is as ever in its first lease', () => {
    const plan = { ...planWith(onePiece), audio: sampleSound }
    expect(sound(plan, { from: 0 })).toEqual(sound({ ...samplePlan, audio: sampleSound }, { from: 0 }))
  })
})
