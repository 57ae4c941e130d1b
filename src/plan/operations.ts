import type { Filter } from '../command/filter-graph.ts'
import { plainValue, wholeNumber } from './filter-values.ts'
import { namedArguments } from './linear-graph.ts'
import { meaningOf } from './picture-filters.ts'
import type { PictureOperation, SoundOperation } from './plan.ts'
import { NotPlannable } from './refusal.ts'

/** What a filter on pictures means: several operations, or none. Throws NotPlannable for one that is not known here. */
export function pictureOperations(filter: Filter): PictureOperation[] {
  const meaning = meaningOf(filter.name)
  if (!meaning) throw new NotPlannable('unknown-filter', `the filter ${filter.name}`)
  return meaning(filter)
}

/** What a filter on sound means; throws NotPlannable for one that is not known here. */
export function soundOperation(filter: Filter): SoundOperation {
  if (filter.name === 'volume') return { kind: 'volume', factor: loudness(filter) }
  if (filter.name === 'pan') return { kind: 'mix', shares: mixture(filter) }
  if (filter.name !== 'aresample') throw new NotPlannable('unknown-filter', `the filter ${filter.name}`)
  const names = ['async', 'ochl', 'ocl', 'out_chlayout', 'rematrix_maxval', 'osr', 'out_sample_rate']
  const values = namedArguments(filter, names, ['out_sample_rate'])
  const rate = values.get('osr') ?? values.get('out_sample_rate')
  const layout = values.get('ochl') ?? values.get('out_chlayout') ?? values.get('ocl')
  const async = values.get('async')
  const rematrixMaximum = values.get('rematrix_maxval')
  return {
    kind: 'resample',
    ...(rate !== undefined && { rate: String(wholeNumber(rate)) }),
    ...(layout !== undefined && { layout: plainValue(layout) }),
    ...(async !== undefined && { async: plainValue(async) }),
    ...(rematrixMaximum !== undefined && { rematrixMaximum: plainValue(rematrixMaximum) }),
  }
}

/** What an encoder is told of its layout of channels makes FFmpeg mix down or up to it, after all filters. */
export function layoutOperations(layout: string | null): SoundOperation[] {
  return layout === null ? [] : [{ kind: 'resample', layout: plainValue(layout) }]
}

/** A factor, or decibels. */
function loudness(filter: Filter): string {
  const factor = namedArguments(filter, ['volume'], ['volume']).get('volume') ?? ''
  if (!/^\d{1,3}(\.\d{1,6})?(dB)?$/.test(factor))
    throw new NotPlannable('filter-value', `the volume ${factor}`)
  return factor
}

/** Layout and shares. The first equals sign of `stereo|c0=...` looks like that of a named argument, and is put back. */
function mixture(filter: Filter): string {
  const [only, ...more] = filter.args
  const shares = [only?.name, only?.value].filter((part) => typeof part === 'string').join('=')
  const share = /^[A-Z]{0,3}[a-z]?[0-9]{0,2}[=<][A-Za-z0-9.*+-]{1,300}$/
  const [layout = '', ...all] = shares.split('|')
  if (
    more.length > 0 ||
    !/^[0-9a-z.]{1,20}$/.test(layout) ||
    all.length === 0 ||
    !all.every((one) => share.test(one))
  ) {
    throw new NotPlannable('filter-value', `the filter pan with ${shares}`)
  }
  return shares
}
