/** The blanks that FFmpeg's parsers skip. */
const blanks = ' \n\t\r'

/** A piece of text read off a string, and where reading stopped. */
export interface Token {
  readonly text: string
  readonly end: number
}

/** The first position at or after `from` that holds no blank. */
export function skipBlanks(source: string, from: number): number {
  let at = from
  while (at < source.length && blanks.includes(source[at] ?? '')) at += 1
  return at
}

/**
 * Reads up to one of the `stops` and takes off one level of quoting, as FFmpeg's av_get_token does: a backslash makes
 * the next character plain, between single quotes everything is plain (backslashes too, and a missing closing quote
 * means the end), blanks around the text go unless they are quoted
 * (https://ffmpeg.org/ffmpeg-utils.html, "Quoting and escaping").
 * @param from where to start.
 * @param stops characters that end the text where they are not quoted; `end` points at the one that did.
 */
export function readToken(source: string, from: number, stops: string): Token {
  let text = ''
  let kept = 0
  let at = skipBlanks(source, from)
  while (at < source.length && !stops.includes(source[at] ?? '')) {
    const character = source[at] ?? ''
    at += 1
    if (character === '\\' && at < source.length) {
      text += source[at]
      at += 1
      kept = text.length
    } else if (character === "'") {
      const close = source.indexOf("'", at)
      text += source.slice(at, close < 0 ? source.length : close)
      at = close < 0 ? source.length : close + 1
      if (close >= 0) kept = text.length
    } else {
      text += character
    }
  }
  let length = text.length
  while (length > kept && blanks.includes(text[length - 1] ?? '')) length -= 1
  return { text: text.slice(0, length), end: at }
}

/** Adds one level of quoting, so that `readToken` with the same `stops` gives `text` back and nothing else. */
export function escapeToken(text: string, stops: string): string {
  const special = `\\'${stops}`
  let escaped = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    const onEdge = (at === 0 || at === text.length - 1) && blanks.includes(character)
    escaped += onEdge || special.includes(character) ? `\\${character}` : character
  }
  return escaped
}
