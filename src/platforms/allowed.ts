import type { Filter } from '../command/filter-graph.ts'
import { parseFilterGraph } from '../command/parse-filter-graph.ts'
import { isAllowedTuning } from '../plan/tuning.ts'
import { anyNumber, anyRenderNode, chipAllowance } from './chip-allowance.ts'
import { chips } from './chips.ts'

/**
 * What a node's ffmpeg may be asked to do: a list of all there is, not of what is forbidden. The head compiles from it
 * and looks again before an order leaves; the node looks once more before it obeys. A platform that needs an option, a
 * filter or an encoder adds it here, with the values that it may have; what the tables of chips say is taken from there
 * (chip-allowance.ts). No row may name a file, a folder or an address, but for the render nodes of graphics.
 */

const number = /^-?\d{1,15}(\.\d{1,9})?$/
const numbers = /^\d{1,15}(\.\d{1,9})?(,\d{1,15}(\.\d{1,9})?)*$/
const rate = /^\d{1,12}(\.\d{1,6})?[kKmM]?$/
const amount = /^\d{1,12}(\.\d{1,6})?[kKmMgG]?$/
const word = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/

/** Options without a value. */
const switches: ReadonlySet<string> = new Set([
  ...['-hide_banner', '-nostdin', '-noaccurate_seek', '-noautorotate', '-start_at_zero', '-copyts'],
  ...['-an', '-vn', '-sn', '-dn'],
])

type Rule = RegExp | ((value: string) => boolean)

const videoEncoders = ['libx264', 'libx265']
const textFormats = ['ass', 'srt', 'webvtt']
const audioEncoders = ['aac', 'ac3', 'eac3', 'libmp3lame', 'libopus']

const ofChips = chipAllowance(chips)

/** Options with a value. */
const options: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['-v', /^(quiet|fatal|error|warning)$/],
  ['-stats_period', number],
  ['-ss', number],
  ['-itsoffset', number],
  ['-reinit_filter', /^0$/],
  ['-analyzeduration', amount],
  ['-probesize', amount],
  ['-i', /^\{input:\d{1,3}\}$/],
  ['-map', /^(\d{1,3}:\d{1,3}|\[out\])$/],
  ['-canvas_size', /^\d{1,5}x\d{1,5}$/],
  ['-filter_complex', isFilterGraph],
  ['-c', /^copy$/],
  ['-t', number],
  ['-vf', isFilterChain],
  ['-af', isFilterChain],
  ['-fps_mode', /^(passthrough|cfr|vfr)$/],
  ['-vsync', /^passthrough$/],
  ['-c:v', isOneOf([...videoEncoders, 'copy'])],
  ['-c:a', isOneOf([...audioEncoders, 'copy'])],
  ['-c:s', isOneOf([...textFormats, 'copy'])],
  ['-crf', number],
  ['-b:v', rate],
  ['-b:a', rate],
  ['-maxrate', rate],
  ['-bufsize', rate],
  ['-ar', number],
  ['-ac', number],
  ['-preset', word],
  ['-tune', word],
  ['-profile:v', word],
  ['-level', word],
  ['-x264opts', (value) => isTuning(value)],
  ['-x264-params', (value) => isTuning(value)],
  ['-x265-params', (value) => isTuning(value)],
  ['-forced-idr', /^[01]$/],
  ['-force_key_frames', numbers],
  ['-metadata:s:0', /^language=[A-Za-z0-9-]{1,35}$/],
  ['-bsf:a', isSoundDrop],
  ['-bsf:v', isPictureFilter],
  ['-frames:v', number],
  ['-copypriorss:v', /^0$/],
  ['-copypriorss:a', /^0$/],
  ['-ignore_readorder', /^1$/],
  ['-max_delay', number],
  ['-avoid_negative_ts', /^disabled$/],
  ['-map_metadata', /^-1$/],
  ['-map_chapters', /^-1$/],
  ['-f', isOneOf(['ssegment', 'null', 'tee', ...textFormats])],
  ['-segment_format', /^mpegts$/],
  ['-segment_format_options', /^output_ts_offset=-?[\d.]{1,20}(:pes_payload_size=0)?$/],
  ['-segment_time', number],
  ['-segment_times', numbers],
  ['-segment_frames', numbers],
  ['-segment_start_number', number],
  ['-progress', /^\{progress\}$/],
])

/** Filters that read and write nothing but their pads. */
const filters: ReadonlySet<string> = new Set([
  ...['fps', 'trim', 'setpts', 'settb', 'scale', 'format'],
  ...['crop', 'pad', 'setsar', 'setdar', 'transpose', 'hflip', 'vflip', 'null', 'overlay'],
  ...['yadif', 'bwdif', 'setparams', 'zscale', 'tonemap', 'tonemap_paceline'],
  ...['aresample', 'volume', 'pan', 'asettb', 'atrim', 'asetpts'],
])

/** The filter for text reads a file and a folder: only those that the agent itself has put there. */
const textArguments: ReadonlyMap<string, RegExp> = new Map([
  ['f', /^\{text\}$/],
  ['fontsdir', /^\{fonts\}$/],
  ['force_style', /^[A-Za-z0-9]+=[A-Za-z0-9&. _-]*(,[A-Za-z0-9]+=[A-Za-z0-9&. _-]*)*$/],
])

/** Where segments go, and text: to the node's own agent. */
const segments = '{output}/%d'
const text = '{output}/0'

/** Which muxers may write where; `tee` beside nothing. */
const outputs: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['ssegment', [segments]],
  [
    'tee',
    [...textFormats, 'ass:ignore_readorder=1'].map(
      (format) => `[select=s:f=${format}]${text}|[select=v:f=null]-`,
    ),
  ],
  ...textFormats.map((format): [string, string[]] => [format, [text]]),
])

/** Packets that are only read: an output of its own before the one with the segments. */
const nowhere = ['-f', 'null', '-'] as const

/**
 * Why ffmpeg is not to be started with these arguments (placeholders still in them); undefined when it may be. The
 * grammar is ffmpeg's, as far as it is used: options, the one output last.
 */
export function argumentFault(args: readonly string[]): string | undefined {
  let at = 0
  while (at < args.length - 1) {
    const name = args[at]!
    if (switches.has(name)) {
      at += 1
      continue
    }
    if (nowhere.every((word, index) => args[at + index] === word)) {
      at += nowhere.length
      continue
    }
    const rule = options.get(name)
    const words = ofChips.options.get(name)
    if (!rule && !words) return `the argument ${shown(name)} is not on the list`
    const value = args[at + 1]!
    if (!(rule && follows(value, rule)) && !(words && isOfChips(value, words))) {
      return `${name} ${shown(value)} is not on the list`
    }
    at += 2
  }
  const muxer = args[args.lastIndexOf('-f') + 1] ?? ''
  if (at === args.length - 1 && outputs.get(muxer)?.includes(args[at]!)) return undefined
  return `the last argument is not ${segments}`
}

const follows = (value: string, rule: Rule): boolean =>
  rule instanceof RegExp ? rule.test(value) : rule(value)

/** Words as the tables have them, numbers where they have numbers, and whichever render node a machine has. */
function isOfChips(value: string, words: ReadonlySet<string>): boolean {
  if (words.has(anyNumber) && number.test(value)) return true
  const named = value.replace(/\/dev\/dri\/renderD\d{3}(?=$|,)/, anyRenderNode)
  return words.has(named) && (named !== value || !value.includes(anyRenderNode))
}

const pictureFilters: readonly RegExp[] = [
  /^noise=drop=lt\(dts\*tb\\,\d{1,15}\.\d{1,6}\)$/,
  /^h264_mp4toannexb,dump_extra=freq=keyframe$/,
  /^setts=dts=PTS-\d{1,9}$/,
]

function isPictureFilter(text: string): boolean {
  return pictureFilters.some((rule) => rule.test(text))
}

/** Drops frames, and for DASH tells how long the last one is; each at most once. */
function isSoundDrop(text: string): boolean {
  const rules = [/^noise=drop=[a-z0-9(),.+*/\\]{1,200}$/, /^setts=dts=min\(PTS\\,PTS\+DURATION-\d{1,6}\)$/]
  const parts = text.split(/,(?=setts=)/)
  const places = parts.map((part) => rules.findIndex((rule) => rule.test(part)))
  return places.every((place, index) => place !== -1 && place > (places[index - 1] ?? -1))
}

function isFilterChain(text: string): boolean {
  const graph = parseFilterGraph(text)
  if (graph.kind === 'error' || graph.scaler !== null || graph.chains.length !== 1) return false
  return graph.chains[0]!.filters.every(isAllowedFilter)
}

function isFilterGraph(text: string): boolean {
  const graph = parseFilterGraph(text)
  if (graph.kind === 'error' || graph.scaler !== null) return false
  return graph.chains.every((chain) => chain.filters.every(isAllowedFilter))
}

function isAllowedFilter({ name, args }: Filter): boolean {
  const known = ofChips.filters.get(name)
  if (name !== 'subtitles') {
    return filters.has(name) || (known !== undefined && args.every((one) => known.has(one.name ?? '')))
  }
  return args.every((one) => one.name !== null && textArguments.get(one.name)?.test(one.value))
}

function isTuning(text: string): boolean {
  return text.split(':').every((one) => {
    const [name = '', ...value] = one.split('=')
    return isAllowedTuning(name, value.length === 0 ? null : value.join('='))
  })
}

function isOneOf(names: readonly string[]): (value: string) => boolean {
  return (value) => names.includes(value)
}

/** Not longer than a line: it goes into logs. */
const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
