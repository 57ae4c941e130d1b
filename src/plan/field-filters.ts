import type { Filter } from '../command/filter-graph.ts'
import { oneOf } from './filter-values.ts'
import { namedArguments } from './linear-graph.ts'
import type { PictureOperation } from './plan.ts'

/** What `yadif` and `bwdif` mean, of whatever chip: their arguments are the same. */
export function deinterlace(filter: Filter): PictureOperation[] {
  const values = namedArguments(filter, ['mode', 'parity', 'deint'], ['mode', 'parity', 'deint'])
  const mode = oneOf(values.get('mode') ?? '0', ['0', '1', 'send_frame', 'send_field'])
  const parity = oneOf(values.get('parity') ?? 'auto', ['-1', '0', '1', 'auto', 'tff', 'bff'])
  const marked = oneOf(values.get('deint') ?? 'all', ['0', '1', 'all', 'interlaced'])
  return [
    {
      kind: 'deinterlace',
      method: filter.name.startsWith('bwdif') ? 'bwdif' : 'yadif',
      fieldRate: mode === '1' || mode === 'send_field',
      markedOnly: marked === '1' || marked === 'interlaced',
      parity: ({ '-1': 'auto', '0': 'tff', '1': 'bff' } as const)[parity as '0'] ?? (parity as 'auto'),
    },
  ]
}

/** What chips are told: how well is theirs, whether fields or marked frames alone is the picture's. */
export function deinterlaceOnChip(filter: Filter): PictureOperation[] {
  const values = namedArguments(filter, ['mode', 'rate', 'auto'], ['mode', 'rate', 'auto'])
  const rate = oneOf(values.get('rate') ?? 'frame', ['frame', 'field', '1', '2'])
  const marked = oneOf(values.get('auto') ?? '0', ['0', '1'])
  return [chipDeinterlacing({ fieldRate: rate === 'field' || rate === '2', markedOnly: marked === '1' })]
}

/** What chips do, in the words of the usual filter. */
export const chipDeinterlacing = (how: { fieldRate: boolean; markedOnly: boolean }): PictureOperation => ({
  ...{ kind: 'deinterlace', method: 'yadif', parity: 'auto' },
  ...how,
})
