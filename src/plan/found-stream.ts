import { streamValue } from '../command/read-options.ts'
import type { StreamFacts } from '../command/select-streams.ts'
import type { OutputStream } from './output-streams.ts'
import type { ReadOutput } from './sorted-outputs.ts'

type Kind = OutputStream['kind']

/** Where a kind of stream stands in an output, if it does. */
export interface Found<K extends Kind> {
  readonly stream: Extract<OutputStream, { kind: K }>
  readonly position: number
}

/** Streams of one kind in an output, in order. */
export function found<K extends Kind>(streams: readonly OutputStream[], kind: K): Found<K>[] {
  return streams.flatMap((stream, position) =>
    stream.kind === kind ? [{ stream: stream as Extract<OutputStream, { kind: K }>, position }] : [],
  )
}

/** What stream specifiers ask about the streams of an output. */
export function factsOf(streams: readonly OutputStream[]): StreamFacts[] {
  const letters = { video: 'v', audio: 'a', subtitle: 's', other: 't' } as const
  return streams.map(({ kind }) => ({ media: letters[kind] }))
}

/** Whether a stream of an output is copied as it is. */
export function isCopied({ output, streams }: ReadOutput, position: number): boolean {
  return streamValue(output, 'codec', factsOf(streams), position) === 'copy'
}

export function isAllCopied(output: ReadOutput): boolean {
  return output.streams.every((_, position) => isCopied(output, position))
}
