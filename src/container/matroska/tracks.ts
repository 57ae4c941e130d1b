import type { Rational } from '../../media/rational.ts'
import { type AacFormat, audioSpecificConfiguration, channelCount } from '../mp4/adts.ts'
import { decoderConfiguration } from '../mp4/parameter-sets.ts'
import type { PictureTrack } from '../mp4/picture-track.ts'
import type { PictureTrackEntry, SoundTrackEntry } from './header.ts'

const languageOf = (language: string | undefined): { language?: string } =>
  language === undefined ? {} : { language }

/** The entry of a session's pictures. */
export function pictureEntry(
  { sets, sequence }: PictureTrack,
  rate: Rational,
  language: string | undefined,
): PictureTrackEntry {
  const { width, height, sampleAspectRatio, color } = sequence
  return {
    ...{ kind: 'picture', codecId: 'V_MPEG4/ISO/AVC', codecPrivate: decoderConfiguration(sets, sequence) },
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
