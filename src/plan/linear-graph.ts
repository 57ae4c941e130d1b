import type { Filter, FilterGraph } from '../command/filter-graph.ts'
import { type FilterLinks, filterLinks, type LabelPlace } from '../command/filter-links.ts'
import { NotPlannable } from './refusal.ts'

/** A filter, and the line that comes in beside the main one: the subtitles of an overlay. */
export interface Step {
  readonly filter: Filter
  readonly side: Line | null
}

/** The label at the beginning of a line that no stream of an input begins. */
export const generated = ''

/** Filters that make pictures out of nothing: on such a one Jellyfin has text drawn that is to be laid over the film. */
const generators: ReadonlySet<string> = new Set(['alphasrc', 'color', 'nullsrc'])

/** From one stream of an input through filters in order. */
export interface Line {
  /** The label at its beginning: `0:0`; {@link generated} where its first filter makes it. */
  readonly source: string
  readonly steps: readonly Step[]
}

/** A filter graph that is one line, which others may join, and its end. */
export interface LinearGraph extends Line {
  /** The label at its end, which `-map` names; null for none: it goes to the first output by itself. */
  readonly result: string | null
}

/** Follows a graph back from its only output; throws NotPlannable for any that splits or has filters left over. */
export function linearGraph(graph: FilterGraph): LinearGraph {
  if (graph.scaler) refuse(`sws_flags=${graph.scaler.value}`)
  const links = filterLinks(graph)
  const [result, ...more] = ends(graph, links)
  if (!result || more.length > 0) refuse('other than one output')
  const seen = new Set<string>()
  const line = new Follower(graph, links, seen).lineTo(result.chain, result.filter)
  const total = graph.chains.reduce((sum, { filters }) => sum + filters.length, 0)
  if (seen.size !== total) refuse('filters that lead nowhere')
  if (line.source === generated) refuse(`${line.steps[0]!.filter.name} has no input`)
  return { ...line, result: result.label }
}

interface End {
  readonly label: string | null
  readonly chain: number
  readonly filter: number
}

/** Where a graph ends: labels that nothing takes, and chains that end without one. */
function ends(graph: FilterGraph, links: FilterLinks): End[] {
  const open = graph.chains.flatMap(({ filters }, chain): End[] => {
    const filter = filters.length - 1
    return filters[filter]?.outputs.length === 0 ? [{ label: null, chain, filter }] : []
  })
  return [...links.outputs, ...open]
}

/** The filters of `-vf` and `-af`: one chain without labels; throws NotPlannable for any other. */
export function simpleLine(graph: FilterGraph): readonly Step[] {
  if (graph.scaler) refuse(`sws_flags=${graph.scaler.value}`)
  const [chain, ...more] = graph.chains
  if (!chain || more.length > 0) refuse('more than one chain for one stream')
  if (chain.filters.some(({ inputs, outputs }) => inputs.length + outputs.length > 0)) {
    refuse('labels in a graph for one stream')
  }
  return chain.filters.map((filter) => ({ filter, side: null }))
}

class Follower {
  readonly #graph: FilterGraph
  readonly #links: FilterLinks
  readonly #seen: Set<string>

  constructor(graph: FilterGraph, links: FilterLinks, seen: Set<string>) {
    this.#graph = graph
    this.#links = links
    this.#seen = seen
  }

  lineTo(chain: number, index: number): Line {
    const filters = this.#graph.chains[chain]!.filters
    const filter = filters[index]!
    const key = `${chain}.${index}`
    if (this.#seen.has(key) || filter.outputs.length > 1) refuse('it splits')
    this.#seen.add(key)
    const [main, side, ...more] = this.#before(chain, index, filter)
    if (!main && generators.has(filter.name)) return { source: generated, steps: [{ filter, side: null }] }
    if (!main) refuse(`${filter.name} has no input`)
    if (more.length > 0) refuse(`${filter.name} joins more than two lines`)
    return { source: main.source, steps: [...main.steps, { filter, side: side ?? null }] }
  }

  #before(chain: number, index: number, filter: Filter): Line[] {
    if (index === 0) return filter.inputs.map((label) => this.#from({ label, chain, filter: index }))
    const previous = this.#graph.chains[chain]!.filters[index - 1]!
    if (filter.inputs.length > 0 || previous.outputs.length > 0) refuse('labels inside a chain')
    return [this.lineTo(chain, index - 1)]
  }

  #from(place: LabelPlace): Line {
    const link = this.#links.links.find(({ to }) => isSame(to, place))
    return link ? this.lineTo(link.from.chain, link.from.filter) : { source: place.label, steps: [] }
  }
}

function isSame(left: LabelPlace, right: LabelPlace): boolean {
  return left.label === right.label && left.chain === right.chain && left.filter === right.filter
}

function refuse(detail: string): never {
  throw new NotPlannable('graph-shape', `a filter graph: ${detail}`)
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
      throw new NotPlannable('filter-value', `the filter ${filter.name} with ${key ?? value}`)
    }
    values.set(key, value)
  })
  return values
}
