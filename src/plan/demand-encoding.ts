import { found, isAllCopied, isCopied } from './found-stream.ts'
import { NotPlannable } from './refusal.ts'
import type { SortedOutputs } from './sorted-outputs.ts'

/** Refuses the kinds of job that nodes are not for, most telling first. Throws NotPlannable. */
export function demandEncoding({ film, beside }: SortedOutputs): void {
  const { output, streams } = film
  const [pictures, sounds] = [found(streams, 'video'), found(streams, 'audio')]
  if (pictures.length === 0) throw new NotPlannable('sound-only', output.path)
  if ([film, ...beside].every(isAllCopied)) throw new NotPlannable('remux', '-codec copy')
  if (pictures.length > 1) throw new NotPlannable('several-pictures', `${pictures.length} in one output`)
  if (sounds.length > 1) throw new NotPlannable('several-sounds', `${sounds.length} in one output`)
  if (sounds.some(({ position }) => isCopied(film, position))) {
    throw new NotPlannable('copied-sound', '-codec copy')
  }
}
