import type { Filter, FilterGraph } from '../command/filter-graph.ts'
import { filterLinks, type LabelPlace } from '../command/filter-links.ts'
import { NotPlannable } from './refusal.ts'

/** A filter graph that is one line: from one stream of an input, through filters in order, to one label. */
export interface LinearGraph {
  /** The label at its beginning: `0:0`. */
  readonly source: string
  readonly filters: readonly Filter[]
  /** The label at its end, which `-map` names. */
  readonly result: string
}

/** Follows a graph from its only input to its only output; throws NotPlannable for any that branches. */
export function linearGraph(graph: FilterGraph): LinearGraph {
  if (graph.scaler) throw new NotPlannable(`a filter graph with sws_flags=${graph.scaler.value}`)
  const { links, inputs, outputs } = filterLinks(graph)
  const [source, ...moreSources] = inputs
  const [result, ...moreResults] = outputs
  if (!source || !result || moreSources.length > 0 || moreResults.length > 0) {
    throw new NotPlannable('a filter graph with other than one input and one output')
  }
  const filters: Filter[] = []
  const seen = new Set<string>()
  let place: LabelPlace | undefined = source
  while (place) {
    const chain: number = place.chain
    const line: readonly Filter[] = graph.chains[chain]!.filters
    for (let index = place.filter; index < line.length; index++) takeFilter(line[index]!, `${chain}.${index}`)
    place = links.find(({ from }) => from.chain === chain)?.to
  }
  const total = graph.chains.reduce((sum, { filters: line }) => sum + line.length, 0)
  if (filters.length !== total) throw new NotPlannable('a filter graph that branches')
  return { source: source.label, filters, result: result.label }

  function takeFilter(filter: Filter, key: string): void {
    if (seen.has(key) || filter.inputs.length > 1 || filter.outputs.length > 1) {
      throw new NotPlannable('a filter graph that branches')
    }
    seen.add(key)
    filters.push(filter)
  }
}

/**
 * A filter's arguments by name; `places` gives the names of those known by their place. Throws NotPlannable for a name
 * that is not in `known`: what it does would be lost.
 */
export function namedArguments(
  filter: Filter,
  known: readonly string[],
  places: readonly string[] = [],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  filter.args.forEach(({ name, value }, index) => {
    const key = name ?? places[index]
    if (key === undefined || !known.includes(key)) {
      throw new NotPlannable(`the filter ${filter.name} with ${key ?? value}`)
    }
    values.set(key, value)
  })
  return values
}
