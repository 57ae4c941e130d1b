import type { Rational } from '../../media/rational.ts'
import { type AacFormat, audioSpecificConfiguration, channelCount } from '../mp4/adts.ts'
import type { PictureTrack } from '../mp4/picture-track.ts'
import type { PictureTrackEntry, SoundTrackEntry } from './header.ts'

const languageOf = (language: string | undefined): { language?: string } =>
  language === undefined ? {} : { language }

/** The entry of a session's pictures. */
export function pictureEntry(
  { description }: PictureTrack,
  rate: Rational,
  language: string | undefined,
): PictureTrackEntry {
  const { width, height, sampleAspectRatio, color, matroskaId, configuration } = description
  return {
    ...{ kind: 'picture', codecId: matroskaId, codecPrivate: configuration },
    ...{ rate, width, height, aspectRatio: sampleAspectRatio, color },
    ...languageOf(language),
  }
}

/** The entry of a session's sound, AAC. */
export function soundEntry(format: AacFormat, language: string | undefined): SoundTrackEntry {
  return {
    ...{ kind: 'sound', codecId: 'A_AAC', codecPrivate: audioSpecificConfiguration(format) },
    ...{ rate: format.rate, channels: channelCount(format) },
    ...languageOf(language),
  }
}
