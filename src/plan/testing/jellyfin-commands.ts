import { jellyfinFilters } from './jellyfin-filters.ts'
import type { JellyfinChip, JellyfinPicture } from './jellyfin-lines.ts'

export interface JellyfinJob extends JellyfinPicture {
  readonly wanted: 'h264' | 'hevc' | 'av1'
  readonly packing: 'ts' | 'fmp4' | 'mp4' | 'mkv'
  readonly sound: 'copy' | 'fdk' | 'fdk-vbr' | 'aac' | 'ac3' | 'opus' | 'mp3' | 'loud' | 'none'
  readonly rate: number
  readonly preset: 'veryfast' | 'medium' | 'slow'
  readonly profile: 'high' | 'main' | 'baseline'
  readonly level: 41 | 51
}

/** The plain job that others vary. */
export const plainJellyfinJob: JellyfinJob = {
  ...{ codec: 'h264', bits: 8, range: 'sdr', interlaced: false, rotation: 0, width: 1280, text: 'none' },
  ...{ doubleRate: false, curve: 'bt2390', startSeconds: 0, wanted: 'h264', packing: 'ts', sound: 'fdk' },
  ...{ rate: 9_240_976, preset: 'veryfast', profile: 'high', level: 41 },
}

interface Machine {
  /** Devices, and how the film is decoded. */
  readonly input: readonly string[]
  readonly encoder: string
}

const none: readonly string[] = []
const card = ['-init_hw_device', 'cuda=cu:0', '-filter_hw_device', 'cu']
const intel = ['-init_hw_device', 'vaapi=va:/dev/dri/renderD128,driver=iHD']
const named = ['-init_hw_device', 'vaapi=va:,vendor_id=0x8086,driver=iHD', '-init_hw_device', 'qsv=qs@va']
const windows = ['-init_hw_device', 'd3d11va=dx11:,vendor=0x8086', '-init_hw_device', 'qsv=qs@dx11']
const radeon = ['-init_hw_device', 'drm=dr:/dev/dri/renderD128', '-init_hw_device', 'vaapi=va@dr']
const amd = ['-init_hw_device', 'd3d11va=dx11:,vendor=0x1002', '-init_hw_device', 'opencl=ocl@dx11']
const rock = ['-init_hw_device', 'rkmpp=rk', '-init_hw_device', 'opencl=ocl@rk', '-filter_hw_device', 'ocl']
const by = (accelerator: string, format: string): string[] => [
  ...['-hwaccel', accelerator, '-hwaccel_output_format', format, '-noautorotate'],
]
const nvdec = [...by('cuda', 'cuda'), '-hwaccel_flags', '+unsafe_output', '-threads', '1']
const vaapi = by('vaapi', 'vaapi')
const opencl = ['-init_hw_device', 'opencl=ocl@va', '-filter_hw_device', 'ocl']
const surfaces = [...by('rkmpp', 'drm_prime'), '-afbc', 'rga']
const mac = ['-init_hw_device', 'videotoolbox=vt']

const machines: Readonly<Record<JellyfinChip, Machine>> = {
  software: { input: none, encoder: 'lib' },
  nvenc: { input: [...card, ...nvdec], encoder: 'nvenc' },
  'nvenc-upload': { input: card, encoder: 'nvenc' },
  nvdec: { input: [...card, ...nvdec], encoder: 'lib' },
  'qsv-vaapi': { input: [...named, '-filter_hw_device', 'qs', ...vaapi], encoder: 'qsv' },
  qsv: { input: [...named, ...opencl, ...by('qsv', 'qsv')], encoder: 'qsv' },
  'qsv-upload': { input: [...named, ...opencl], encoder: 'qsv' },
  'qsv-windows': {
    input: [...windows, '-filter_hw_device', 'qs', ...by('d3d11va', 'd3d11')],
    encoder: 'qsv',
  },
  vaapi: { input: [...intel, ...opencl, ...vaapi], encoder: 'vaapi' },
  'vaapi-vpp': { input: [...intel, '-filter_hw_device', 'va', ...vaapi], encoder: 'vaapi' },
  'vaapi-upload': { input: [...intel, ...opencl], encoder: 'vaapi' },
  'vaapi-decode': { input: [...intel, '-filter_hw_device', 'va', ...vaapi], encoder: 'lib' },
  'vaapi-other': {
    input: ['-init_hw_device', 'vaapi=va:/dev/dri/renderD128', ...opencl, ...vaapi],
    encoder: 'vaapi',
  },
  'vaapi-amd': {
    input: [...radeon, '-init_hw_device', 'vulkan=vk@dr', '-filter_hw_device', 'vk', ...vaapi],
    encoder: 'vaapi',
  },
  'vaapi-amd-old': {
    input: [...radeon, '-init_hw_device', 'vulkan=vk@dr', '-filter_hw_device', 'vk', ...vaapi],
    encoder: 'vaapi',
  },
  amf: { input: [...amd, '-filter_hw_device', 'ocl', ...by('d3d11va', 'd3d11')], encoder: 'amf' },
  'amf-upload': { input: [...amd, '-filter_hw_device', 'ocl'], encoder: 'amf' },
  rkmpp: { input: [...rock, ...surfaces], encoder: 'rkmpp' },
  'rkmpp-upload': { input: rock, encoder: 'rkmpp' },
  'rkmpp-decode': { input: [...rock, ...surfaces], encoder: 'lib' },
  vt: { input: [...mac, ...by('videotoolbox', 'videotoolbox_vld')], encoder: 'videotoolbox' },
  'vt-metal': { input: [...mac, ...by('videotoolbox', 'videotoolbox_vld')], encoder: 'videotoolbox' },
  'vt-old': { input: [...mac, '-hwaccel', 'videotoolbox', '-noautorotate'], encoder: 'videotoolbox' },
  v4l2m2m: { input: none, encoder: 'v4l2m2m' },
}

const libraries = { h264: 'libx264', hevc: 'libx265', av1: 'libsvtav1' } as const

/** Whether a machine of this kind does the job in this way at all, with Jellyfin's settings. */
export function jellyfinDoes(job: JellyfinJob, chip: JellyfinChip): boolean {
  const { encoder, input } = machines[chip]
  const decodes = input.includes('-hwaccel')
  if (job.wanted === 'av1' && ['rkmpp', 'videotoolbox', 'v4l2m2m'].includes(encoder)) return false
  if (job.wanted !== 'h264' && encoder === 'v4l2m2m') return false
  if (job.interlaced && chip.startsWith('rkmpp') && decodes) return false
  // Its one switch is the same for medium and slow.
  if (job.preset === 'medium' && encoder === 'videotoolbox') return false
  // Turned by FFmpeg itself where pictures are not decoded by the chip.
  if (job.rotation !== 0 && (!decodes || encoder === 'lib' || chip === 'vaapi-other')) return false
  // Intel's driver has no HLG.
  return !(job.range === 'hlg' && (chip === 'vaapi-vpp' || chip === 'qsv-vaapi'))
}

const care = {
  nvenc: { veryfast: ['-preset', 'p1'], medium: ['-preset', 'p4'], slow: ['-preset', 'p5'] },
  qsv: { veryfast: ['-preset', 'veryfast'], medium: ['-preset', 'medium'], slow: ['-preset', 'slow'] },
  vaapi: {
    ...{ veryfast: ['-compression_level', '7'], medium: ['-compression_level', '4'] },
    slow: ['-compression_level', '3'],
  },
  amf: { veryfast: ['-quality', 'speed'], medium: ['-quality', 'balanced'], slow: ['-quality', 'quality'] },
  videotoolbox: { veryfast: ['-prio_speed', '1'], medium: ['-prio_speed', '0'], slow: ['-prio_speed', '0'] },
} as const

/** The twin's rate is what the chip's means, so that the two can be compared. */
function rate({ rate: bits, wanted, level }: JellyfinJob, encoder: string): string[] {
  const usual = ['-b:v', `${bits}`, '-maxrate', `${bits}`, '-bufsize', `${2 * bits}`]
  if (encoder === 'qsv') {
    const factor = wanted === 'h264' && level < 51 ? 1 : 2
    const bucket = ['-rc_init_occupancy', `${factor * bits}`, '-bufsize', `${2 * factor * bits}`]
    const blocks = wanted === 'av1' ? [] : ['-mbbrc', '1']
    return [...blocks, '-b:v', `${bits}`, '-maxrate', `${bits + 1}`, ...bucket]
  }
  if (encoder === 'amf' && wanted !== 'av1') return ['-rc', 'cbr', '-qmin', '0', '-qmax', '32', ...usual]
  if (encoder === 'vaapi') return ['-rc_mode', 'VBR', ...usual]
  return encoder === 'videotoolbox' ? ['-b:v', `${bits}`, '-qmin', '-1', '-qmax', '-1'] : usual
}

/** Ways of H.264's and HEVC's levels: the tenth, three times as much where HEVC counts so. */
function levelOf({ wanted, level }: JellyfinJob, encoder: string): string[] {
  if (wanted === 'av1' || encoder === 'nvenc' || (encoder === 'lib' && wanted === 'hevc')) return []
  const isTripled = wanted === 'hevc' && encoder !== 'qsv'
  return ['-level', `${isTripled ? 3 * level : level}`]
}

function profileOf({ wanted, profile }: JellyfinJob, encoder: string): string[] {
  if (encoder === 'v4l2m2m' || (wanted === 'av1' && encoder === 'nvenc')) return []
  if (wanted !== 'h264') return ['-profile:v:0', 'main']
  const isConstrained = profile === 'baseline' && (encoder === 'vaapi' || encoder === 'amf')
  return ['-profile:v:0', isConstrained ? 'constrained_baseline' : profile]
}

function keys({ wanted, packing }: JellyfinJob, encoder: string): string[] {
  if (packing === 'mp4' || packing === 'mkv') return ['-force_key_frames', 'expr:gte(t,n_forced*5)']
  const forced = ['-force_key_frames:0', 'expr:gte(t,n_forced*3)']
  const groups = ['-g:v:0', '75', '-keyint_min:v:0', '75']
  if (['qsv', 'nvenc', 'rkmpp'].includes(encoder) || (encoder === 'amf' && wanted !== 'hevc')) return groups
  if (encoder === 'lib' || encoder === 'vaapi') {
    return encoder === 'lib' && wanted === 'h264' ? [...forced, '-sc_threshold:v:0', '0'] : forced
  }
  return [...forced, ...groups]
}

const sounds: Readonly<Record<JellyfinJob['sound'], readonly string[]>> = {
  ...{
    copy: ['-codec:a:0', 'copy'],
    none: ['-an'],
    fdk: ['-codec:a:0', 'libfdk_aac', '-ac', '2', '-ab', '256000'],
  },
  'fdk-vbr': ['-codec:a:0', 'libfdk_aac', '-ac', '2', '-vbr:a', '5'],
  aac: ['-codec:a:0', 'aac', '-ac', '6', '-ab', '640000', '-ar', '48000'],
  ac3: ['-codec:a:0', 'ac3', '-ac', '6', '-ab', '640000'],
  opus: ['-codec:a:0', 'libopus', '-ac', '2', '-ab', '128000'],
  mp3: ['-codec:a:0', 'libmp3lame', '-ac', '2', '-abr:a', '1', '-b:a', '320000'],
  loud: ['-codec:a:0', 'libfdk_aac', '-ac', '2', '-ab', '256000', '-af', 'volume=2'],
}

const name = 'a7550c5a668ce573ef4cb37693ea271d'

function segments({ packing, startSeconds }: JellyfinJob): string[] {
  const isFmp4 = packing === 'fmp4'
  const list = `/transcodes/${name}`
  return [
    ...['-copyts', '-avoid_negative_ts', 'disabled', '-max_muxing_queue_size', '2048', '-f', 'hls'],
    ...['-max_delay', '5000000', '-hls_time', '3', '-hls_segment_type', isFmp4 ? 'fmp4' : 'mpegts'],
    ...(isFmp4 ? ['-hls_fmp4_init_filename', `${name}-1.mp4`] : []),
    ...[
      '-start_number',
      `${startSeconds / 3}`,
      '-hls_segment_filename',
      `${list}%d.${isFmp4 ? 'mp4' : 'ts'}`,
    ],
    ...['-hls_playlist_type', 'vod', '-hls_list_size', '0'],
    ...(isFmp4 ? ['-hls_segment_options', 'movflags=+frag_discont'] : []),
    ...['-y', `${list}.m3u8`],
  ]
}

const seek = (seconds: number): string[] => (seconds === 0 ? [] : ['-ss', `00:${seconds / 60}:00.000`])

function inputs(job: JellyfinJob, chip: JellyfinChip): string[] {
  const { input } = machines[chip]
  // What lies on its side a decoder in memory would turn; Rockchip's is told by other words.
  const isTurned = job.rotation !== 0 && chip === 'rkmpp'
  const decoding = isTurned
    ? input.map((arg) => (arg === '-noautorotate' ? '-display_rotation' : arg))
    : input
  const at = decoding.indexOf('-display_rotation')
  const film = at < 0 ? decoding : decoding.toSpliced(at + 1, 0, '0')
  const isBitmap = ['pgs', 'dvd', 'external-pgs'].includes(job.text)
  const canvas = isBitmap && job.text !== 'external-pgs' ? ['-canvas_size', '1920x1080'] : []
  const first = ['-analyzeduration', '200M', '-probesize', '1G', ...seek(job.startSeconds), '-f', 'matroska']
  const second = job.text === 'external-pgs' ? [...seek(job.startSeconds), '-i', 'file:/films/film.sup'] : []
  const scale = input.length > 0 ? ['-noautoscale'] : []
  return [...first, ...film, ...canvas, '-i', 'file:/films/film.mkv', ...second, ...scale]
}

function maps(job: JellyfinJob): string[] {
  const isOverlaid = job.text !== 'none' && job.text !== 'srt' && job.text !== 'ass'
  const sound = job.sound === 'none' ? [] : ['-map', '0:1']
  return [
    ...(isOverlaid ? ['-map', '-0:0'] : []),
    '-map',
    '0:0',
    ...sound,
    ...(isOverlaid ? [] : ['-map', '-0:s']),
  ]
}

function encoding(job: JellyfinJob, chip: JellyfinChip): string[] {
  const { encoder } = machines[chip]
  const isLibrary = encoder === 'lib'
  const words = isLibrary ? ['-preset', job.preset] : (care[encoder as 'qsv']?.[job.preset] ?? [])
  const tag = job.wanted === 'hevc' && job.packing === 'fmp4' ? ['-tag:v:0', 'hvc1'] : []
  const gop =
    encoder === 'amf'
      ? ['-header_insertion_mode', 'gop', ...(job.wanted === 'hevc' ? ['-gops_per_idr', '1'] : [])]
      : []
  const captions = encoder === 'vaapi' && job.wanted !== 'av1' ? ['-sei', '-a53_cc'] : []
  return [
    ...[
      '-codec:v:0',
      isLibrary ? libraries[job.wanted] : `${job.wanted}_${encoder}`,
      ...tag,
      ...words,
      ...gop,
    ],
    ...[...rate(job, encoder), ...profileOf(job, encoder), ...levelOf(job, encoder), ...captions],
    ...keys(job, encoder),
  ]
}

/** The arguments with which Jellyfin starts ffmpeg for this job on this kind of machine. */
export function jellyfinCommand(job: JellyfinJob, chip: JellyfinChip): string[] {
  const filters = jellyfinFilters(job, chip)
  const overlay = filters[0] === '-filter_complex'
  const film = [...inputs(job, chip)]
  const sound = sounds[job.sound]
  if (job.packing === 'mp4' || job.packing === 'mkv') {
    const flags =
      job.packing === 'mp4' ? ['-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov+delay_moov'] : []
    const times = ['-copyts', '-avoid_negative_ts', 'disabled', ...(overlay ? ['-start_at_zero'] : [])]
    const end = [...flags, '-y', `/transcodes/${name}.${job.packing}`]
    const common = ['-map_metadata', '-1', '-map_chapters', '-1', '-threads', '0']
    return [...film, ...maps(job), ...encoding(job, chip), ...filters, ...times, ...common, ...sound, ...end]
  }
  const common = ['-map_metadata', '-1', '-map_chapters', '-1', '-threads', '0']
  const start = overlay ? ['-start_at_zero'] : []
  return [
    ...film,
    ...common,
    ...maps(job),
    ...encoding(job, chip),
    ...filters,
    ...start,
    ...sound,
    ...segments(job),
  ]
}
