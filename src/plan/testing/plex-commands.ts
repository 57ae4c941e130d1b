/** Command lines as Plex Media Server writes them: names, order and quoting are from lines that users have shown. */
export interface PlexJob {
  readonly codec: 'h264' | 'hevc' | 'av1' | 'vc1' | 'mpeg2video'
  readonly wanted: 'h264' | 'hevc'
  readonly isHdr: boolean
  readonly interlaced: boolean
  readonly text: 'none' | 'srt' | 'ass' | 'sidecar' | 'pgs'
  readonly packing: 'dash' | 'mpegts' | 'matroska' | 'mp4' | 'mkv'
  readonly sound: 'aac' | 'aac-5.1' | 'ac3' | 'eac3' | 'opus' | 'mp3' | 'copy' | 'none'
  readonly layout: 'new' | 'old' | '2019'
  readonly seconds: 1 | 3 | 5 | 8
  readonly startSeconds: number
  readonly width: number
  /** Other tracks of text beside or inside what is made. */
  readonly tracks: 'none' | 'srt' | 'ass'
}

export const plainPlexJob: PlexJob = {
  ...{ codec: 'hevc', wanted: 'h264', isHdr: false, interlaced: false, text: 'none', packing: 'dash' },
  ...{ sound: 'aac', layout: 'new', seconds: 3, startSeconds: 0, width: 1280, tracks: 'none' },
}

export const plexChips = [
  ...(['software', 'nvenc', 'nvenc-upload', 'nvdec', 'vaapi', 'vaapi-decode', 'vaapi-upload'] as const),
  ...(['videotoolbox', 'videotoolbox-encode', 'dxva2', 'd3d11va-qsv', 'mf', 'qsv', 'mediacodec'] as const),
]

export type PlexChip = (typeof plexChips)[number]

interface Machine {
  readonly decoding: readonly string[]
  readonly devices: readonly string[]
  readonly encoder: string
  /** The end of the names of filters that look at pixels; null where they lie in memory. */
  readonly filters: string | null
}

const cuda = ['-init_hw_device', 'cuda=cuda:pci:0000:0b:00.0', '-filter_hw_device', 'cuda']
const vaapi = ['-init_hw_device', 'vaapi=vaapi:/dev/dri/renderD128,driver=iHD', '-filter_hw_device', 'vaapi']
const nvdec = ['-hwaccel:0', 'nvdec', '-threads:0', '1', '-hwaccel_device:0', 'cuda']
const onCard = [
  '-hwaccel:0',
  'nvdec',
  '-threads:0',
  '1',
  '-hwaccel_output_format:0',
  'cuda',
  '-hwaccel_device:0',
  'cuda',
]
const byDriver = ['-hwaccel:0', 'vaapi', '-hwaccel_output_format:0', 'vaapi', '-hwaccel_device:0', 'vaapi']

const machines: Readonly<Record<PlexChip, Machine>> = {
  software: { decoding: [], devices: [], encoder: 'lib', filters: null },
  nvenc: { decoding: onCard, devices: cuda, encoder: 'nvenc', filters: 'cuda' },
  'nvenc-upload': { decoding: [], devices: cuda, encoder: 'nvenc', filters: null },
  nvdec: { decoding: nvdec, devices: cuda, encoder: 'lib', filters: null },
  vaapi: { decoding: byDriver, devices: vaapi, encoder: 'vaapi', filters: 'vaapi' },
  'vaapi-decode': {
    decoding: ['-hwaccel:0', 'vaapi', '-hwaccel_device:0', 'vaapi'],
    devices: vaapi,
    encoder: 'lib',
    filters: null,
  },
  'vaapi-upload': { decoding: [], devices: vaapi, encoder: 'vaapi', filters: null },
  videotoolbox: {
    decoding: ['-hwaccel:0', 'videotoolbox'],
    devices: [],
    encoder: 'videotoolbox',
    filters: null,
  },
  'videotoolbox-encode': { decoding: [], devices: [], encoder: 'videotoolbox', filters: null },
  dxva2: {
    decoding: ['-hwaccel:0', 'dxva2', '-hwaccel_fallback_threshold:0', '10'],
    devices: [],
    encoder: 'lib',
    filters: null,
  },
  'd3d11va-qsv': { decoding: ['-hwaccel:0', 'd3d11va'], devices: [], encoder: 'qsv', filters: null },
  mf: { decoding: ['-hwaccel:0', 'dxva2'], devices: [], encoder: 'mf', filters: null },
  qsv: {
    decoding: [],
    devices: ['-init_hw_device', 'qsv=qsv:hw', '-filter_hw_device', 'qsv'],
    encoder: 'qsv',
    filters: null,
  },
  mediacodec: { decoding: ['-hwaccel:0', 'mediacodec'], devices: [], encoder: 'mediacodec', filters: null },
}

const style = [
  'ScaledBorderAndShadow=yes,FontName=Noto Sans Medium,Bold=500',
  'PrimaryColour=&H00FFFFFF,OutlineColour=&H00020713,BackColour=&HCC000000',
].join(',')
const quoted = style.replace(/[=, ]/g, (sign) => `\\\\\\${sign}`)
const fonts = '/usr/lib/plexmediaserver/Resources/Fonts'
const words = (isStyled: boolean): string =>
  [
    `inlineass=font_scale=1.000000:font_path=${fonts}/NotoSans-Medium.otf:fontconfig_file=${fonts}/fonts.conf`,
    `:language=en${isStyled ? '' : `:overrides=${quoted}:outline=2.6:shadow=1.7:font_size=54`}`,
  ].join('')

/** Each step a chain of its own, joined by numbers, as Plex does it. */
function chained(first: string, steps: readonly string[]): { text: string; result: string; next: number } {
  let label = first
  const chains = steps.map((step, index) => {
    const chain = `[${label}]${step}[${index}]`
    label = String(index)
    return chain
  })
  return { text: chains.join(';'), result: label, next: steps.length }
}

function pictureSteps(job: PlexJob, { filters, encoder }: Machine): string[] {
  const height = Math.floor((job.width * 9) / 32) * 2
  const size = `w=${job.width}:h=${height}`
  const isText = job.text !== 'none' && job.text !== 'pgs'
  if (filters === null) {
    const fields = job.interlaced ? ['yadif=0:-1:0'] : []
    const divisor = job.layout === '2019' ? '' : ':force_divisible_by=4'
    const map = job.isHdr ? ['format=p010,tonemap=mobius'] : []
    const isUploaded = encoder === 'vaapi' || encoder === 'nvenc'
    const formats = isUploaded || encoder !== 'lib' ? 'nv12' : 'yuv420p|nv12'
    const end = isUploaded ? ['hwupload'] : []
    return [
      ...fields,
      `scale=${size}${divisor}`,
      ...map,
      `format=pix_fmts=${formats}`,
      ...(isText ? [words(job.text === 'ass')] : []),
      ...end,
    ]
  }
  const fields = job.interlaced ? [filters === 'vaapi' ? 'deinterlace_vaapi' : 'yadif_cuda=0:-1:0'] : []
  const scale = `scale_${filters}=${size}:format=${job.isHdr ? 'p010' : 'nv12'}`
  const mapped =
    filters === 'cuda'
      ? ['tonemap_cuda=hable:nv12']
      : [
          ...['hwmap=derive_device=opencl', 'tonemap_opencl=tonemap=mobius:format=nv12:m=bt709:p=bt709:r=tv'],
          ...(isText ? [] : ['hwmap=derive_device=vaapi:reverse=1']),
        ]
  const text = isText
    ? ['hwdownload,format=nv12', words(job.text === 'ass'), ...(filters === 'vaapi' ? ['hwupload'] : [])]
    : []
  const end = filters === 'vaapi' && !isText && !job.isHdr ? ['hwupload'] : []
  return ['hwupload', ...fields, scale, ...(job.isHdr ? mapped : []), ...text, ...end]
}

function pictureGraph(job: PlexJob, machine: Machine): { graph: string; result: string; next: number } {
  const { text, result, next } = chained('0:0', pictureSteps(job, machine))
  if (job.text !== 'pgs') return { graph: text, result, next }
  const height = Math.floor((job.width * 9) / 32) * 2
  const [side, over, end] = [next, next + 1, next + 2]
  const isVaapi = machine.filters === 'vaapi'
  const bitmaps = `[0:3]scale=${job.width}:${height}${isVaapi || machine.filters === 'cuda' ? ',hwupload' : ''}[${side}]`
  const overlay = isVaapi
    ? 'overlay_vaapi,scale_vaapi=format=nv12'
    : machine.filters === 'cuda'
      ? 'overlay_cuda'
      : 'overlay'
  const join = `[${result}][${side}]${overlay}[${over}]`
  const last = isVaapi ? `;[${over}]hwupload[${end}]` : ''
  return { graph: `${bitmaps};${text};${join}${last}`, result: String(isVaapi ? end : over), next: end + 1 }
}

const bits = '3282k'

function encoder(job: PlexJob, name: string): string[] {
  const rate = ['-maxrate:0', bits, '-bufsize:0', '6564k']
  const isLibrary = name === 'lib'
  const codec = isLibrary ? (job.wanted === 'h264' ? 'libx264' : 'libx265') : `${job.wanted}_${name}`
  const library =
    job.wanted === 'h264'
      ? ['-x264opts:0', 'subme=1:me_range=4:rc_lookahead=10:me=hex:8x8dct=0:partitions=none']
      : []
  const care = isLibrary ? ['-preset:0', 'veryfast', ...library] : []
  const own = name === 'nvenc' ? ['-forced-idr:0', '1'] : name === 'vaapi' ? ['-sei:0', '-a53_cc'] : []
  const isConstant = isLibrary || (name === 'vaapi' && job.wanted === 'hevc')
  const quality = isConstant ? [isLibrary ? '-crf:0' : '-qp:0', '21'] : ['-b:0', bits]
  return ['-codec:0', codec, ...quality, ...rate, ...own, '-r:0', '23.975999999999999', ...care]
}

const sounds: Readonly<
  Record<Exclude<PlexJob['sound'], 'copy' | 'none'>, readonly [string, string, string]>
> = {
  ...{ aac: ['stereo', 'aac', '256k'], 'aac-5.1': ['5.1', 'aac', '640k'], ac3: ['5.1', 'ac3', '640k'] },
  ...{
    eac3: ['5.1', 'eac3_eae', '640k'],
    opus: ['stereo', 'libopus', '128k'],
    mp3: ['stereo', 'libmp3lame', '192k'],
  },
}

function sound(job: PlexJob, next: number): string[] {
  if (job.sound === 'none') return []
  const language = ['-metadata:s:1', 'language=eng']
  if (job.sound === 'copy') return ['-map', '0:1', ...language, '-codec:1', 'copy', '-copypriorss:1', '0']
  const [layout, codec, rate] = sounds[job.sound]
  const option = job.layout === '2019' ? 'ocl' : 'ochl'
  const graph = `[0:1] aresample=async=1:${option}='${layout}':rematrix_maxval=0.000000dB:osr=48000[${next}]`
  return ['-filter_complex', graph, '-map', `[${next}]`, ...language, '-codec:1', codec, '-b:1', rate]
}

const session = 'http://127.0.0.1:32400/video/:/transcode/session/abc/def'

function segments(job: PlexJob): string[] {
  const from = job.startSeconds / job.seconds
  const end = ['-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1']
  if (job.packing === 'dash') {
    const length =
      job.layout === '2019'
        ? ['-min_seg_duration', `${job.seconds}000000`]
        : ['-seg_duration', `${job.seconds}`, ...(job.layout === 'new' ? ['-dash_segment_type', 'mp4'] : [])]
    const names = [
      '-init_seg_name',
      'init-stream$RepresentationID$.m4s',
      '-media_seg_name',
      'chunk-stream$RepresentationID$-$Number%05d$.m4s',
    ]
    const window = ['-window_size', '5', '-delete_removed', 'false', '-skip_to_segment', `${from + 1}`]
    const delta = job.layout === 'new' ? [] : ['-time_delta', '0.0625']
    return [
      '-f',
      'dash',
      ...length,
      ...names,
      ...window,
      ...delta,
      '-manifest_name',
      `${session}/manifest?X-Plex-Http-Pipeline=infinite`,
      ...end,
      'dash',
    ]
  }
  return [
    ...[
      '-segment_format',
      job.packing,
      '-f',
      'ssegment',
      '-individual_header_trailer',
      '0',
      '-flags',
      '+global_header',
    ],
    ...[
      '-segment_header_filename',
      'header',
      '-segment_time',
      `${job.seconds}`,
      '-segment_start_number',
      `${from}`,
    ],
    ...[...(job.layout === 'new' ? [] : ['-segment_copyts', '1']), '-segment_time_delta', '0.0625'],
    ...[
      '-segment_list',
      `${session}/manifest?X-Plex-Http-Pipeline=infinite`,
      '-segment_list_type',
      'csv',
      '-segment_list_size',
      '5',
    ],
    ...['-segment_list_separate_stream_times', '1', '-segment_list_unfinished', '1'],
    ...['-segment_format_options', 'output_ts_offset=10', '-max_delay', '5000000', ...end, 'media-%05d.ts'],
  ]
}

const isFile = ({ packing }: PlexJob): boolean => packing === 'mp4' || packing === 'mkv'

function file({ packing }: PlexJob): string[] {
  const index = packing === 'mp4' ? ['-movflags', '+faststart'] : []
  const name = packing === 'mp4' ? 'mp4' : 'matroska'
  return [
    '-f',
    name,
    '-map_metadata',
    '-1',
    '-map_chapters',
    '-1',
    ...index,
    `/films/Plex Versions/.inProgress/Some Title (2021).${packing}.716`,
  ]
}

function inputs(job: PlexJob, { decoding }: Machine): string[] {
  const seek = job.startSeconds === 0 ? [] : ['-ss', `${job.startSeconds}`]
  const limits = ['-analyzeduration', '20000000', '-probesize', '20000000']
  const decoder = job.codec === 'av1' && decoding.length === 0 ? 'libdav1d' : job.codec
  const voice = job.sound === 'none' ? [] : ['-codec:1', 'eac3_eae', '-eae_prefix:1', 'abc_']
  const beside =
    job.text === 'sidecar' || job.tracks !== 'none'
      ? [...seek, ...limits, '-i', '/transcode/session/temp-0.srt']
      : []
  return [
    '-codec:0',
    decoder,
    ...decoding,
    ...voice,
    ...seek,
    ...limits,
    '-i',
    '/films/Some Title (2021).mkv',
    ...beside,
  ]
}

function globals(job: PlexJob, { devices }: Machine): string[] {
  const rate =
    job.startSeconds > 0 || isFile(job) || job.packing === 'matroska'
      ? []
      : [job.layout === 'new' ? '-fps_mode' : '-vsync', 'cfr']
  const times = isFile(job) ? [] : ['-start_at_zero', '-copyts', ...rate]
  return [
    ...times,
    ...devices,
    '-y',
    '-nostats',
    '-loglevel',
    'quiet',
    '-loglevel_plex',
    'error',
    '-progressurl',
    `${session}/progress`,
  ]
}

/** The arguments with which Plex starts its transcoder for this job on this kind of machine. */
export function plexCommand(job: PlexJob, chip: PlexChip): string[] {
  const machine = machines[chip]
  const { graph, result, next } = pictureGraph(job, machine)
  const isText = job.text !== 'none' && job.text !== 'pgs'
  const subtitle = job.text === 'sidecar' ? '1:s:0' : '0:2'
  const burnt = isText ? ['-map_inlineass', subtitle] : []
  const old = job.layout !== 'new'
  const rule =
    job.layout === '2019' ? `expr:gte(t,0+n_forced*${job.seconds})` : `expr:gte(t,n_forced*${job.seconds})`
  const keys = isFile(job) ? [] : ['-force_key_frames:0', rule]
  const inside =
    job.tracks === 'none'
      ? []
      : [
          '-map',
          '1:s:0',
          '-metadata:s:2',
          'language=eng',
          '-codec:2',
          job.tracks === 'ass' ? 'ass' : 'copy',
          '-strict_ts:2',
          '0',
        ]
  const film = [
    ...['-filter_complex', graph, '-map', `[${result}]`, '-metadata:s:0', 'language=eng'],
    ...[...encoder(job, machine.encoder), ...keys, ...sound(job, next), ...inside],
    ...(isFile(job) ? file(job) : segments(job)),
  ]
  const reading = isText ? ['-map', subtitle, '-f', 'null', '-codec', 'ass', 'nullfile'] : []
  const all = globals(job, machine)
  return [
    ...inputs(job, machine),
    ...(old ? burnt : [...all, ...burnt]),
    ...film,
    ...reading,
    ...(old ? all : []),
  ]
}
