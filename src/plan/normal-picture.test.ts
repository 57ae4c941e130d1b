import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalPicture, type PictureFrame } from './normal-picture.ts'
import type { PictureOperation } from './plan.ts'
import { NotPlannable } from './refusal.ts'

const film: PictureFrame = {
  ...{ size: { width: 1920, height: 800 }, sampleAspect: 1, bits: 8, chipCodec: null },
}
const format = (...pixelFormats: string[]): PictureOperation => ({ kind: 'format', pixelFormats })
const scale = (width: string, height: string): PictureOperation => ({ kind: 'scale', width, height })
const toneMap: PictureOperation = { kind: 'tone-map', curve: 'hable', transfer: 'pq' }
const text: PictureOperation = {
  ...{ kind: 'burn-text', source: { input: 0, stream: 2 }, style: [], fonts: [], alone: false },
}
const tags: PictureOperation = { kind: 'color-tags', primaries: 'bt709', transfer: 'bt709', space: 'bt709' }
const hdr: PictureOperation = { kind: 'color-tags', primaries: 'bt2020', transfer: 'smpte2084' }
const normal = (operations: readonly PictureOperation[], change: Partial<PictureFrame> = {}) =>
  normalPicture(operations, { ...film, ...change })

describe('sizes in their normal form', () => {
  it.each([
    ['trunc(min(max(iw,ih*a),1280)/2)*2', 'trunc(ow/a/2)*2', scale('1280', '532')],
    ['iw/2', 'ih/2', scale('960', '400')],
    ['trunc(oh*a/2)*2', '720', scale('1728', '720')],
    ['trunc(oh*a/2)*2', 'min(max(iw/a,ih),480)', scale('1152', '480')],
    ['0', '720', scale('0', '720')],
    ['-2', '480', scale('-2', '480')],
  ])('%s and %s', (width, height, operation) => {
    expect(normal([scale(width, height)])).toEqual([operation])
  })

  it('are left out where nothing changes, also after other operations', () => {
    expect(normal([scale('1920', '800')])).toEqual([])
    expect(normal([scale('trunc(iw/2)*2', 'ih')])).toEqual([])
    expect(normal([{ kind: 'turn', how: 'clock' }, scale('800', '1920')])).toEqual([
      { kind: 'turn', how: 'clock' },
    ])
    expect(normal([scale('960', '400'), scale('960', '400')])).toEqual([scale('960', '400')])
    const crop: PictureOperation = { kind: 'crop', width: '1920', height: '800' }
    expect(normal([crop])).toEqual([])
    expect(normal([scale('960', '400'), crop])).toEqual([scale('960', '400'), crop])
  })

  it('know the shape of a sample', () => {
    expect(normal([scale('ih*dar', 'ih')], { sampleAspect: 0.5 })).toEqual([scale('960', '800')])
  })

  it('need no divisor where both sides are given', () => {
    const both: PictureOperation = { kind: 'scale', width: '1280', height: '534', divisibleBy: 4 }
    expect(normal([both])).toEqual([scale('1280', '534')])
    const one: PictureOperation = { ...both, height: '-1' }
    expect(normal([one])).toEqual([one])
  })

  it.each([
    ['of a source of unknown size', scale('iw/2', 'ih/2'), { size: null }],
    ['by what nobody knows', scale('main_w', 'ih'), {}],
    ['that is no number', scale('0/0', 'ih'), {}],
  ])('are refused %s', (_what, operation, change) => {
    expect(() => normal([operation], change)).toThrow(NotPlannable)
  })
})

describe('formats in their normal form', () => {
  it.each([
    ['a choice of the same', [format('yuv420p', 'nv12')], [format('yuv420p')]],
    ['a choice between memory and chip', [format('nv12', 'vaapi')], [format('yuv420p')]],
    ['a chip’s memory', [format('vaapi')], []],
    ['one before a size', [format('nv12'), scale('960', '400')], [scale('960', '400'), format('yuv420p')]],
    [
      'the same twice',
      [format('nv12'), scale('960', '400'), format('yuv420p')],
      [scale('960', '400'), format('yuv420p')],
    ],
    ['one behind text', [text, format('nv12')], [format('yuv420p'), text]],
    ['more depth on the way', [format('p010'), format('nv12')], [format('yuv420p')]],
    ['what a tone map reads', [format('p010le'), toneMap, format('nv12')], [toneMap, format('yuv420p')]],
  ])('%s', (_what, operations, expected) => {
    expect(normal(operations)).toEqual(expected)
  })

  it.each([
    ['less depth on the way', [format('nv12'), format('p010')]],
    ['less colour on the way', [format('gray'), format('yuv420p')]],
    ['less depth before a tone map', [format('nv12'), toneMap]],
  ])('are refused: %s', (_what, operations) => {
    expect(() => normal(operations)).toThrow(NotPlannable)
  })

  it.each([
    ['h264', [], 'yuv420p'],
    ['h264', [format('p010')], 'yuv420p'],
    ['hevc', [format('p010')], 'yuv420p10le'],
    ['av1', [format('p010')], 'yuv420p10le'],
    ['hevc', [format('nv12')], 'yuv420p'],
  ] as const)('of a chip that makes %s of %j', (chipCodec, operations, expected) => {
    expect(normal(operations, { chipCodec })).toEqual([format(expected)])
  })
})

describe('colours in their normal form', () => {
  it('are a tone map’s own affair', () => {
    expect(normal([hdr, toneMap, tags])).toEqual([toneMap])
    expect(normal([tags])).toEqual([tags])
  })

  it('stay where they say something else afterwards', () => {
    const other: PictureOperation = { kind: 'color-tags', transfer: 'smpte170m' }
    expect(normal([toneMap, other])).toEqual([toneMap, other])
  })
})

describe('the normal form', () => {
  it('of a normal form is itself', () => {
    const some = fc.constantFrom(
      ...[scale('960', '400'), scale('iw', 'ih'), format('nv12'), format('yuv420p', 'nv12'), tags, text],
    )
    const chipCodec = fc.constantFrom('h264', 'hevc', null)
    fc.assert(
      fc.property(fc.array(some, { maxLength: 6 }), chipCodec, (operations, codec) => {
        const once = normal(operations, { chipCodec: codec })
        expect(normal(once, { chipCodec: codec })).toEqual(once)
      }),
    )
  })
})

describe('a choice of formats of several depths', () => {
  const either = format('nv12', 'p010le', 'videotoolbox_vld')

  it('is the nearest to what comes in', () => {
    expect(normal([either])).toEqual([format('yuv420p')])
    expect(normal([either], { bits: 10 })).toEqual([format('yuv420p10le')])
    expect(normal([either], { bits: 12 })).toEqual([format('yuv420p10le')])
    expect(normal([format('yuv420p10le'), either])).toEqual([format('yuv420p10le')])
  })

  it('leaves a tone map its ten bits, and has eight behind it', () => {
    expect(normal([either, toneMap, format('nv12')])).toEqual([toneMap, format('yuv420p')])
    expect(normal([toneMap, either], { bits: 10 })).toEqual([toneMap, format('yuv420p')])
    expect(() => normal([format('nv12'), toneMap])).toThrow(NotPlannable)
  })
})
