import type { Command, CommandOption, OutputFile } from './command.ts'
import type { FilterGraph, FilterGraphError } from './filter-graph.ts'
import { parseFilterGraph } from './parse-filter-graph.ts'
import { optionsOf } from './read-options.ts'

/** A filter graph with the option that holds it. */
export interface WrittenGraph {
  readonly option: CommandOption
  readonly graph: FilterGraph | FilterGraphError
}

/** The graphs of `-filter_complex`, in order; their labels are known to the whole run. */
export function complexGraphs(command: Command): readonly WrittenGraph[] {
  return optionsOf({ options: command.globals }, 'filter_complex').map(read)
}

/** The graphs of one output's `-vf`, `-af` and `-filter`, in order; the option says which streams go through each. */
export function simpleGraphs(output: OutputFile): readonly WrittenGraph[] {
  return optionsOf(output, 'filter').map(read)
}

function read(option: CommandOption): WrittenGraph {
  return { option, graph: parseFilterGraph(option.value ?? '') }
}
