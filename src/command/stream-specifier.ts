import type { MediaLetter } from './options/row.ts'

/** One condition of a stream specifier; a stream is meant when all of them hold, taken from left to right. */
export type StreamCondition =
  | { readonly kind: 'media'; readonly media: MediaLetter }
  /** The nth, from 0, of the streams that the conditions before it leave. */
  | { readonly kind: 'index'; readonly index: number }
  /** The stream's own id in its container (a PID in MPEG-TS). */
  | { readonly kind: 'id'; readonly id: number }
  | { readonly kind: 'program'; readonly program: number }
  /** A group of streams, by number or, as the text says, by id. */
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'tag'; readonly key: string; readonly value: string | null }
  | { readonly kind: 'disposition'; readonly names: readonly string[] }
  /** Only streams whose parameters are known. */
  | { readonly kind: 'usable' }

/** What stands after an option's name and a colon (`-codec:v:0`), or after a file's number in `-map`. */
export interface StreamSpecifier {
  readonly kind: 'streams'
  /** As written, without the leading colon; empty means every stream. */
  readonly text: string
  readonly conditions: readonly StreamCondition[]
}

export interface SpecifierError {
  readonly kind: 'invalid'
  readonly text: string
}

/**
 * Reads a stream specifier: `0`, `v`, `a:1`, `s:m:language:eng`, `#0x1011`, `i:4113`, `p:1:v`, `u`, `disp:default`
 * (https://ffmpeg.org/ffmpeg.html, "Stream specifiers").
 * @param text without the leading colon.
 */
export function parseStreamSpecifier(text: string): StreamSpecifier | SpecifierError {
  const conditions: StreamCondition[] = []
  let rest = text
  while (rest !== '') {
    const step = firstCondition(rest)
    if (step === null) return { kind: 'invalid', text }
    conditions.push(step.condition)
    rest = step.rest
  }
  return { kind: 'streams', text, conditions }
}

interface Step {
  readonly condition: StreamCondition
  readonly rest: string
}

/** The forms that end a specifier come first: nothing may follow an index, an id or a tag. */
function firstCondition(text: string): Step | null {
  if (/^\d+$/.test(text)) return { condition: { kind: 'index', index: Number(text) }, rest: '' }
  const id = /^(?:#|i:)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text)?.[1]
  if (id !== undefined) return { condition: { kind: 'id', id: numberOf(id) }, rest: '' }
  if (text.startsWith('m:')) return { condition: tagOf(text.slice(2)), rest: '' }
  if (text === 'u') return { condition: { kind: 'usable' }, rest: '' }

  const media = /^([vVasdt])(?::(.*))?$/s.exec(text)
  if (media !== null) {
    return { condition: { kind: 'media', media: media[1] as MediaLetter }, rest: media[2] ?? '' }
  }
  const program = /^p:(0[xX][0-9a-fA-F]+|\d+)(?::(.*))?$/s.exec(text)
  if (program !== null) {
    return { condition: { kind: 'program', program: numberOf(program[1] ?? '') }, rest: program[2] ?? '' }
  }
  const group = /^g:((?:#|i:)?(?:0[xX][0-9a-fA-F]+|\d+))(?::(.*))?$/s.exec(text)
  if (group !== null) {
    return { condition: { kind: 'group', group: group[1] ?? '' }, rest: group[2] ?? '' }
  }
  const disposition = /^disp:([^:]+)(?::(.*))?$/s.exec(text)
  if (disposition !== null) {
    const names = (disposition[1] ?? '').split('+')
    return { condition: { kind: 'disposition', names }, rest: disposition[2] ?? '' }
  }
  return null
}

function tagOf(text: string): StreamCondition {
  const colon = text.indexOf(':')
  return colon < 0
    ? { kind: 'tag', key: text, value: null }
    : { kind: 'tag', key: text.slice(0, colon), value: text.slice(colon + 1) }
}

/** C's strtol with base 0: a leading `0x` is hexadecimal, a leading `0` octal. */
function numberOf(digits: string): number {
  if (/^0[xX]/.test(digits)) return Number.parseInt(digits.slice(2), 16)
  return Number.parseInt(digits, /^0[0-7]+$/.test(digits) ? 8 : 10)
}
