import type { Command, OutputFile } from '../command/command.ts'
import { complexGraphs } from '../command/filter-graphs-of.ts'
import { labelledStream } from '../command/filter-links.ts'
import { mapsOf } from '../command/read-options.ts'
import { type StreamFacts, selectStreams } from '../command/select-streams.ts'
import type { StreamMap } from '../command/stream-map.ts'
import type {
  AudioStream,
  MediaInfo,
  MediaStream,
  OtherStream,
  SubtitleStream,
  VideoStream,
} from '../media/media-info.ts'
import { type LinearGraph, linearGraph, type Step } from './linear-graph.ts'
import type { StreamRef } from './plan.ts'
import { NotPlannable } from './refusal.ts'

/** What FFmpeg's option lookup needs to know of the streams of a file. */
export function streamFacts(info: MediaInfo): StreamFacts[] {
  const letters = { video: 'v', audio: 'a', subtitle: 's', other: 'd' } as const
  return info.streams.map((stream) => ({
    media: stream.kind === 'other' && stream.type === 'attachment' ? 't' : letters[stream.kind],
    id: stream.id,
    dispositions: stream.dispositions,
    ...(stream.language === null ? {} : { tags: { language: stream.language } }),
  }))
}

interface Place {
  readonly ref: StreamRef
  /** What it goes through, in order; none where a stream is mapped as it is. */
  readonly steps: readonly Step[]
}

/** A stream of an output: where it comes from and what it goes through. */
export type OutputStream = Place &
  (
    | { readonly kind: 'video'; readonly source: VideoStream }
    | { readonly kind: 'audio'; readonly source: AudioStream }
    | { readonly kind: 'subtitle'; readonly source: SubtitleStream }
    | { readonly kind: 'other'; readonly source: OtherStream }
  )

/** The streams that the maps of each of some outputs make, in order. */
export function outputStreams(
  command: Command,
  outputs: readonly OutputFile[],
  infos: readonly MediaInfo[],
): OutputStream[][] {
  const graphs = complexGraphs(command).map(({ graph }) => {
    if (graph.kind === 'error') throw new NotPlannable('graph-shape', `it cannot be read: ${graph.what}`)
    return linearGraph(graph)
  })
  const streams = outputs.map((output) => mapsOf(output).flatMap((map) => mapped(map, graphs, infos)))
  if (graphs.length > 0) throw new NotPlannable('graph-shape', 'a filter graph whose result goes nowhere')
  return streams
}

function mapped(map: StreamMap, graphs: LinearGraph[], infos: readonly MediaInfo[]): OutputStream[] {
  if (map.kind === 'label') {
    const index = graphs.findIndex((graph) => graph.result === map.label)
    const [graph] = index < 0 ? [] : graphs.splice(index, 1)
    if (!graph) throw new NotPlannable('graph-shape', `-map ${map.text} names no filter graph`)
    return [filtered(graph, infos)]
  }
  if (map.kind === 'invalid' || map.negative) throw new NotPlannable('unknown-option', `-map ${map.text}`)
  const info = infos[map.input]
  const positions = info ? selectStreams(map.streams, streamFacts(info)) : []
  if (positions.length === 0 && !map.optional) {
    throw new NotPlannable('missing-stream', `-map ${map.text} names none`)
  }
  return positions.map((stream) => placed({ input: map.input, stream }, info!.streams[stream]!, []))
}

function filtered(graph: LinearGraph, infos: readonly MediaInfo[]): OutputStream {
  const { ref, stream } = streamOfLabel(graph.source, infos)
  const isPicture = stream.kind === 'video' && !stream.attachedPicture
  if (isPicture || stream.kind === 'audio') return placed(ref, stream, graph.steps)
  throw new NotPlannable('missing-stream', `[${graph.source}] is neither picture nor sound`)
}

function placed(ref: StreamRef, source: MediaStream, steps: readonly Step[]): OutputStream {
  return { kind: source.kind, source, ref, steps } as OutputStream
}

/** The stream that a label of a filter graph (`0:0`, `1:s:0`) names; throws NotPlannable where there is none. */
export function streamOfLabel(
  label: string,
  infos: readonly MediaInfo[],
): { ref: StreamRef; stream: MediaStream } {
  const named = labelledStream(label)
  const info = named ? infos[named.input] : undefined
  const [position] = named && info ? selectStreams(named.streams, streamFacts(info)) : []
  const stream = position === undefined ? undefined : info!.streams[position]
  if (!named || position === undefined || !stream) {
    throw new NotPlannable('missing-stream', `[${label}] is no stream of the input`)
  }
  return { ref: { input: named.input, stream: position }, stream }
}
