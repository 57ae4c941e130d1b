import type { Filter } from '../command/filter-graph.ts'
import { namedArguments } from './linear-graph.ts'
import type { PictureOperation, SoundOperation } from './plan.ts'
import { NotPlannable } from './refusal.ts'

/** What a filter on pictures means; throws NotPlannable for one that is not known here. */
export function pictureOperation(filter: Filter): PictureOperation {
  switch (filter.name) {
    case 'scale':
      return scale(filter)
    case 'format':
      return format(filter)
    default:
      throw new NotPlannable(`the filter ${filter.name}`)
  }
}

/** What a filter on sound means; throws NotPlannable for one that is not known here. */
export function soundOperation(filter: Filter): SoundOperation {
  if (filter.name !== 'aresample') throw new NotPlannable(`the filter ${filter.name}`)
  const names = ['async', 'ochl', 'ocl', 'rematrix_maxval', 'osr', 'out_sample_rate']
  const values = namedArguments(filter, names, ['out_sample_rate'])
  const rate = values.get('osr') ?? values.get('out_sample_rate')
  const layout = values.get('ochl') ?? values.get('ocl')
  const async = values.get('async')
  const rematrixMaximum = values.get('rematrix_maxval')
  return {
    kind: 'resample',
    ...(rate !== undefined && { rate: plain(rate) }),
    ...(layout !== undefined && { layout: plain(layout) }),
    ...(async !== undefined && { async: plain(async) }),
    ...(rematrixMaximum !== undefined && { rematrixMaximum: plain(rematrixMaximum) }),
  }
}

function scale(filter: Filter): PictureOperation {
  const names = ['w', 'width', 'h', 'height', 'force_divisible_by']
  const values = namedArguments(filter, names, ['w', 'h'])
  const width = values.get('w') ?? values.get('width')
  const height = values.get('h') ?? values.get('height')
  if (width === undefined || height === undefined) throw new NotPlannable('scale without a size')
  const divisibleBy = values.get('force_divisible_by')
  return {
    kind: 'scale',
    width: plain(width),
    height: plain(height),
    ...(divisibleBy !== undefined && { divisibleBy: wholeNumber(divisibleBy) }),
  }
}

function format(filter: Filter): PictureOperation {
  const formats = namedArguments(filter, ['pix_fmts'], ['pix_fmts']).get('pix_fmts')
  if (!formats) throw new NotPlannable('format without one')
  return { kind: 'format', pixelFormats: plain(formats).split('|') }
}

/** Values go into another command line: only those that need no quoting there are taken. */
function plain(value: string): string {
  if (!/^[A-Za-z0-9_.|()*/+-]*$/.test(value)) throw new NotPlannable(`the filter value ${value}`)
  return value
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new NotPlannable(`the filter value ${value}`)
  return Number(value)
}
