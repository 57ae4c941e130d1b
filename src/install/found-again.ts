import type { FoundTranscoder } from './find-transcoder.ts'
import type { Installation } from './installations.ts'
import { placeIn } from './place.ts'

/** Where an installation was made; nothing is looked at. */
export function foundAgain({ folder, root, inside }: Installation): FoundTranscoder {
  return { place: placeIn(folder), root, inside }
}
