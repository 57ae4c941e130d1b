import { escapeToken, readToken } from './token.ts'

/** One item of a list of settings; the value is null where there is only a name (`no_chroma_me`). */
export type Pair = readonly [name: string, value: string | null]

/**
 * Reads a list of settings inside a value that has lost all outer quoting: `subme=1:no_chroma_me` (x264opts, separated
 * by `:`), `FontName=Noto Sans,Bold=500` (inlineass overrides, by `,`), `movflags=+frag_discont`.
 * @param separator the character between items; each item is unquoted once more (x264opts alone knows no quoting, and
 *   none of its values needs any).
 */
export function parsePairs(text: string, separator: string): readonly Pair[] {
  const pairs: Pair[] = []
  for (let at = 0; at < text.length; ) {
    const name = readToken(text, at, `=${separator}`)
    const value = text[name.end] === '=' ? readToken(text, name.end + 1, separator) : null
    if (name.text !== '' || value !== null) pairs.push([name.text, value?.text ?? null])
    at = (value?.end ?? name.end) + 1
  }
  return pairs
}

/** Writes such a list so that `parsePairs` gives it back. */
export function printPairs(pairs: readonly Pair[], separator: string): string {
  return pairs
    .map(([name, value]) => {
      const key = escapeToken(name, `=${separator}`)
      return value === null ? key : `${key}=${escapeToken(value, separator)}`
    })
    .join(separator)
}
