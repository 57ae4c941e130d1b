import type { Filter } from '../command/filter-graph.ts'
import { wordTable } from '../command/word-table.ts'
import { namedArguments } from './linear-graph.ts'
import type { PictureOperation } from './plan.ts'
import { NotPlannable } from './refusal.ts'

const turns = wordTable<'clock' | 'cclock' | 'half' | 'hflip' | 'vflip'>({
  ...{ '1': 'clock', clock: 'clock', '2': 'cclock', cclock: 'cclock' },
  // Those that only filters on chips have.
  ...{ '4': 'half', reversal: 'half', '5': 'hflip', hflip: 'hflip', '6': 'vflip', vflip: 'vflip' },
})

/** What the filters `transpose`, of all chips, mean. */
export function transpose(filter: Filter): PictureOperation[] {
  const values = namedArguments(filter, ['dir', 'passthrough'], ['dir', 'passthrough'])
  if (!['none', '0'].includes(values.get('passthrough') ?? 'none')) {
    throw new NotPlannable('filter-value', `the filter ${filter.name} that turns some pictures only`)
  }
  return [turnBy(filter, values.get('dir') ?? '')]
}

/** Throws NotPlannable for a turn that is also a mirror. */
export function turnBy(filter: Filter, direction: string): PictureOperation {
  const how = turns[direction]
  if (!how) throw new NotPlannable('filter-value', `the filter ${filter.name} with ${direction}`)
  return { kind: 'turn', how }
}
