import { parseStreamSpecifier, type SpecifierError, type StreamSpecifier } from './stream-specifier.ts'

/** Whose metadata an option like `-metadata:s:0` writes: the file's, some streams', one chapter's or program's. */
export type MetadataTarget =
  | { readonly kind: 'file'; readonly text: string }
  | { readonly kind: 'stream'; readonly text: string; readonly streams: StreamSpecifier }
  | { readonly kind: 'chapter'; readonly text: string; readonly chapter: number | null }
  | { readonly kind: 'program'; readonly text: string; readonly program: number | null }

/**
 * Reads what follows `-metadata:`. Here `s` means "stream" and not "subtitle": `s:0` is the first stream, `s:s:0` the
 * first subtitle (https://ffmpeg.org/ffmpeg.html, `-map_metadata`).
 * @param text without the leading colon.
 */
export function parseMetadataTarget(text: string): MetadataTarget | SpecifierError {
  if (text === '' || text === 'g') return { kind: 'file', text }
  if (text === 's' || text.startsWith('s:')) {
    const streams = parseStreamSpecifier(text.slice(2))
    return streams.kind === 'invalid' ? { kind: 'invalid', text } : { kind: 'stream', text, streams }
  }
  const numbered = /^([cp])(?::(\d+))?$/.exec(text)
  if (numbered === null) return { kind: 'invalid', text }
  const number = numbered[2] === undefined ? null : Number(numbered[2])
  return numbered[1] === 'c'
    ? { kind: 'chapter', text, chapter: number }
    : { kind: 'program', text, program: number }
}
