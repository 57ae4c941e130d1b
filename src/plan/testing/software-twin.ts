import type { Filter, FilterChain } from '../../command/filter-graph.ts'
import { parseFilterGraph } from '../../command/parse-filter-graph.ts'
import { printFilterGraph } from '../../command/print-filter-graph.ts'

/** Options of chips alone, and how many arguments go with them. */
const chipOptions = new RegExp(
  `^-(init_hw_device|filter_hw_device|hwaccel|hwaccel_device|hwaccel_output_format|hwaccel_flags|vaapi_device|extra_hw_frames|afbc
  |rc|rc_mode|sei|quality|compression_level|prio_speed|mbbrc|rc_init_occupancy|low_power|look_ahead|forced-idr|qmin|qmax
  |header_insertion_mode|gops_per_idr|async_depth|resize|tag)(:.*)?$`.replaceAll(/\s+/g, ''),
)

const libraries: Readonly<Record<string, string>> = { h264: 'libx264', hevc: 'libx265', av1: 'libsvtav1' }
const presets: Readonly<Record<string, string>> = {
  ...{
    p1: 'veryfast',
    p2: 'faster',
    p3: 'fast',
    p4: 'medium',
    p5: 'slow',
    '7': 'veryfast',
    default: 'medium',
  },
}
const formats: Readonly<Record<string, string>> = {
  nv12: 'yuv420p',
  p010: 'yuv420p10le',
  p010le: 'yuv420p10le',
}
const surfaces = /^(vaapi|cuda|qsv|opencl|vulkan|drm_prime|d3d11|bgra)$/

/**
 * A command line as a person would write it anew for software: another way from chip to software than the one through
 * a plan, to compare the two. `-preset` is said where a chip's own words for care were.
 */
export function softwareTwin(argv: readonly string[]): string[] {
  const chip = argv.find(
    (arg) => /^(h264|hevc|av1)_(?!cuvid)/.test(arg) && argv[argv.indexOf(arg) - 1] !== '-c:v',
  )
  const size = argv[argv.indexOf('-resize') + 1]?.split('x')
  const twin = argv.flatMap((arg, index): string[] => {
    const name = argv[index - 1] ?? ''
    if (chipOptions.test(name) && arg !== '-i') return careful(name, arg)
    if (chipOptions.test(arg)) return []
    if (/^-(vf|filter_complex)$/.test(name)) return [softwareGraph(arg)]
    if (/^-(codec|c)(:.*)?$/.test(name)) return [softwareCodec(arg, index < argv.lastIndexOf('-i'))]
    if (/^-preset/.test(name)) return [presets[arg] ?? arg]
    if (/^-(qp|cq|global_quality)(:.*)?$/.test(arg)) return [arg.replace(/^-[a-z_]+/, '-crf')]
    if (/^-profile/.test(name)) return [arg === '578' ? 'baseline' : arg]
    if (/^-level/.test(name)) return [Number(arg) > 62 ? String(Number(arg) / 3) : arg]
    if (/^-maxrate/.test(name))
      return [argv.includes('-rc_init_occupancy') ? argv[argv.indexOf('-b:v') + 1]! : arg]
    if (/^-bufsize/.test(name) && argv.includes('-mbbrc'))
      return [String(2 * Number(argv[argv.indexOf('-b:v') + 1]))]
    return [arg]
  })
  const scaled = argv.includes('-resize') ? withScale(twin, size!) : twin
  return chip ? withForcedKeys(scaled) : scaled
}

/** Chips whose word for care is no `-preset`. */
function careful(name: string, value: string): string[] {
  if (name === '-quality' && value === 'speed') return ['-preset', 'veryfast']
  if (name === '-compression_level' && value === '7') return ['-preset', 'veryfast']
  return name === '-prio_speed' && value === '1' ? ['-preset', 'veryfast'] : []
}

function softwareCodec(name: string, decodes: boolean): string {
  const [, codec = '', chip] = /^(h264|hevc|av1)_(\w+)$/.exec(name) ?? []
  if (!chip) return name
  return decodes ? codec : (libraries[codec] ?? name)
}

function withScale(argv: readonly string[], [width, height]: readonly string[]): string[] {
  const at = argv.indexOf('-codec:v:0')
  return argv.toSpliced(at, 0, '-vf', `scale=${width}:${height}`)
}

/** Groups as long as a segment become what Jellyfin tells software. */
function withForcedKeys(argv: readonly string[]): string[] {
  const seconds = argv[argv.findIndex((arg) => arg === '-hls_time' || arg === '-segment_time') + 1]
  const rest = argv.flatMap((arg, index) =>
    /^-(g|keyint_min|sc_threshold)(:v:0)?$/.test(arg) ||
    /^-(g|keyint_min|sc_threshold)(:v:0)?$/.test(argv[index - 1] ?? '')
      ? []
      : [arg],
  )
  if (rest.length === argv.length) return rest
  const hasKeys = rest.some((arg) => arg.startsWith('-force_key_frames'))
  const keys = hasKeys ? [] : ['-force_key_frames:0', `expr:gte(t,n_forced*${seconds})`]
  return rest.toSpliced(rest.indexOf('-f', rest.indexOf('-map')), 0, ...keys, '-sc_threshold:v:0', '0')
}

function softwareGraph(text: string): string {
  const graph = parseFilterGraph(text)
  if (graph.kind === 'error') throw new Error(graph.what)
  const drawing = graph.chains.find(({ filters }) => filters[0]!.name === 'alphasrc')
  const words = drawing?.filters.find(({ name }) => name === 'subtitles')
  const chains = graph.chains
    .filter((chain) => chain !== drawing)
    .map(({ filters }): FilterChain => {
      const soft = filters.flatMap((filter) => softwareFilters(filter, words))
      const some = soft.length > 0 ? soft : [plain('null')]
      return {
        filters: some.map((filter, index) => ({
          ...filter,
          inputs: index > 0 ? [] : words ? filters[0]!.inputs.slice(0, 1) : filters[0]!.inputs,
          outputs: index === some.length - 1 ? filters.at(-1)!.outputs : [],
        })),
      }
    })
  return printFilterGraph({ ...graph, chains })
}

function plain(name: string, args: Readonly<Record<string, string>> = {}): Filter {
  const list = Object.entries(args).map(([key, value]) => ({ name: key, value }))
  return { name, instance: null, inputs: [], outputs: [], args: list }
}

function softwareFilters(filter: Filter, words: Filter | undefined): Filter[] {
  const { name, args } = filter
  const value = (key: string) => args.find((argument) => argument.name === key)?.value
  const format = value('format')
  const after =
    format === undefined || surfaces.test(format)
      ? []
      : [plain('format', { pix_fmts: formats[format] ?? format })]
  if (/^(hw|procamp)/.test(name)) return []
  if (name === 'format') {
    const kept = (args[0]?.value ?? '').split('|').filter((one) => !surfaces.test(one))
    return kept.length > 0
      ? [plain('format', { pix_fmts: kept.map((one) => formats[one] ?? one).join('|') })]
      : []
  }
  if (/^overlay/.test(name))
    return words ? [words] : [plain('overlay', { eof_action: 'pass', repeatlast: '0' })]
  if (/^(scale_|vpp_|libplacebo)/.test(name)) {
    const turn = value('transpose') === undefined ? [] : [plain('transpose', { dir: value('transpose')! })]
    const sides = value('w') === undefined ? [] : [plain('scale', { w: value('w')!, h: value('h')! })]
    return [...turn, ...sides, ...after]
  }
  if (/^tonemap_/.test(name)) return [toneMap(filter, value), ...after]
  if (/^deinterlace_/.test(name)) return [plain('yadif', { mode: value('rate') === 'field' ? '1' : '0' })]
  const base = /^(yadif|bwdif|transpose)_/.exec(name)?.[1]
  return [base ? { ...filter, name: base } : filter]
}

function toneMap({ name, args }: Filter, value: (key: string) => string | undefined): Filter {
  if (name === 'tonemap_vaapi') return plain('tonemapx', { tonemap: 'bt2390', desat: '0', peak: '100' })
  const curve = value('tonemap') ?? args[0]!.value
  const peak = value('peak')
  const desat = value('desat')
  return plain('tonemapx', { tonemap: curve, ...(desat && { desat }), ...(peak && { peak }) })
}
