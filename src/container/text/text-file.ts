/** Text with its time. */
export interface TextCue {
  /** Seconds, as finely as the format tells them. */
  readonly startSeconds: number
  readonly endSeconds: number
  /** As it stands in the file, with its ends of lines. */
  readonly text: string
}

/** A file of subtitles, taken apart. */
export interface TextFile {
  /** Everything before the cues. */
  readonly header: string
  /** In the order of the file, which may decide what lies over what. */
  readonly cues: readonly TextCue[]
  /** Everything behind the cues. */
  readonly trailer: string
}

/** How files of one format are taken apart and put together. */
export interface TextFormatRules {
  read(text: string): TextFile
  /** Cues as they stand in a file; `before` is how many stand before them. */
  print(cues: readonly TextCue[], before: number): string
}

/** The whole file of these parts. */
export function printText({ print }: TextFormatRules, { header, cues, trailer }: TextFile): string {
  return `${header}${print(cues, 0)}${trailer}`
}

/**
 * A file from a stretch of a film, joined to one from the stretches before it: of the new one only the cues that begin
 * at `fromSeconds` or later and before `toSeconds` are taken, so that none is there twice.
 */
export function joinText(
  before: TextFile | null,
  next: TextFile,
  fromSeconds: number,
  toSeconds: number,
): TextFile {
  const taken = next.cues.filter(
    ({ startSeconds }) => startSeconds >= fromSeconds && startSeconds < toSeconds,
  )
  if (before === null) return { ...next, cues: taken }
  return { ...before, cues: [...before.cues, ...taken] }
}
