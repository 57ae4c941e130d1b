import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { assumedMedia } from './assumed-media.ts'
import type { Plan } from './plan.ts'
import { readSegmentedJob } from './segmented.ts'
import { planOf } from './testing/plan-of.ts'

const tags = 'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709'
const hdrTags = 'setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc'
const narrow = 'p=bt709:t=bt709:m=bt709:tonemap=bt2390:peak=100:desat=0'
const rates = ['-b:v', '4000000', '-maxrate', '4000000', '-bufsize', '8000000', '-profile:v:0', 'high']
const groups = ['-g:v:0', '75', '-keyint_min:v:0', '75']
const forced = ['-force_key_frames:0', 'expr:gte(t,n_forced*3)']
const text = "subtitles=f='/subs/a.srt':charenc=utf-8:fontsdir='/fonts'"
const drawn = `alphasrc=s=1920x1080:r=10:start='0',format=yuva420p,${text}:alpha=1:sub2video=1`
const canvas =
  'scale,scale=-1:1080:fast_bilinear,crop,pad=max(1920\\,iw):max(1080\\,ih):(ow-iw)/2:(oh-ih)/2:black@0,crop=1920:1080'

/** How one job is written for one maker of chips, as Jellyfin writes it. */
interface Writing {
  readonly input: readonly string[]
  readonly encoder: readonly string[]
  readonly scaled: string
  readonly mapped: string
  readonly fields: string
  readonly turned: string
  readonly text: string
  readonly bitmaps: string
}

const software: Writing = {
  input: [],
  encoder: ['libx264', '-preset', 'veryfast', ...rates, '-sc_threshold:v:0', '0', ...forced],
  scaled: `${tags},scale=trunc(min(max(iw\\,ih*a)\\,1280)/2)*2:trunc(ow/a/2)*2,format=yuv420p`,
  mapped: `${hdrTags},scale=w=1280:h=720,tonemapx=format=yuv420p:${narrow}`,
  fields: `${tags},yadif=0:-1:0,format=yuv420p`,
  turned: `${tags},transpose=clock,format=yuv420p`,
  text: `[0:0]${tags},format=yuv420p,${text}`,
  bitmaps: `[0:3]${canvas}[sub];[0:0]${tags},format=yuv420p[main];[main][sub]overlay=eof_action=pass:repeatlast=0`,
}

/** A graph in which the film is laid under something: `{F}` its filters, `{U}` the way of the other to the chip. */
const laid = (side: string, upload: string, filters: string, overlay: string) =>
  `${side},${upload}[sub];[0:0]${tags},${filters}[main];[main][sub]${overlay}`
const over = 'eof_action=pass:repeatlast=0'

const cuda = [
  '-init_hw_device',
  'cuda=cu:0',
  '-filter_hw_device',
  'cu',
  '-hwaccel',
  'cuda',
  '-hwaccel_output_format',
]
const vaapi = [
  '-init_hw_device',
  'vaapi=va:/dev/dri/renderD128',
  '-hwaccel',
  'vaapi',
  '-hwaccel_output_format',
  'vaapi',
]
const toQsv = 'hwmap=derive_device=qsv,format=qsv'

const chips: Readonly<Record<string, Writing>> = {
  nvenc: {
    input: [...cuda, 'cuda', '-noautorotate', '-hwaccel_flags', '+unsafe_output', '-threads', '1'],
    encoder: ['h264_nvenc', '-preset', 'p1', ...rates, ...groups],
    scaled: `${tags},scale_cuda=w=1280:h=720:format=yuv420p`,
    mapped: `${hdrTags},scale_cuda=w=1280:h=720,tonemap_cuda=format=yuv420p:${narrow}:tonemap_mode=max:range=tv`,
    fields: `${tags},yadif_cuda=0:-1:0,scale_cuda=format=yuv420p`,
    turned: `${tags},transpose_cuda=dir=clock,scale_cuda=format=yuv420p`,
    text: laid(
      drawn,
      'hwupload=derive_device=cuda',
      'scale_cuda=format=yuv420p',
      `overlay_cuda=${over}:alpha_format=premultiplied`,
    ),
    bitmaps: laid(
      `[0:3]${canvas},format=yuva420p`,
      'hwupload=derive_device=cuda',
      'scale_cuda=format=yuv420p',
      `overlay_cuda=${over}`,
    ),
  },
  qsv: {
    input: [...vaapi, '-init_hw_device', 'qsv=qs@va', '-filter_hw_device', 'qs', '-noautorotate'],
    encoder: [
      ...['h264_qsv', '-preset', 'veryfast', '-mbbrc', '1', '-b:v', '4000000', '-maxrate', '4000001'],
      ...['-rc_init_occupancy', '8000000', '-bufsize', '16000000', '-profile:v:0', 'high', ...groups],
    ],
    scaled: `${tags},scale_vaapi=w=1280:h=720:format=nv12:extra_hw_frames=24,${toQsv}`,
    mapped: `${hdrTags},hwmap=derive_device=qsv,vpp_qsv=w=1280:h=720:format=nv12:tonemap=1:async_depth=2`,
    fields: `${tags},deinterlace_qsv=mode=2,vpp_qsv=format=nv12`,
    turned: `${tags},vpp_qsv=transpose=clock:format=nv12`,
    text: laid(
      drawn,
      'hwupload=derive_device=qsv:extra_hw_frames=64',
      `scale_vaapi=format=nv12,${toQsv}`,
      `overlay_qsv=${over}:w=1920:h=1080`,
    ),
    bitmaps: laid(
      `[0:3]${canvas},format=bgra`,
      'hwupload=derive_device=qsv',
      `scale_vaapi=format=nv12,${toQsv}`,
      `overlay_qsv=${over}:w=1920:h=1080`,
    ),
  },
  vaapi: {
    input: [...vaapi, '-filter_hw_device', 'va', '-autorotate', '0'],
    encoder: [
      'h264_vaapi',
      '-compression_level',
      '7',
      '-rc_mode',
      'VBR',
      ...rates,
      '-sei',
      '-a53_cc',
      ...forced,
    ],
    scaled: `format=nv12|vaapi,hwupload,${tags},scale_vaapi=w=1280:h=720:format=nv12`,
    mapped: `${hdrTags},scale_vaapi=w=1280:h=720,procamp_vaapi=b=16:c=1,tonemap_vaapi=format=nv12:p=bt709:t=bt709:m=bt709:extra_hw_frames=32`,
    fields: `${tags},deinterlace_vaapi=rate=frame,scale_vaapi=format=nv12`,
    turned: `${tags},transpose_vaapi=dir=clock,scale_vaapi=format=nv12`,
    text: `[0:0]${tags},scale_vaapi=format=nv12,hwmap,format=nv12,${text},hwmap,format=vaapi`,
    bitmaps: laid(
      `[0:3]${canvas},format=bgra`,
      'hwupload=derive_device=vaapi',
      'scale_vaapi=format=nv12',
      `overlay_vaapi=${over}:w=1920:h=1080`,
    ),
  },
  'vaapi with opencl and vulkan': {
    input: [...vaapi, '-init_hw_device', 'opencl=ocl@va', '-noautorotate'],
    encoder: ['h264_vaapi', '-compression_level', '7', ...rates, ...forced],
    scaled: `${tags},hwmap=derive_device=vulkan,format=vulkan,libplacebo=upscaler=none:w=1280:h=720:format=bgra,hwmap=derive_device=vaapi,format=vaapi,scale_vaapi=format=nv12`,
    mapped: `${hdrTags},hwmap=derive_device=vulkan,libplacebo=w=1280:h=720:format=nv12:tonemapping=bt.2390:peak_detect=0:color_primaries=bt709:color_trc=bt709:colorspace=bt709`,
    fields: `${tags},deinterlace_vaapi,hwmap=derive_device=opencl,scale_opencl=format=nv12`,
    turned: `${tags},hwmap=derive_device=opencl,transpose_opencl=dir=clock,scale_opencl=format=nv12`,
    text: laid(
      drawn,
      'hwupload=derive_device=vulkan,format=vulkan',
      'scale_vulkan,format=vulkan',
      'overlay_vulkan',
    ),
    bitmaps: laid(
      `[0:3]${canvas}`,
      'hwupload=derive_device=vulkan',
      'scale_vulkan',
      'overlay_vulkan,scale_vaapi=format=nv12',
    ),
  },
  amf: {
    input: [
      '-init_hw_device',
      'd3d11va=dx11:,vendor=0x1002',
      '-hwaccel',
      'd3d11va',
      '-hwaccel_output_format',
      'd3d11',
      '-noautorotate',
    ],
    encoder: [
      'h264_amf',
      '-quality',
      'speed',
      '-rc',
      'cbr',
      '-qmin',
      '0',
      '-qmax',
      '32',
      ...rates,
      ...groups,
    ],
    scaled: `${tags},hwmap=derive_device=opencl:mode=read,scale_opencl=w=1280:h=720:format=nv12,hwmap=derive_device=d3d11va:mode=write:reverse=1,format=d3d11`,
    mapped: `${hdrTags},hwmap=derive_device=opencl:mode=read,scale_opencl=w=1280:h=720,tonemap_opencl=format=nv12:${narrow},hwmap=derive_device=d3d11va:mode=write:reverse=1,format=d3d11`,
    fields: `${tags},yadif_opencl=0:-1:0,scale_opencl=format=nv12`,
    turned: `${tags},transpose_opencl=dir=clock`,
    text: laid(
      drawn,
      'hwupload=derive_device=opencl',
      'scale_opencl=format=nv12',
      `overlay_opencl=${over}:alpha_format=premultiplied`,
    ),
    bitmaps: laid(
      `[0:3]${canvas}`,
      'hwupload=derive_device=opencl',
      'scale_opencl=format=nv12',
      `overlay_opencl=${over}`,
    ),
  },
  rkmpp: {
    input: [
      '-init_hw_device',
      'rkmpp=rk',
      '-hwaccel',
      'rkmpp',
      '-hwaccel_output_format',
      'drm_prime',
      '-noautorotate',
      '-afbc',
      'rga',
    ],
    encoder: ['h264_rkmpp', ...rates, ...groups],
    scaled: `${tags},vpp_rkrga=w=1280:h=720:format=nv12:afbc=1`,
    mapped: `${hdrTags},vpp_rkrga=w=1280:h=720:format=p010,hwmap=derive_device=opencl,tonemap_opencl=format=nv12:${narrow}:tradeoff=1,hwmap=derive_device=rkmpp:reverse=1,format=drm_prime`,
    fields: `${tags},hwdownload,yadif,hwupload`,
    turned: `${tags},vpp_rkrga=format=nv12:transpose=clock:afbc=1`,
    text: laid(
      drawn,
      'hwupload=derive_device=rkmpp',
      'vpp_rkrga=format=nv12',
      `overlay_rkrga=${over}:format=nv12:afbc=1`,
    ),
    bitmaps: laid(
      `[0:3]${canvas},format=bgra`,
      'hwupload=derive_device=rkmpp',
      'vpp_rkrga=format=nv12',
      `overlay_rkrga=${over}:format=nv12:afbc=1`,
    ),
  },
  videotoolbox: {
    input: [
      '-init_hw_device',
      'videotoolbox=vt',
      '-hwaccel',
      'videotoolbox',
      '-hwaccel_output_format',
      'videotoolbox_vld',
      '-noautorotate',
    ],
    encoder: [
      'h264_videotoolbox',
      '-prio_speed',
      '1',
      ...rates,
      '-qmin',
      '-1',
      '-qmax',
      '-1',
      ...forced,
      ...groups,
    ],
    scaled: `${tags},scale_vt=w=1280:h=720,format=nv12`,
    mapped: `scale_vt=w=1280:h=720,tonemap_videotoolbox=format=nv12:${narrow}`,
    fields: `${tags},yadif_videotoolbox=0:-1:0`,
    turned: `${tags},transpose_vt=dir=clock`,
    text: laid(drawn, 'hwupload', 'scale_vt', `overlay_videotoolbox=${over}:alpha_format=premultiplied`),
    bitmaps: laid(`[0:3]${canvas}`, 'hwupload', 'scale_vt', `overlay_videotoolbox=${over}`),
  },
  v4l2: {
    input: [],
    encoder: ['h264_v4l2m2m', '-num_capture_buffers', '32', ...rates, ...forced, ...groups],
    scaled: `${tags},scale=1280:720,format=yuv420p`,
    mapped: `${hdrTags},scale=1280:720,tonemapx=${narrow},format=yuv420p`,
    fields: `${tags},yadif,format=nv21`,
    turned: `${tags},transpose=1`,
    text: `[0:0]${tags},${text}`,
    bitmaps: `[0:3]${canvas}[sub];[0:0]${tags}[main];[main][sub]overlay=${over}`,
  },
}

/** Presets that a family cannot be told: then there is none in the plan. */
const careless = new Set(['rkmpp', 'v4l2'])

const jobs = ['scaled', 'mapped', 'fields', 'turned', 'text', 'bitmaps'] as const

function lineOf(writing: Writing, job: (typeof jobs)[number]): string[] {
  const isComplex = job === 'text' || job === 'bitmaps'
  return [
    ...['-analyzeduration', '200M', ...writing.input, '-i', 'file:/films/film.mkv', '-noautoscale'],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-threads', '0', '-map', '0:0', '-map', '0:1'],
    ...['-map', isComplex ? '-0:0' : '-0:s', '-codec:v:0', ...writing.encoder],
    ...[isComplex ? '-filter_complex' : '-vf', writing[job]],
    ...['-codec:a:0', 'libfdk_aac', '-ac', '2', '-ab', '256000', '-af', 'volume=2', '-copyts'],
    ...[
      '-avoid_negative_ts',
      'disabled',
      '-max_muxing_queue_size',
      '2048',
      '-f',
      'hls',
      '-max_delay',
      '5000000',
    ],
    ...['-hls_time', '3', '-hls_segment_type', 'mpegts', '-start_number', '0', '-hls_segment_filename'],
    ...['/out/a%d.ts', '-hls_playlist_type', 'vod', '-hls_list_size', '0', '-y', '/out/a.m3u8'],
  ]
}

function withoutPreset(plan: Plan): Plan {
  const { encoder } = plan.video
  if (encoder.codec === 'copy') return plan
  const { preset: _, ...rest } = encoder
  return { ...plan, video: { ...plan.video, encoder: rest } }
}

describe('a job that Jellyfin wrote for a chip', () => {
  const cases = Object.keys(chips).flatMap((chip) => jobs.map((job) => [chip, job] as const))

  it.each(cases)(
    'of %s is, where pictures are to be %s, the job that it writes for software',
    (chip, job) => {
      const twin = planOf(lineOf(software, job))
      const plan = planOf(lineOf(chips[chip]!, job))
      expect(plan).toEqual(careless.has(chip) ? withoutPreset(twin) : twin)
    },
  )

  const largerText = (upload: string, filters: string) =>
    lineOf(
      { ...chips.rkmpp!, text: laid(drawn, upload, filters, `overlay_rkrga=${over}:format=nv12:afbc=1`) },
      'text',
    )
  const size = 'vpp_rkrga=w=3840:h=2160:format'

  it('has text on it that a chip makes as large as the film, which is drawn on the film', () => {
    const upload = `hwupload=derive_device=rkmpp,${size}=bgra:afbc=1`
    const plain = planOf(largerText('hwupload', `${size}=nv12:afbc=1`))
    expect(plain.video.operations.map(({ kind }) => kind)).toContain('scale')
    expect(planOf(largerText(upload, `${size}=nv12:afbc=1`))).toEqual(plain)
    // The film that is assumed here has 1920x1080.
    const same = 'hwupload,vpp_rkrga=w=1920:h=1080:format=bgra'
    expect(planOf(largerText(same, 'vpp_rkrga=format=nv12'))).toEqual(planOf(lineOf(chips.rkmpp!, 'text')))
  })

  it.each([
    ['another size than the film', 'vpp_rkrga=format=nv12'],
    ['a size before the film is turned', `${size}=nv12,vpp_rkrga=transpose=clock`],
  ])('stays with the server where text is given %s', (_what, filters) => {
    const command = parseCommand(largerText(`hwupload,${size}=bgra`, filters))
    const read = readSegmentedJob(command, ...assumedMedia(command))
    expect('local' in read && read.code).toBe('graph-shape')
  })

  it('has operations of the kinds that the job is about', () => {
    const kinds = jobs.map((job) => planOf(lineOf(software, job)).video.operations.map(({ kind }) => kind))
    expect(kinds).toEqual([
      ['color-tags', 'scale', 'format'],
      ['scale', 'tone-map', 'format'],
      ['color-tags', 'deinterlace', 'format'],
      ['color-tags', 'turn', 'format'],
      ['color-tags', 'format', 'burn-text'],
      ['color-tags', 'format', 'burn-bitmaps'],
    ])
  })

  it('is the same wherever pictures go to the chip and back', () => {
    const steps = [
      'hwupload',
      'hwdownload',
      'hwmap=derive_device=opencl',
      'hwmap',
      'format=vaapi',
      'scale_vulkan',
    ]
    const twin = planOf(lineOf(software, 'scaled'))
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 4 }), fc.nat(2), (idle, place) => {
        const filters = [tags, 'scale_opencl=w=1280:h=720', 'format=nv12']
        const scaled = filters.toSpliced(place, 0, ...idle).join(',')
        expect(planOf(lineOf({ ...chips.vaapi!, scaled }, 'scaled'))).toEqual(twin)
      }),
    )
  })
})

describe('a job that a plan cannot hold', () => {
  const reasonOf = (writing: Partial<Writing>) => {
    const command = parseCommand(lineOf({ ...chips.vaapi!, ...writing }, 'scaled'))
    const read = readSegmentedJob(command, ...assumedMedia(command))
    return 'local' in read ? read.local : 'planned'
  }

  it.each([
    ['a filter of a chip that does more', 'denoise_vaapi=10', 'unknown-filter'],
    [
      'pictures made poorer before a tone map',
      `scale_vaapi=format=nv12,tonemap_opencl=${narrow}`,
      'filter-value',
    ],
    ['pictures made poorer on the way', 'scale_vaapi=format=gray,scale_vaapi=format=nv12', 'filter-value'],
    ['brightness without a tone map', 'procamp_vaapi=b=16', 'unknown-filter'],
    ['linear light without a tone map', 'zscale=t=linear', 'unknown-filter'],
    ['a tone map into another gamut', 'tonemap_vaapi=p=bt2020', 'filter-value'],
    ['a tone map of the full range', 'tonemap_cuda=tonemap=bt2390:range=pc', 'filter-value'],
    ['a size by what is not known', 'scale=main_w:ih', 'filter-value'],
    ['text in another encoding', "subtitles=f='/a.srt':charenc=windows-1252", 'filter-value'],
    ['text that is not there', "subtitles=f='/a.srt':si=4", 'missing-stream'],
  ])('stays with the server: %s', (_what, scaled, code) => {
    expect(reasonOf({ scaled })).toMatch(new RegExp(`^${code}: `))
  })
})
