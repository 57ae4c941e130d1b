import { found, isAllCopied, isCopied } from './found-stream.ts'
import { packagingOf } from './packaging.ts'
import { NotPlannable } from './refusal.ts'
import type { ReadOutput, SortedOutputs } from './sorted-outputs.ts'

/** Refuses the kinds of job that nodes are not for, most telling first. Throws NotPlannable. */
export function demandEncoding({ film, beside }: SortedOutputs): void {
  const { output, streams } = film
  const [pictures, sounds] = [found(streams, 'video'), found(streams, 'audio')]
  if (pictures.length === 0) throw new NotPlannable('sound-only', output.path)
  if ([film, ...beside].every(isAllCopied)) throw new NotPlannable('remux', '-codec copy')
  if (pictures.length > 1) throw new NotPlannable('several-pictures', `${pictures.length} in one output`)
  if (sounds.length > 1) throw new NotPlannable('several-sounds', `${sounds.length} in one output`)
  if (!carriesCopies(film) && sounds.some(({ position }) => isCopied(film, position))) {
    throw new NotPlannable('copied-sound', '-codec copy')
  }
}

/** Whether copied sound goes along without a node: where the server's own muxer would not change a thing about it. */
function carriesCopies({ output }: ReadOutput): boolean {
  const { packaging } = packagingOf(output)
  return packaging.kind === 'hls' || (packaging.kind === 'file' && packaging.growing === true)
}
