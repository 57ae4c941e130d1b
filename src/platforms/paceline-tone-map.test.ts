import { describe, expect, it } from 'vitest'
import type { PictureOperation, Plan } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { bestPlatform } from './all.ts'
import { argumentFault } from './allowed.ts'
import { pacelineToneMap } from './paceline-tone-map.ts'
import type { LeaseRange } from './platform.ts'
import { software } from './software.ts'
import { optionValue } from './testing/option-value.ts'

type ToneMap = Extract<PictureOperation, { kind: 'tone-map' }>

const range: LeaseRange = { from: 2, to: 5, open: false, failures: 0 }

const scale = { kind: 'scale', width: '1280', height: '720' } as const
const format = { kind: 'format', pixelFormats: ['yuv420p'] } as const

function doing(...operations: readonly PictureOperation[]): Plan {
  return { ...samplePlan, video: { ...samplePlan.video, operations } }
}

const mapping = (change: Partial<ToneMap> = {}): ToneMap => ({
  ...{ kind: 'tone-map', curve: 'mobius', transfer: 'pq' },
  ...change,
})

/** The filters of a lease behind those that put frames on slots. */
function filtersOf(plan: Plan): string {
  const compiled = pacelineToneMap.compileVideo(plan, range)
  if ('out' in compiled) throw new Error(compiled.out)
  expect(argumentFault(compiled.args)).toBeUndefined()
  return optionValue(compiled.args, '-vf')!.replace(/^.*trim=end_frame=\d+,/, '')
}

describe('a tone map by our own filter', () => {
  it('says what the source is, gives it ten bits, and leaves the other operations where they are', () => {
    expect(filtersOf(doing(scale, mapping(), format))).toBe(
      [
        'scale=w=1280:h=720',
        'setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc',
        'format=yuv420p10le',
        'tonemap_paceline=tonemap=mobius:peak=1000:desat=0',
        'format=pix_fmts=yuv420p',
      ].join(','),
    )
  })

  it.each<[string, Partial<ToneMap>, string]>([
    ['HLG', { transfer: 'hlg' }, 'color_trc=arib-std-b67'],
    ['the curve of BT.2390', { curve: 'bt2390' }, 'tonemap=bt2390:'],
    ['the peak of its film', { peakNits: 4000 }, ':peak=4000:'],
    ['a peak that is no whole number', { peakNits: 603.7 }, ':peak=604:'],
    ['a peak that PQ cannot have', { peakNits: 65_535 }, ':peak=10000:'],
    ['a peak that no film has', { peakNits: 1 }, ':peak=10:'],
    ['desaturation', { desaturation: 0.5 }, ':desat=0.5'],
  ])('is told %s', (_what, change, text) => {
    expect(filtersOf(doing(mapping(change)))).toContain(text)
  })

  it('is the same for every lease', () => {
    const plan = doing(mapping({ peakNits: 1200 }), format)
    const args = [0, 3, 7].map((from) => pacelineToneMap.compileVideo(plan, { ...range, from, to: from + 2 }))
    const maps = args.map((compiled) => ('args' in compiled ? optionValue(compiled.args, '-vf')! : ''))
    expect(new Set(maps.map((text) => text.slice(text.indexOf('setparams')))).size).toBe(1)
  })

  it('makes sound as FFmpeg does', () => {
    expect(pacelineToneMap.compileAudio(samplePlan, range)).toEqual(software.compileAudio(samplePlan, range))
  })

  it.each(['linear', 'gamma', 'none'] as const)('leaves the curve %s to FFmpeg', (curve) => {
    const plan = doing(mapping({ curve }))
    expect(pacelineToneMap.suits(plan)).toBe(false)
    expect(pacelineToneMap.compileVideo(plan, range)).toEqual(software.compileVideo(plan, range))
  })
})

describe('the best platform for a plan', () => {
  const both = ['paceline-tone-map', 'software']

  it.each<[string, Plan, string[][], string | undefined]>([
    ['is ours for HDR, where a node has it', doing(mapping()), [['software'], both], 'paceline-tone-map'],
    ['is FFmpeg’s own for HDR, where none has', doing(mapping()), [['software'], ['software']], 'software'],
    ['is FFmpeg’s own where nothing is tone mapped', doing(scale), [both], 'software'],
    [
      'is FFmpeg’s own for a curve that is only there',
      doing(mapping({ curve: 'gamma' })),
      [both],
      'software',
    ],
    ['is none where no node can work', doing(mapping()), [['videotoolbox'], []], undefined],
    ['is none without nodes', doing(mapping()), [], undefined],
  ])('%s', (_what, plan, offers, name) => {
    expect(bestPlatform(plan, offers)?.name).toBe(name)
  })
})
