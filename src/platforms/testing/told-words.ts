import type { FilterGraph, FilterGraphError } from '../../command/filter-graph.ts'
import { complexGraphs } from '../../command/filter-graphs-of.ts'
import { parseCommand } from '../../command/parse-command.ts'
import { parseFilterGraph } from '../../command/parse-filter-graph.ts'
import { optionsOf } from '../../command/read-options.ts'
import type { Told } from './emitted-words.ts'

/** What commands tell encoders and filters, by name. */
export interface ToldWords {
  readonly encoders: Told
  readonly filters: Told
}

/** Options of the program and of muxers, which no encoder is told. */
const ofProgram = new Set(
  `codec map an vn sn dn filter filter_complex fps_mode vsync bsf f metadata map_metadata map_chapters force_key_frames
  max_delay avoid_negative_ts segment_format segment_format_options segment_frames segment_times segment_start_number
  progress t stats_period reinit_filter ar ac`.split(/\s+/),
)

/** Filters whose first argument has no name and is the only one that they are given. */
const alone: Readonly<Record<string, string>> = {
  ...{ fps: 'fps', format: 'pix_fmts', setpts: 'expr', settb: 'expr', asettb: 'expr', asetpts: 'expr' },
  ...{ volume: 'volume', transpose: 'dir', setsar: 'sar', setdar: 'dar', pan: 'args', ass: 'filename' },
}

type Collected = Record<string, Record<string, Set<string>>>

/** Every word of compiled commands, each once. Throws RangeError for a command that cannot be read. */
export function toldWords(commands: Iterable<readonly string[]>): ToldWords {
  const encoders: Collected = {}
  const filters: Collected = {}
  for (const args of commands) {
    const command = parseCommand(args)
    for (const output of command.outputs) {
      const name = optionsOf(output, 'codec').at(-1)?.value ?? 'copy'
      if (name !== 'copy') {
        const own = output.options.filter((option) => !ofProgram.has(option.name))
        encoders[name] ??= {}
        for (const option of own) put(encoders, name, option.name, option.value ?? '')
      }
      for (const { value } of optionsOf(output, 'filter')) addGraph(filters, parseFilterGraph(value ?? ''))
    }
    for (const { graph } of complexGraphs(command)) addGraph(filters, graph)
  }
  return { encoders: listed(encoders), filters: listed(filters) }
}

function put(collected: Collected, name: string, option: string, value: string): void {
  const options = collected[name] ?? {}
  collected[name] = options
  options[option] = (options[option] ?? new Set()).add(value)
}

function addGraph(filters: Collected, graph: FilterGraph | FilterGraphError): void {
  if (graph.kind === 'error') throw new RangeError(graph.what)
  for (const { name, args } of graph.chains.flatMap((chain) => chain.filters)) {
    filters[name] ??= {}
    for (const one of args) put(filters, name, one.name ?? alone[name] ?? '', one.value)
  }
}

const listed = (collected: Collected): Told =>
  Object.fromEntries(
    Object.entries(collected).map(([name, options]) => [
      name,
      Object.fromEntries(Object.entries(options).map(([option, values]) => [option, [...values]])),
    ]),
  )
