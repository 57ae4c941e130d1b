/** A line of text with its time, as FFmpeg's own muxer writes it. */
export interface AssCue {
  /** Seconds, in hundredths. */
  readonly startSeconds: number
  readonly endSeconds: number
  /** Without an end of line. */
  readonly line: string
}

/** A file of Advanced SubStation Alpha, taken apart. */
export interface AssFile {
  /** Everything before the first cue, ends of lines as they are. */
  readonly header: string
  /** In the order of the file, which decides what lies over what. */
  readonly cues: readonly AssCue[]
  /** Everything behind the cues that is none. */
  readonly trailer: string
}

const cuePattern = /^Dialogue: [^,]*,(\d+):(\d\d):(\d\d)\.(\d\d),(\d+):(\d\d):(\d\d)\.(\d\d),/

/** Takes a file apart; lines that are no cue stay where they are, before the cues or behind them. */
export function readAss(text: string): AssFile {
  const cues: AssCue[] = []
  const around = { header: '', trailer: '' }
  for (const line of text.split(/(?<=\n)/)) {
    const times = cuePattern.exec(line)
    if (times) {
      const [start, end] = [times.slice(1, 5), times.slice(5, 9)].map(secondsOf)
      cues.push({ startSeconds: start!, endSeconds: end!, line: line.replace(/\r?\n$/, '') })
    } else around[cues.length === 0 ? 'header' : 'trailer'] += line
  }
  return { ...around, cues }
}

/** Hours, minutes, seconds, hundredths. */
function secondsOf(digits: readonly string[]): number {
  const [hours = 0, minutes = 0, seconds = 0, hundredths = 0] = digits.map(Number)
  return (hours * 360_000 + minutes * 6_000 + seconds * 100 + hundredths) / 100
}

/** The file of these parts. */
export function printAss({ header, cues, trailer }: AssFile): string {
  return `${header}${cues.map(({ line }) => `${line}\n`).join('')}${trailer}`
}

/**
 * A file from a stretch of a film, joined to one from the stretches before it: of the new one only the cues that begin
 * at `fromSeconds` or later and before `toSeconds` are taken, so that none is there twice.
 */
export function joinAss(
  before: AssFile | null,
  next: AssFile,
  fromSeconds: number,
  toSeconds: number,
): AssFile {
  const taken = next.cues.filter(
    ({ startSeconds }) => startSeconds >= fromSeconds && startSeconds < toSeconds,
  )
  if (before === null) return { ...next, cues: taken }
  return { ...before, cues: [...before.cues, ...taken] }
}
