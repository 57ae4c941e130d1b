import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Where the proofs' clips are: in `clips/proof` of the nearest folder above that has it, of the sources as well as of
 * whatever is compiled of them. Throws where there is none: the installation is not whole.
 */
export function clipFolderAbove(folder: string): string {
  const clips = join(folder, 'clips', 'proof')
  if (existsSync(clips)) return clips
  if (dirname(folder) === folder) throw new Error('the clips of proofs are missing')
  return clipFolderAbove(dirname(folder))
}
