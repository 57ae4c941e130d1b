import type { CommandOption } from './command.ts'
import { parseMetadataTarget } from './metadata-target.ts'
import { findOption } from './options/find-option.ts'
import type { OptionRow } from './options/row.ts'
import type { Tool } from './options/rows.ts'
import { parseStreamSpecifier } from './stream-specifier.ts'

/**
 * Reads the option that starts at `index`, with its value.
 * @param index of an argument that starts with a dash and is longer than it.
 */
export function parseOption(argv: readonly string[], index: number, tool: Tool): CommandOption {
  const spelling = argv[index] ?? ''
  const body = spelling.slice(1)
  const colon = body.indexOf(':')
  const written = colon < 0 ? body : body.slice(0, colon)
  const found = findOption(written, tool)
  const row = found?.row ?? null
  const negated = found?.negated ?? false
  return {
    kind: 'option',
    index,
    spelling,
    value: takesNext(argv, index, row, negated, tool) ? (argv[index + 1] ?? null) : null,
    name: row?.name ?? written,
    specifier: colon < 0 ? null : parseSpecifier(body.slice(colon + 1), row),
    media: found?.media ?? null,
    negated,
    row,
  }
}

function parseSpecifier(text: string, row: OptionRow | null): NonNullable<CommandOption['specifier']> {
  return row?.specifier === 'metadata' ? parseMetadataTarget(text) : parseStreamSpecifier(text)
}

function takesNext(
  argv: readonly string[],
  index: number,
  row: OptionRow | null,
  negated: boolean,
  tool: Tool,
): boolean {
  const next = argv[index + 1]
  if (next === undefined || negated) return false
  if (row === null) return looksLikeValue(argv, index, next, tool)
  if (row.arity === 'switch') return /^[+-]?\d+$/.test(next)
  return row.arity !== 'flag'
}

/**
 * FFmpeg stops at an option that it does not know, so whether one takes a value is a guess; it decides only how the
 * rest of the line reads, since such a job is not taken over. ffprobe says that it does. In ffmpeg the next argument
 * is the value unless it starts with a dash and is no number, or is the last argument of all: that is the output.
 */
function looksLikeValue(argv: readonly string[], index: number, next: string, tool: Tool): boolean {
  if (tool === 'ffprobe') return true
  if (next.startsWith('-') && !/^-\.?\d/.test(next)) return false
  return index + 2 < argv.length
}
