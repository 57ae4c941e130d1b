/**
 * Text of somebody else's as a terminal may get it: file names may hold control characters, with which one could move the
 * cursor, change colours and titles, or write over what stands there. Those, and marks that turn the direction of
 * writing, become `?`.
 */
export function printable(text: string): string {
  return text.replace(orders, '?')
}

const orders = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** A line of JSON that means the same, for whoever looks at it on a terminal: JSON itself escapes only a few of them. */
export function escapedJson(line: string): string {
  return line.replace(orders, (found) =>
    found === '\n'
      ? found
      : found
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
  )
}

/** The same for text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
