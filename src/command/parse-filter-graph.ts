import { parseFilterArguments } from './filter-arguments.ts'
import type {
  Filter,
  FilterArgument,
  FilterChain,
  FilterGraph,
  FilterGraphError,
  ScalerFlags,
} from './filter-graph.ts'
import { readToken, skipBlanks } from './token.ts'

/**
 * Reads the value of `-filter_complex`, `-vf` or `-af` as FFmpeg does: a text is unquoted once as part of the graph
 * (where `[],;` are special) and the filter's arguments once more (where `:` is)
 * (https://ffmpeg.org/ffmpeg-filters.html, "Filtergraph description" and "Notes on filtergraph escaping").
 */
export function parseFilterGraph(text: string): FilterGraph | FilterGraphError {
  const scaler = readScalerFlags(text)
  if (scaler.kind === 'error') return scaler
  const chains: FilterChain[] = []
  let filters: Filter[] = []
  let at = scaler.end
  for (;;) {
    const step = readFilter(text, at)
    if (step.kind === 'error') return step
    filters.push(step.filter)
    const separator = text[step.end]
    if (separator !== ',') {
      chains.push({ filters })
      filters = []
    }
    if (separator === undefined) return { kind: 'graph', scaler: scaler.flags, chains }
    if (separator !== ',' && separator !== ';') {
      return { kind: 'error', at: step.end, what: `"${separator}" stands where a filter should have ended` }
    }
    at = step.end + 1
  }
}

/** A filter read off a graph; `end` points at the separator after it, or at the end of the text. */
interface FilterStep {
  readonly kind: 'filter'
  readonly filter: Filter
  readonly end: number
}

/** Reads one filter with its labels, and the blanks around it. */
export function readFilter(text: string, from: number): FilterStep | FilterGraphError {
  const inputs = readLabels(text, skipBlanks(text, from))
  if (inputs.kind === 'error') return inputs
  const name = readToken(text, inputs.end, '=,;[')
  const [filterName, instance] = splitInstance(name.text)
  if (!/^[A-Za-z0-9_]+$/.test(filterName)) {
    return { kind: 'error', at: inputs.end, what: `"${name.text}" is no name of a filter` }
  }
  let args: readonly FilterArgument[] = []
  let at = name.end
  if (text[at] === '=') {
    const list = readToken(text, at + 1, '[],;')
    const parsed = parseFilterArguments(list.text)
    if (parsed.kind === 'error') return { kind: 'error', at: at + 1, what: `${filterName}: ${parsed.what}` }
    args = parsed.args
    at = list.end
  }
  const outputs = readLabels(text, skipBlanks(text, at))
  if (outputs.kind === 'error') return outputs
  const source = text.slice(from, outputs.end)
  const filter = { name: filterName, instance, inputs: inputs.labels, args, outputs: outputs.labels, source }
  return { kind: 'filter', filter, end: outputs.end }
}

/** FFmpeg splits at the first `@`, if anything follows it. */
function splitInstance(name: string): readonly [name: string, instance: string | null] {
  const sign = name.indexOf('@')
  return sign < 0 || sign === name.length - 1 ? [name, null] : [name.slice(0, sign), name.slice(sign + 1)]
}

interface Labels {
  readonly kind: 'labels'
  readonly labels: readonly string[]
  readonly end: number
}

function readLabels(text: string, from: number): Labels | FilterGraphError {
  const labels: string[] = []
  let at = from
  while (text[at] === '[') {
    const label = readToken(text, at + 1, ']')
    if (label.text === '') return { kind: 'error', at, what: 'a label is empty' }
    if (text[label.end] !== ']') return { kind: 'error', at, what: 'a label has no closing bracket' }
    labels.push(label.text)
    at = skipBlanks(text, label.end + 1)
  }
  return { kind: 'labels', labels, end: at }
}

interface ScalerStep {
  readonly kind: 'scaler'
  readonly flags: ScalerFlags | null
  readonly end: number
}

function readScalerFlags(text: string): ScalerStep | FilterGraphError {
  const key = 'sws_flags='
  const start = skipBlanks(text, 0)
  if (!text.startsWith(key, start)) return { kind: 'scaler', flags: null, end: 0 }
  const semicolon = text.indexOf(';', start)
  if (semicolon < 0) return { kind: 'error', at: start, what: 'sws_flags does not end in a semicolon' }
  const value = text.slice(start + key.length, semicolon)
  return { kind: 'scaler', flags: { value, source: text.slice(0, semicolon + 1) }, end: semicolon + 1 }
}
