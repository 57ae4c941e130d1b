import type { Command, OutputFile } from '../command/command.ts'
import { complexGraphs } from '../command/filter-graphs-of.ts'
import { labelledStream } from '../command/filter-links.ts'
import { parseFilterGraph } from '../command/parse-filter-graph.ts'
import { mapsOf, optionsOf, streamOption } from '../command/read-options.ts'
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
import { type LinearGraph, linearGraph, type Step, simpleLine } from './linear-graph.ts'
import type { StreamRef } from './plan.ts'
import { NotPlannable } from './refusal.ts'

const letters = { video: 'v', audio: 'a', subtitle: 's', other: 'd' } as const

/** What FFmpeg's option lookup needs to know of the streams of a file. */
export function streamFacts(info: MediaInfo): StreamFacts[] {
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
  // What has no label at its end is the first output's, comes first there, and leaves nothing else of its kind
  // (fftools, open_output_file: video_disable).
  const unnamed = takeOut(graphs, null).map((graph) => filtered(graph, infos))
  const streams = outputs.map((output, index) => {
    const own = index === 0 ? unnamed : []
    const maps = mapsOf(output)
    const rest = maps.length === 0 ? automaticStreams(output, own, infos) : mappedAll(maps, graphs, infos)
    const mixed = [...own, ...rest.filter(({ kind }) => !own.some((other) => other.kind === kind))]
    return withSimpleFilters(
      output,
      mixed.filter((stream) => !isSwitchedOff(output, stream)),
    )
  })
  if (graphs.length > 0) throw new NotPlannable('graph-shape', 'a filter graph whose result goes nowhere')
  return streams
}

/** Graphs whose result has this name, which are then used up. */
function takeOut(graphs: LinearGraph[], result: string | null): LinearGraph[] {
  const found = graphs.filter((graph) => graph.result === result)
  for (const graph of found) graphs.splice(graphs.indexOf(graph), 1)
  return found
}

/** `-map -0:s` takes back what maps before it named. */
function mappedAll(
  maps: readonly StreamMap[],
  graphs: LinearGraph[],
  infos: readonly MediaInfo[],
): OutputStream[] {
  let streams: OutputStream[] = []
  for (const map of maps) {
    if (map.kind === 'streams' && map.negative) {
      const taken = streamsOfMap(map, infos)
      streams = streams.filter(
        ({ ref, steps }) => steps.length > 0 || ref.input !== map.input || !taken.includes(ref.stream),
      )
    } else {
      streams.push(...mapped(map, graphs, infos))
    }
  }
  return streams
}

function streamsOfMap(
  map: Extract<StreamMap, { kind: 'streams' }>,
  infos: readonly MediaInfo[],
): readonly number[] {
  const info = infos[map.input]
  return info ? selectStreams(map.streams, streamFacts(info)) : []
}

function mapped(map: StreamMap, graphs: LinearGraph[], infos: readonly MediaInfo[]): OutputStream[] {
  if (map.kind === 'label') {
    const index = graphs.findIndex((graph) => graph.result === map.label)
    const [graph] = index < 0 ? [] : graphs.splice(index, 1)
    if (!graph) throw new NotPlannable('graph-shape', `-map ${map.text} names no filter graph`)
    return [filtered(graph, infos)]
  }
  if (map.kind === 'invalid') throw new NotPlannable('unknown-option', `-map ${map.text}`)
  const positions = streamsOfMap(map, infos)
  if (positions.length === 0 && !map.optional) {
    throw new NotPlannable('missing-stream', `-map ${map.text} names none`)
  }
  const { streams } = infos[map.input]!
  return positions.map((stream) => placed({ input: map.input, stream }, streams[stream]!, []))
}

/** `-vf` and `-af`, for streams that no graph with labels has made. */
function withSimpleFilters(output: OutputFile, streams: readonly OutputStream[]): OutputStream[] {
  const facts = streams.map(({ kind }) => ({ media: letters[kind] }))
  return streams.map((stream, position) => {
    const option = streamOption(output, 'filter', facts, position)
    if (option === null) return stream
    if (stream.steps.length > 0)
      throw new NotPlannable('graph-shape', '-filter for what a filter graph has made')
    if (stream.kind !== 'video' && stream.kind !== 'audio') return stream
    const graph = parseFilterGraph(option.value ?? '')
    if (graph.kind === 'error') throw new NotPlannable('graph-shape', `it cannot be read: ${graph.what}`)
    return { ...stream, steps: simpleLine(graph) }
  })
}

const switches = { video: 'vn', audio: 'an', subtitle: 'sn', other: 'dn' } as const

/** `-sn` and its like count for streams that maps name as well. */
function isSwitchedOff(output: OutputFile, { kind }: OutputStream): boolean {
  return optionsOf(output, switches[kind]).length > 0
}

/**
 * What FFmpeg chooses for an output without maps: the picture with most pixels, the sound with most channels, the first
 * subtitles if any (its documentation, "Automatic stream selection"); of a kind that a graph gives, none.
 */
function automaticStreams(
  output: OutputFile,
  given: readonly OutputStream[],
  infos: readonly MediaInfo[],
): OutputStream[] {
  const all = infos
    .slice(0, 1)
    .flatMap(({ streams }, input) =>
      streams.map((stream) => placed({ input, stream: stream.index }, stream, [])),
    )
  const isWanted = ({ kind }: OutputStream) => !given.some((other) => other.kind === kind)
  const best = (kind: OutputStream['kind'], worth: (stream: MediaStream) => number): OutputStream[] => {
    const some = all.filter((stream) => stream.kind === kind && isWanted(stream))
    return some.sort((left, right) => worth(right.source) - worth(left.source)).slice(0, 1)
  }
  if (optionsOf(output, 'sn').length === 0 && all.some(({ kind }) => kind === 'subtitle')) {
    throw new NotPlannable('unknown-option', 'no -map, and subtitles that FFmpeg would choose')
  }
  return [
    ...best('video', (stream) => (stream.kind === 'video' ? stream.width * stream.height : 0)),
    ...best('audio', (stream) => (stream.kind === 'audio' ? stream.channels : 0)),
  ]
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
