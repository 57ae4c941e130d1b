import type { FilterGraph } from './filter-graph.ts'
import { parseStreamSpecifier, type StreamSpecifier } from './stream-specifier.ts'

/** Where a label stands. */
export interface LabelPlace {
  readonly label: string
  readonly chain: number
  readonly filter: number
}

/** A label that one filter gives and another takes. */
export interface FilterLink {
  readonly from: LabelPlace
  readonly to: LabelPlace
}

export interface FilterLinks {
  readonly links: readonly FilterLink[]
  /** Labels that no filter of the graph gives: streams of the inputs. In order. */
  readonly inputs: readonly LabelPlace[]
  /** Labels that no filter of the graph takes: `-map` names them. In order. */
  readonly outputs: readonly LabelPlace[]
}

/**
 * Joins labels as FFmpeg does, from left to right: a label is used up by the first filter that answers it, and may be
 * used again afterwards, so `[0]` can be an input stream's, a link's and a link's again.
 */
export function filterLinks(graph: FilterGraph): FilterLinks {
  const given: LabelPlace[] = []
  const taken: LabelPlace[] = []
  const links: FilterLink[] = []
  graph.chains.forEach(({ filters }, chain) => {
    filters.forEach(({ inputs, outputs }, filter) => {
      for (const label of inputs) {
        const to = { label, chain, filter }
        const from = takeOut(given, label)
        if (from === undefined) taken.push(to)
        else links.push({ from, to })
      }
      for (const label of outputs) {
        const from = { label, chain, filter }
        const to = takeOut(taken, label)
        if (to === undefined) given.push(from)
        else links.push({ from, to })
      }
    })
  })
  return { links, inputs: taken, outputs: given }
}

function takeOut(places: LabelPlace[], label: string): LabelPlace | undefined {
  const at = places.findIndex((place) => place.label === label)
  return at < 0 ? undefined : places.splice(at, 1)[0]
}

/** An input stream that a label names. */
export interface LabelledStream {
  readonly input: number
  readonly streams: StreamSpecifier
}

/** Reads a label that names an input stream: `0:0`, `0:#0x1011`, `1:s:m:language:eng`, `0`; null for any other. */
export function labelledStream(label: string): LabelledStream | null {
  const address = /^(\d+)(?::(.*))?$/s.exec(label)
  if (address === null) return null
  const streams = parseStreamSpecifier(address[2] ?? '')
  return streams.kind === 'streams' ? { input: Number(address[1]), streams } : null
}
