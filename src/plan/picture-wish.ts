import type { InputFile } from '../command/command.ts'
import type { MediaInfo } from '../media/media-info.ts'
import type { Rational } from '../media/rational.ts'
import type { KeyFrames, StreamPlace } from './encoders.ts'
import type { OutputStream } from './output-streams.ts'

/** What is known of the picture when its part is read. */
export interface PictureWish {
  readonly stream: Extract<OutputStream, { kind: 'video' }>
  readonly place: StreamPlace
  readonly infos: readonly MediaInfo[]
  readonly rate: Rational
  readonly fillFromZero: boolean
  /** What decodes the picture, as the server wrote it. */
  readonly input: InputFile
  /** Paths of all inputs, those of text that filters name among them. */
  readonly paths: readonly string[]
  readonly keys: KeyFrames
}
