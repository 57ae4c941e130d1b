import { damagedSources } from './damaged-sources.ts'
import { strangeJumps } from './strange-jumps.ts'
import { strangePictures } from './strange-pictures.ts'
import { strangeSounds } from './strange-sounds.ts'
import type { StrangeSource } from './strange-source.ts'
import { strangeTimes } from './strange-times.ts'

export const strangeSources: readonly StrangeSource[] = [
  ...strangeTimes,
  ...strangeJumps,
  ...strangePictures,
  ...strangeSounds,
  ...damagedSources,
]
