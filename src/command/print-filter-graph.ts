import { argumentName, printFilterArguments } from './filter-arguments.ts'
import type { Filter, FilterArgument, FilterGraph } from './filter-graph.ts'
import { readFilter } from './parse-filter-graph.ts'
import { escapeToken } from './token.ts'

/** What a new filter is made of; what is left out is empty. */
export interface FilterParts {
  readonly name: string
  readonly instance?: string | null
  readonly inputs?: readonly string[]
  readonly args?: readonly FilterArgument[]
  readonly outputs?: readonly string[]
}

/**
 * The text of a graph. Filters that were read and not changed keep their exact spelling, so that
 * `printFilterGraph(parseFilterGraph(x))` is `x`; new and changed ones are written with `filterText`.
 */
export function printFilterGraph(graph: FilterGraph): string {
  const chains = graph.chains.map((chain) => chain.filters.map(printFilter).join(','))
  return printScaler(graph) + chains.join(';')
}

/**
 * Writes a filter with its labels, quoted for both levels that FFmpeg takes off.
 * @throws TypeError for a name or label that no quoting can express; that is a bug of the caller.
 */
export function filterText(parts: FilterParts): string {
  const { name, instance = null, inputs = [], args = [], outputs = [] } = parts
  if (!/^[A-Za-z0-9_]+$/.test(name)) throw new TypeError(`no name of a filter: "${name}"`)
  if (instance === '') throw new TypeError(`the instance of ${name} has an empty name`)
  const wrong = args.find((argument, place) => !isWritable(argument, args[place - 1]))
  if (wrong !== undefined) throw new TypeError(`no argument of ${name}: "${wrong.name ?? wrong.value}"`)
  const full = instance === null ? name : escapeToken(`${name}@${instance}`, '=,;[')
  const list = args.length === 0 ? '' : `=${escapeToken(printFilterArguments(args), '[],;')}`
  return labels(inputs) + full + list + labels(outputs)
}

function isWritable(argument: FilterArgument, before: FilterArgument | undefined): boolean {
  if (argument.name === null) return before === undefined || before.name === null
  return argumentName.test(argument.name)
}

function labels(names: readonly string[]): string {
  return names
    .map((name) => {
      if (name === '') throw new TypeError('a label of a filter is empty')
      return `[${escapeToken(name, ']')}]`
    })
    .join('')
}

function printFilter(filter: Filter): string {
  return filter.source !== undefined && says(filter.source, filter) ? filter.source : filterText(filter)
}

/** Whether a text still means the filter: somebody may have copied the filter with other arguments. */
function says(source: string, filter: Filter): boolean {
  const step = readFilter(source, 0)
  return step.kind === 'filter' && step.end === source.length && sameFilter(step.filter, filter)
}

function sameFilter(one: Filter, other: Filter): boolean {
  return (
    one.name === other.name &&
    one.instance === other.instance &&
    sameList(one.inputs, other.inputs) &&
    sameList(one.outputs, other.outputs) &&
    sameList(one.args.flatMap(pair), other.args.flatMap(pair))
  )
}

function pair({ name, value }: FilterArgument): readonly (string | null)[] {
  return [name, value]
}

function sameList(one: readonly (string | null)[], other: readonly (string | null)[]): boolean {
  return one.length === other.length && one.every((value, place) => value === other[place])
}

function printScaler({ scaler }: FilterGraph): string {
  if (scaler === null) return ''
  const plain = `sws_flags=${scaler.value};`
  return scaler.source?.trimStart() === plain ? scaler.source : plain
}
