import type { TextCue, TextFile, TextFormatRules } from './text-file.ts'

const time = String.raw`(\d{2,}):(\d\d):(\d\d),(\d{3})`
const begin = new RegExp(String.raw`^\d+\r?\n${time} --> ${time}`)
const unread = begin.source.slice(1).replaceAll('(', '(?:')
const boundary = new RegExp(String.raw`(?<=^|\n\r?\n)(?=${unread})`)

/** Files of SubRip: cues with a running number, which is not part of what is kept here. Times are milliseconds. */
export const srt: TextFormatRules = {
  read,
  print: (cues, before) => cues.map(({ text }, index) => `${before + index + 1}\n${text}`).join(''),
}

function read(text: string): TextFile {
  // Text may have empty lines, and numbers in them: only a number before a line with times begins a cue.
  const pieces = text.split(boundary)
  const isCue = (piece: string) => begin.test(piece)
  return {
    header: pieces.filter((piece) => !isCue(piece)).join(''),
    cues: pieces.filter(isCue).map(cueOf),
    trailer: '',
  }
}

function cueOf(piece: string): TextCue {
  const times = begin.exec(piece)!
  const [start, end] = [times.slice(1, 5), times.slice(5, 9)].map(secondsOf)
  return { startSeconds: start!, endSeconds: end!, text: piece.slice(piece.indexOf('\n') + 1) }
}

/** Hours, minutes, seconds, thousandths. */
function secondsOf(digits: readonly string[]): number {
  const [hours = 0, minutes = 0, seconds = 0, thousandths = 0] = digits.map(Number)
  return (hours * 3_600_000 + minutes * 60_000 + seconds * 1_000 + thousandths) / 1_000
}
