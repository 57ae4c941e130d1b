import type { Command, OutputFile } from '../command/command.ts'
import type { Filter } from '../command/filter-graph.ts'
import { complexGraphs } from '../command/filter-graphs-of.ts'
import { labelledStream } from '../command/filter-links.ts'
import { mapsOf } from '../command/read-options.ts'
import { type StreamFacts, selectStreams } from '../command/select-streams.ts'
import type { AudioStream, MediaInfo, MediaStream, VideoStream } from '../media/media-info.ts'
import { type LinearGraph, linearGraph } from './linear-graph.ts'
import { NotPlannable } from './refusal.ts'

/** What FFmpeg's option lookup needs to know of the streams of a file. */
export function streamFacts(info: MediaInfo): StreamFacts[] {
  const letters = { video: 'v', audio: 'a', subtitle: 's', other: 'd' } as const
  return info.streams.map((stream) => ({
    media: letters[stream.kind],
    id: stream.id,
    dispositions: stream.dispositions,
    ...(stream.language === null ? {} : { tags: { language: stream.language } }),
  }))
}

/** A stream of the output: where it comes from and what it goes through. */
export type OutputStream =
  | { readonly kind: 'video'; readonly source: VideoStream; readonly filters: readonly Filter[] }
  | { readonly kind: 'audio'; readonly source: AudioStream; readonly filters: readonly Filter[] }

/** The streams that the output's maps make, in order; each has to be the end of one straight filter graph. */
export function outputStreams(command: Command, output: OutputFile, info: MediaInfo): OutputStream[] {
  const graphs = complexGraphs(command).map(({ graph }) => {
    if (graph.kind === 'error') throw new NotPlannable(`a filter graph that cannot be read: ${graph.what}`)
    return linearGraph(graph)
  })
  const streams = mapsOf(output).map((map) => {
    if (map.kind !== 'label') throw new NotPlannable(`-map ${map.text}: not the end of a filter graph`)
    const index = graphs.findIndex((graph) => graph.result === map.label)
    const [graph] = index < 0 ? [] : graphs.splice(index, 1)
    if (!graph) throw new NotPlannable(`-map ${map.text} names no filter graph`)
    return filteredStream(graph, info)
  })
  if (graphs.length > 0) throw new NotPlannable('a filter graph whose result goes nowhere')
  return streams
}

function filteredStream(graph: LinearGraph, info: MediaInfo): OutputStream {
  const source = sourceStream(graph.source, info)
  if (source.kind === 'video' && !source.attachedPicture)
    return { kind: 'video', source, filters: graph.filters }
  if (source.kind === 'audio') return { kind: 'audio', source, filters: graph.filters }
  throw new NotPlannable(`[${graph.source}] is neither picture nor sound`)
}

function sourceStream(label: string, info: MediaInfo): MediaStream {
  const named = labelledStream(label)
  const [position] = named?.input === 0 ? selectStreams(named.streams, streamFacts(info)) : []
  const stream = position === undefined ? undefined : info.streams[position]
  if (!stream) throw new NotPlannable(`[${label}] is no stream of the input`)
  return stream
}
