import type { Command, InputFile, OutputFile } from '../../command/command.ts'
import { complexGraphs } from '../../command/filter-graphs-of.ts'
import { filterLinks, labelledStream } from '../../command/filter-links.ts'
import { lastValue, mapsOf, optionsOf } from '../../command/read-options.ts'
import type { MediaInfo, MediaStream } from '../../media/media-info.ts'
import { sampleAudio, sampleInfo, sampleSubtitle, sampleVideo } from './sample-info.ts'

const videoDecoder = /^(h264|hevc|av1|libdav1d|vp[89]|mpeg[124]|mpeg[12]?video|vc1|wmv3|msmpeg4v3|theora)/

/**
 * Files of which a command line could be: each stream that it names is of the kind that the command takes it for. For
 * lines of a corpus, whose films nobody has.
 */
export function infosOfCommand(command: Command): MediaInfo[] {
  return command.inputs.map((input, index) => {
    const streams: MediaStream[] = []
    const put = (key: string, stream: MediaStream) => {
      const id = /^#0x([0-9a-f]+)$/i.exec(key)
      if (id) streams[streams.length] = { ...stream, id: Number.parseInt(id[1]!, 16) }
      // A list as long as the largest number would fill the memory.
      else if (/^\d{1,3}$/.test(key)) streams[Number(key)] ??= stream
      else streams[0] ??= stream
    }
    for (const [key, stream] of decoded(input)) put(key, stream)
    for (const [key, stream] of burnt(command, index)) put(key, stream)
    for (const output of command.outputs) for (const [key, stream] of copied(output, index)) put(key, stream)
    const filled = Array.from(streams, (stream) => stream ?? { ...sampleSubtitle, codec: 'subrip' })
    return sampleInfo(filled.length > 0 ? filled : [sampleVideo, sampleAudio], { formats: ['matroska'] })
  })
}

/** `-codec:N` before an input says what stream N is. */
function decoded(input: InputFile): [string, MediaStream][] {
  return optionsOf(input, 'codec').flatMap(({ spelling, value }): [string, MediaStream][] => {
    const key = spelling.slice('-codec:'.length)
    if (key === 'v') return [['0', sampleVideo]]
    return [[key, videoDecoder.test(value ?? '') ? sampleVideo : sampleAudio]]
  })
}

function burnt(command: Command, index: number): [string, MediaStream][] {
  const text = command.outputs
    .map(({ options }) => lastValue(options, 'map_inlineass'))
    .find((value) => value !== null)
  const hasStyle = complexGraphs(command).some(({ option }) => option.value?.includes('overrides'))
  const words: MediaStream = { ...sampleSubtitle, codec: hasStyle ? 'subrip' : 'ass' }
  const sides = complexGraphs(command).flatMap(({ graph }) => {
    if (
      graph.kind === 'error' ||
      !graph.chains.some(({ filters }) => filters.some(({ name }) => /^overlay/.test(name)))
    ) {
      return []
    }
    return filterLinks(graph).inputs.map(({ label }) => label)
  })
  const bitmaps: MediaStream = { ...sampleSubtitle, codec: 'hdmv_pgs_subtitle' }
  const labels: [string, MediaStream][] = [
    ...(text === undefined ? [] : [[text, words] as [string, MediaStream]]),
    ...sides.map((label): [string, MediaStream] => [label, bitmaps]),
  ]
  return labels.flatMap(([label, stream]): [string, MediaStream][] => {
    const named = labelledStream(label)
    return named?.input === index ? [[named.streams.text, stream]] : []
  })
}

/** Streams mapped as they are: only sound is copied with `-copypriorss`, only subtitles are encoded. */
function copied(output: OutputFile, index: number): [string, MediaStream][] {
  const subtitle: MediaStream = { ...sampleSubtitle, codec: 'subrip' }
  return mapsOf(output).flatMap((map, position): [string, MediaStream][] => {
    if (map.kind !== 'streams' || map.input !== index || map.streams.text.startsWith('t')) return []
    const isSound = output.options.some(({ spelling }) => spelling === `-copypriorss:${position}`)
    return [[map.streams.text, isSound ? sampleAudio : subtitle]]
  })
}
