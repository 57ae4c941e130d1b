import type { FilterArgument } from './filter-graph.ts'
import { escapeToken, readToken, skipBlanks } from './token.ts'

/** A filter's arguments, or why they are none. */
export type FilterArguments =
  | { readonly kind: 'arguments'; readonly args: readonly FilterArgument[] }
  | { readonly kind: 'error'; readonly what: string }

/**
 * Reads a filter's arguments from text that has lost the graph's level of quoting: `w=1280:h=720`, `1:-1:0`. Arguments
 * known by their place come first; after a named one FFmpeg takes only named ones.
 */
export function parseFilterArguments(text: string): FilterArguments {
  const args: FilterArgument[] = []
  for (let at = 0; at < text.length; ) {
    const name = readName(text, at)
    if (name === null && args.some((argument) => argument.name !== null)) {
      return { kind: 'error', what: `"${text.slice(at)}" has no name but follows an argument that has one` }
    }
    if (name?.text === '')
      return { kind: 'error', what: `"${text.slice(at)}" has an equals sign but no name` }
    const value = readToken(text, name?.end ?? at, ':')
    args.push({ name: name?.text ?? null, value: value.text })
    at = value.end + 1
  }
  return { kind: 'arguments', args }
}

/** Writes arguments so that `parseFilterArguments` gives them back. */
export function printFilterArguments(args: readonly FilterArgument[]): string {
  const written = args.map(({ name, value }) => {
    if (name !== null) return `${name}=${escapeToken(value, ':')}`
    const plain = escapeToken(value, ':')
    // Text like "a=b" would be read as a name and a value.
    return readName(plain, 0) === null ? plain : escapeToken(value, ':=')
  })
  // An empty last argument leaves no trace but its colon.
  const last = args.at(-1)
  return written.join(':') + (last?.name === null && last.value === '' ? ':' : '')
}

/** The names that FFmpeg recognises before an equals sign. */
export const argumentName = /^[A-Za-z0-9_./-]+$/

function readName(text: string, from: number): { readonly text: string; readonly end: number } | null {
  const start = skipBlanks(text, from)
  let end = start
  while (/[A-Za-z0-9_./-]/.test(text[end] ?? '')) end += 1
  const sign = skipBlanks(text, end)
  return text[sign] === '=' ? { text: text.slice(start, end), end: sign + 1 } : null
}
