import { describe, expect, it } from 'vitest'
import { parseFilterGraph } from '../command/parse-filter-graph.ts'
import { pictureOperation, soundOperation } from './operations.ts'
import { NotPlannable } from './refusal.ts'

function filterOf(text: string) {
  const graph = parseFilterGraph(`[0:0]${text}[1]`)
  if (graph.kind === 'error') throw new Error(graph.what)
  return graph.chains[0]!.filters[0]!
}

describe('a filter on pictures', () => {
  it.each([
    ['scale=w=1280:h=720', { kind: 'scale', width: '1280', height: '720' }],
    ['scale=1280:720', { kind: 'scale', width: '1280', height: '720' }],
    ['scale=width=-2:height=480', { kind: 'scale', width: '-2', height: '480' }],
    [
      'scale=w=1280:h=720:force_divisible_by=4',
      { kind: 'scale', width: '1280', height: '720', divisibleBy: 4 },
    ],
    ['scale=w=trunc(iw/2)*2:h=ih', { kind: 'scale', width: 'trunc(iw/2)*2', height: 'ih' }],
    ['format=pix_fmts=yuv420p|nv12', { kind: 'format', pixelFormats: ['yuv420p', 'nv12'] }],
    ['format=nv12', { kind: 'format', pixelFormats: ['nv12'] }],
  ])('%s is understood', (text, operation) => {
    expect(pictureOperation(filterOf(text))).toEqual(operation)
  })

  it.each([
    ['overlay', 'the filter overlay'],
    ['scale=w=1280:h=720:flags=lanczos', 'with flags'],
    ['scale=w=1280', 'scale without a size'],
    ['scale=w=1280:h=720:force_divisible_by=x', 'the filter value x'],
    ['scale=w=1280:h=720:force_divisible_by=0', 'the filter value 0'],
    ["scale=w='if(gt(a,1),2,3)':h=2", 'the filter value if(gt(a,1),2,3)'],
    ["scale=w='1;2':h=2", 'the filter value 1;2'],
    // Quoted for the graph only: the filter reads two arguments, as FFmpeg's does.
    ["scale=w='1:eval=frame':h=2", 'the filter scale with eval'],
    ["scale=w='1\\:2':h=2", 'the filter value 1:2'],
    ['format', 'format without one'],
    ['format=pix_fmts=', 'format without one'],
    ['aresample=48000', 'the filter aresample'],
  ])('%s stays with the server', (text, why) => {
    expect(() => pictureOperation(filterOf(text))).toThrow(NotPlannable)
    expect(() => pictureOperation(filterOf(text))).toThrow(why)
  })
})

describe('a filter on sound', () => {
  it.each([
    ['aresample=48000', { kind: 'resample', rate: '48000' }],
    ['aresample=out_sample_rate=44100', { kind: 'resample', rate: '44100' }],
    ['aresample', { kind: 'resample' }],
    [
      "aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=48000",
      { kind: 'resample', async: '1', layout: 'stereo', rematrixMaximum: '0.000000dB', rate: '48000' },
    ],
    ["aresample=ocl='5.1(side)'", { kind: 'resample', layout: '5.1(side)' }],
  ])('%s is understood', (text, operation) => {
    expect(soundOperation(filterOf(text))).toEqual(operation)
  })

  it.each([
    ['volume=2', 'the filter volume'],
    ['aresample=48000:resampler=soxr', 'with resampler'],
    ["aresample=async='1;2'", 'the filter value 1;2'],
    ['scale=1:2', 'the filter scale'],
  ])('%s stays with the server', (text, why) => {
    expect(() => soundOperation(filterOf(text))).toThrow(NotPlannable)
    expect(() => soundOperation(filterOf(text))).toThrow(why)
  })
})
