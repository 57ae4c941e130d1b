import { describe, expect, it } from 'vitest'
import { parseFilterGraph } from '../command/parse-filter-graph.ts'
import { layoutOperations, pictureOperations, soundOperation } from './operations.ts'
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
    expect(pictureOperations(filterOf(text))).toEqual([operation])
  })

  it.each([
    ['overlay', 'the filter overlay'],
    ['scale=w=1280:h=720:flags=lanczos', 'with flags'],
    ['scale=w=1280', 'scale without a size'],
    ['scale=w=1280:h=720:force_divisible_by=x', 'the filter value x'],
    ['scale=w=1280:h=720:force_divisible_by=0', 'the filter value 0'],
    ["scale=w='if(a;1)':h=2", 'the filter value if(a;1)'],
    ["scale=w='1;2':h=2", 'the filter value 1;2'],
    // Quoted for the graph only: the filter reads two arguments, as FFmpeg's does.
    ["scale=w='1:eval=frame':h=2", 'the filter scale with eval'],
    ["scale=w='1\\:2':h=2", 'the filter value 1:2'],
    ['format', 'format without one'],
    ['format=pix_fmts=', 'format without one'],
    ['aresample=48000', 'the filter aresample'],
    ['scale_cuda=w=1280:h=720:eval=frame', 'scale_cuda with eval'],
    ['tonemap=mobius:peak=-1', 'with the peak -1'],
    ['tonemap=mobius:param=0.5', 'with a parameter'],
    ['tonemap=hable:param=x', 'with a parameter'],
    ['tonemap_cuda=bt2390:param=2', 'with a parameter'],
    ['tonemap_cuda=bt2390:tonemap_mode=rgb', 'the filter value rgb'],
    ['tonemap_vaapi=p=bt2020', 'the filter value bt2020'],
    ['libplacebo=tonemapping=st2094-40', 'the tone map st2094-40'],
    ['libplacebo=deband=1', 'libplacebo with deband'],
    ['scale_vt=w=2:h=2:color_matrix=bt2020', 'the filter value bt2020'],
    ['vpp_qsv=w=2:h=2:procamp=1', 'vpp_qsv with procamp'],
    ['vpp_rkrga=transpose=clock_flip', 'vpp_rkrga with clock_flip'],
    ['zscale=w=2:h=2', 'zscale with w'],
    ['setparams=field_mode=prog', 'setparams with field_mode'],
    ['transpose_vaapi=dir=1:passthrough=landscape', 'turns some pictures only'],
    ['pad=2:2:0:0:no-colour', 'the colour no-colour'],
    ['tonemap=spline', 'the filter value spline'],
    ['tonemap_opencl=mobius:m=bt2020', 'the filter value bt2020'],
    ['tonemap_opencl=mobius:r=pc', 'the filter value pc'],
    ['yadif=mode=2', 'the filter value 2'],
    ['deinterlace_vaapi=rate=3', 'the filter value 3'],
    ['vpp_qsv=w=1280:h=720:denoise=10', 'vpp_qsv with denoise'],
    ['vpp_qsv=w=1280:h=720:tonemap=2', 'the filter value 2'],
    ['setsar=max=9', 'with the ratio left out'],
    ['setdar=w/h', 'with the ratio w/h'],
    ['transpose=dir=cclock_flip', 'transpose with cclock_flip'],
    ['pad=2:2:x=@', 'the filter value @'],
  ])('%s stays with the server', (text, why) => {
    expect(() => pictureOperations(filterOf(text))).toThrow(NotPlannable)
    expect(() => pictureOperations(filterOf(text))).toThrow(why)
  })
})

describe('a filter on pictures that means something else than it is called', () => {
  const formatted = (name: string) => ({ kind: 'format', pixelFormats: [name] })
  const size = { kind: 'scale', width: '1280', height: '720' }
  const mapped = (curve: string) => ({ kind: 'tone-map', curve, transfer: 'pq' })
  const driver = { ...mapped('bt2390'), desaturation: 0, peakNits: 2030 }
  const fields = { kind: 'deinterlace', method: 'yadif', fieldRate: false, markedOnly: false, parity: 'auto' }
  it.each([
    ['hwupload', []],
    ['hwdownload', []],
    ['hwmap=derive_device=opencl', []],
    ['scale_cuda=w=1280:h=720:format=nv12', [size, formatted('nv12')]],
    ['scale_vaapi=w=1280:h=720:format=p010', [size, formatted('p010')]],
    ['scale_vaapi=format=nv12', [formatted('nv12')]],
    ['vpp_qsv=w=1280:h=720:format=same', [size]],
    ['tonemap=mobius', [mapped('mobius')]],
    ['tonemap=mobius:param=0.3', [mapped('mobius')]],
    ['tonemap=reinhard:param=0.50', [mapped('reinhard')]],
    ['tonemap_opencl=tonemap=hable:param=7', [mapped('hable')]],
    ['tonemap_cuda=tonemap=bt2390:param=1', [mapped('bt2390')]],
    ['tonemap_cuda=hable:nv12', [mapped('hable'), formatted('nv12')]],
    ['tonemap_opencl=tonemap=mobius:format=nv12:m=bt709:p=bt709:r=tv', [mapped('mobius'), formatted('nv12')]],
    ['tonemap=tonemap=reinhard:desat=0.5', [{ ...mapped('reinhard'), desaturation: 0.5 }]],
    ['yadif', [fields]],
    ['yadif_cuda=1:-1:1', [{ ...fields, fieldRate: true, markedOnly: true }]],
    [
      'bwdif=mode=send_field:parity=bff:deint=all',
      [{ ...fields, method: 'bwdif', fieldRate: true, parity: 'bff' }],
    ],
    ['deinterlace_vaapi', [fields]],
    ['deinterlace_vaapi=rate=field:auto=1', [{ ...fields, fieldRate: true, markedOnly: true }]],
    ['deinterlace_vaapi=bob:2', [{ ...fields, fieldRate: true }]],
    ['deinterlace_qsv=mode=advanced', [fields]],
    ['vpp_qsv=deinterlace=2', [fields]],
    ['vpp_qsv=deinterlace=0:tonemap=0', []],
    ['vpp_qsv=w=1280:h=720:tonemap=1:deinterlace=bob', [fields, size, driver]],
    ['hwupload_vaapi', []],
    ['scale_vulkan', []],
    ['vpp_qsv', []],
    ['scale=s=1280x720:flags=fast_bilinear', [{ ...size, flags: 'fast_bilinear' }]],
    [
      'scale=trunc(min(max(iw\\,ih*a)\\,1280)/2)*2:trunc(ow/a/2)*2',
      [{ kind: 'scale', width: 'trunc(min(max(iw,ih*a),1280)/2)*2', height: 'trunc(ow/a/2)*2' }],
    ],
    [
      'vpp_rkrga=w=1280:h=720:format=nv12:transpose=clock:afbc=1',
      [{ kind: 'turn', how: 'clock' }, size, formatted('nv12')],
    ],
    ['vpp_qsv=w=1280:h=720:transpose=cclock:async_depth=1', [{ kind: 'turn', how: 'cclock' }, size]],
    ['scale_vt=w=1280:h=720:color_matrix=bt709:color_primaries=bt709:color_transfer=bt709', [size, driver]],
    ['libplacebo=upscaler=none:downscaler=none:format=bgra', []],
    [
      'libplacebo=w=1280:h=720:format=nv12:tonemapping=bt.2390:peak_detect=0:colorspace=bt709',
      [size, driver, formatted('nv12')],
    ],
    ['tonemap_vaapi=format=nv12:p=bt709:t=bt709:m=bt709:extra_hw_frames=32', [driver, formatted('nv12')]],
    [
      'tonemapx=tonemap=bt2390:desat=0:peak=100:t=bt709:m=bt709:p=bt709:format=yuv420p',
      [driver, formatted('yuv420p')],
    ],
    [
      'tonemap_opencl=format=nv12:tonemap=bt2390:peak=400:desat=0:tradeoff=1',
      [{ ...driver, peakNits: 8120 }, formatted('nv12')],
    ],
    ['tonemap=hable:desat=0:peak=100', [{ ...mapped('hable'), desaturation: 0, peakNits: 10_000 }]],
    ['zscale=t=linear:npl=100', []],
    [
      'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709',
      [{ kind: 'color-tags', primaries: 'bt709', transfer: 'bt709', space: 'bt709' }],
    ],
    ['transpose_cuda=dir=clock', [{ kind: 'turn', how: 'clock' }]],
    ['hflip_vulkan', [{ kind: 'turn', how: 'hflip' }]],
    ['crop=w=1920:h=800:x=0:y=140', [{ kind: 'crop', width: '1920', height: '800', x: '0', y: '140' }]],
    ['crop=1920:800', [{ kind: 'crop', width: '1920', height: '800' }]],
    [
      'pad=1280:720:0:40:black',
      [{ kind: 'pad', width: '1280', height: '720', x: '0', y: '40', color: 'black' }],
    ],
    ['setsar=1/1', [{ kind: 'aspect', of: 'sar', ratio: '1/1' }]],
    ['setdar=dar=16/9', [{ kind: 'aspect', of: 'dar', ratio: '16/9' }]],
    ['transpose=1', [{ kind: 'turn', how: 'clock' }]],
    ['transpose_vaapi=dir=reversal', [{ kind: 'turn', how: 'half' }]],
    ['hflip', [{ kind: 'turn', how: 'hflip' }]],
  ])('%s', (text, operations) => {
    expect(pictureOperations(filterOf(text))).toEqual(operations)
  })
})

describe('a filter on sound', () => {
  it.each([
    ['aresample=48000', { kind: 'resample', rate: '48000' }],
    ['aresample=out_sample_rate=44100', { kind: 'resample', rate: '44100' }],
    ['aresample', { kind: 'resample' }],
    ['volume=2', { kind: 'volume', factor: '2' }],
    [
      'pan=stereo|c0=0.5*c2+0.707*c0+0.707*c4+0.5*c3|c1=0.5*c2+0.707*c1+0.707*c5+0.5*c3',
      { kind: 'mix', shares: 'stereo|c0=0.5*c2+0.707*c0+0.707*c4+0.5*c3|c1=0.5*c2+0.707*c1+0.707*c5+0.5*c3' },
    ],
    ['pan=stereo|FL<FL+0.5*FC|FR<FR+0.5*FC', { kind: 'mix', shares: 'stereo|FL<FL+0.5*FC|FR<FR+0.5*FC' }],
    ['volume=volume=3dB', { kind: 'volume', factor: '3dB' }],
    [
      "aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=48000",
      { kind: 'resample', async: '1', layout: 'stereo', rematrixMaximum: '0.000000dB', rate: '48000' },
    ],
    ["aresample=ocl='5.1(side)'", { kind: 'resample', layout: '5.1(side)' }],
  ])('%s is understood', (text, operation) => {
    expect(soundOperation(filterOf(text))).toEqual(operation)
  })

  it.each([
    ['volume=volume=x', 'the volume x'],
    ['loudnorm', 'the filter loudnorm'],
    ["pan='stereo|c0=a;b'", 'the filter pan with'],
    ['pan=stereo', 'the filter pan with stereo'],
    ['pan=stereo|c0=c0:x=1', 'the filter pan with'],
    ['aresample=48000:resampler=soxr', 'with resampler'],
    ["aresample=async='1;2'", 'the filter value 1;2'],
    ['scale=1:2', 'the filter scale'],
  ])('%s stays with the server', (text, why) => {
    expect(() => soundOperation(filterOf(text))).toThrow(NotPlannable)
    expect(() => soundOperation(filterOf(text))).toThrow(why)
  })
})

describe('the layout that an encoder of sound is told', () => {
  it('is one more mix after all filters', () => {
    expect(layoutOperations('5.1')).toEqual([{ kind: 'resample', layout: '5.1' }])
    expect(layoutOperations(null)).toEqual([])
    expect(() => layoutOperations("5.1',volume='2")).toThrow(NotPlannable)
  })
})
