import type { ChipEncoder, EncoderWish, VideoCodec } from './chip.ts'
import { levelNumber, optionList, profileWord } from './encoder-words.ts'

/** Options in order; null leaves one out. */
export type Options = readonly (readonly [name: string, value: string | number | null])[]

/** What one family of encoders calls things. */
export interface Words {
  readonly profiles: Readonly<Partial<Record<VideoCodec, Readonly<Record<string, string>>>>>
  /** Levels of HEVC are counted in tenths too. */
  readonly levelInTenths?: boolean
  /** Codecs whose level can be told; both unless said. */
  readonly levelsOf?: readonly VideoCodec[]
  /** How quality and rate are told. */
  rate(wish: EncoderWish): Options | { readonly out: string }
  /** What else is always told. */
  more(wish: EncoderWish): Options
}

/** Options of one family, in the order: rate, profile, level, groups, the rest. */
export function family(words: Words): ChipEncoder['options'] {
  return (wish) => {
    const { encoder, groupFrames } = wish
    const profile = profileWord(encoder, words.profiles)
    if ('out' in profile) return profile
    const rate = words.rate(wish)
    if ('out' in rate) return rate
    const hasLevel = words.levelsOf?.includes(encoder.codec) ?? true
    const level = hasLevel ? levelNumber(encoder, words.levelInTenths) : null
    return optionList([
      ...rate,
      ['-profile:v', profile.word],
      ['-level', level],
      ['-g', groupFrames],
      ['-bf', 0],
      ...words.more(wish),
    ])
  }
}
