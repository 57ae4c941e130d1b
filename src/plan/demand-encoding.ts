import { found, isAllCopied } from './found-stream.ts'
import { NotPlannable } from './refusal.ts'
import type { SortedOutputs } from './sorted-outputs.ts'

/** Refuses the kinds of job that nodes are not for, most telling first. Throws NotPlannable. */
export function demandEncoding({ film, beside }: SortedOutputs): void {
  const { output, streams } = film
  const pictures = found(streams, 'video')
  if (pictures.length === 0) throw new NotPlannable('sound-only', output.path)
  if ([film, ...beside].every(isAllCopied)) throw new NotPlannable('remux', '-codec copy')
  if (pictures.length > 1) throw new NotPlannable('several-pictures', `${pictures.length} in one output`)
}
