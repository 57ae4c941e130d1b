import type { TextCue, TextFile, TextFormatRules } from './text-file.ts'

const cuePattern = /^Dialogue: [^,]*,(\d+):(\d\d):(\d\d)\.(\d\d),(\d+):(\d\d):(\d\d)\.(\d\d),/

/**
 * Files of Advanced SubStation Alpha as FFmpeg writes them (libavformat/assenc.c): the header ends with the line that
 * names the fields of events, and what a film has behind that comes after the cues. Times are hundredths of a second.
 */
export const ass: TextFormatRules = { read, print: (cues) => cues.map(({ text }) => text).join('') }

function read(text: string): TextFile {
  const cues: TextCue[] = []
  const around = { header: '', trailer: '' }
  let place: 'header' | 'trailer' = 'header'
  let isInEvents = false
  for (const line of text.split(/(?<=\n)/)) {
    const times = cuePattern.exec(line)
    if (times) cues.push(cueOf(times, line))
    else around[place] += line
    isInEvents ||= line.startsWith('[Events]')
    if (times || (isInEvents && line.startsWith('Format:'))) place = 'trailer'
  }
  return { ...around, cues }
}

function cueOf(times: RegExpExecArray, text: string): TextCue {
  const [start, end] = [times.slice(1, 5), times.slice(5, 9)].map(secondsOf)
  return { startSeconds: start!, endSeconds: end!, text }
}

/** Hours, minutes, seconds, hundredths. */
function secondsOf(digits: readonly string[]): number {
  const [hours = 0, minutes = 0, seconds = 0, hundredths = 0] = digits.map(Number)
  return (hours * 360_000 + minutes * 6_000 + seconds * 100 + hundredths) / 100
}
