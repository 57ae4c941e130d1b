import type { Command } from '../command/command.ts'
import type { Filter } from '../command/filter-graph.ts'
import { complexGraphs, simpleGraphs } from '../command/filter-graphs-of.ts'
import { NotPlannable } from './refusal.ts'

/** Filters of FFmpeg that read the text which they draw from a file of their own. */
export const textFilters: ReadonlySet<string> = new Set(['subtitles', 'ass'])

/** The file that such a filter names, without a protocol; null where it names none. */
export function textFileOf(filter: Filter): string | null {
  const [first] = filter.args
  const named = filter.args.find(({ name }) => name === 'f' || name === 'filename')
  const path = named?.value ?? (first?.name === null ? first.value : null)
  return path?.startsWith('file:') ? path.slice('file:'.length) : path
}

/** Files of text that filters read beside the inputs of a command, in order, none twice. */
export function textFiles(command: Command): string[] {
  return [
    ...new Set(
      drawingFilters(command)
        .map(textFileOf)
        .filter((path) => path !== null),
    ),
  ]
}

/** All such filters of a command, in order. */
export function drawingFilters(command: Command): Filter[] {
  const written = [...complexGraphs(command), ...command.outputs.flatMap(simpleGraphs)]
  const chains = written.flatMap(({ graph }) => (graph.kind === 'error' ? [] : graph.chains))
  return chains.flatMap(({ filters }) => filters.filter(({ name }) => textFilters.has(name)))
}

/** Which of its file's texts such a filter draws, from 0; throws NotPlannable where it does not say a number. */
export function textIndex(filter: Filter): number {
  const index = filter.args.find(({ name }) => name === 'si' || name === 'stream_index')?.value ?? '0'
  if (!/^(-1|\d{1,3})$/.test(index))
    throw new NotPlannable('filter-value', `the filter ${filter.name} with si=${index}`)
  return Math.max(0, Number(index))
}
