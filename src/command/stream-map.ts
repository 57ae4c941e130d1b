import { parseStreamSpecifier, type StreamSpecifier } from './stream-specifier.ts'

/** What one `-map` says. */
export type StreamMap =
  /** The output of a filter graph by its label: `[2]`. */
  | { readonly kind: 'label'; readonly text: string; readonly label: string }
  /** Streams of an input: `0:v:0`; with a leading dash they are taken away again; with `?` they may be missing. */
  | {
      readonly kind: 'streams'
      readonly text: string
      readonly input: number
      readonly streams: StreamSpecifier
      readonly negative: boolean
      readonly optional: boolean
    }
  | { readonly kind: 'invalid'; readonly text: string }

/**
 * Reads the value of `-map` (https://ffmpeg.org/ffmpeg.html, "Advanced options").
 * A second address after a comma, which old FFmpeg took for synchronisation, is read over as FFmpeg does since 5.
 */
export function parseStreamMap(text: string): StreamMap {
  const label = /^\[(.+)\]$/s.exec(text)?.[1]
  if (label !== undefined) return { kind: 'label', text, label }
  const address = /^(-?)(\d+)(?::([^,?]*))?(\?)?(?:,.*)?$/s.exec(text)
  const streams = address === null ? null : parseStreamSpecifier(address[3] ?? '')
  if (address === null || streams?.kind !== 'streams') return { kind: 'invalid', text }
  return {
    kind: 'streams',
    text,
    input: Number(address[2]),
    streams,
    negative: address[1] === '-',
    optional: address[4] === '?',
  }
}
