import type { TextCue, TextFormatRules } from '../../container/text/text-file.ts'

/** What has come of a track of text since it was told last. */
export interface TextProgress {
  readonly rules: TextFormatRules
  readonly header: string
  /** In the order of their times. */
  readonly cues: readonly TextCue[]
  readonly trailer: string
}
