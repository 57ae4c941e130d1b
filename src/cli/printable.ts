/**
 * Text of somebody else's as a terminal may get it: file names may hold control characters, with which one could move the
 * cursor, change colours and titles, or write over what stands there. Those, and marks that turn the direction of
 * writing, become `?`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}

/** The same for text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
