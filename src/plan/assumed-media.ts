import type { Command, InputFile, OutputFile } from '../command/command.ts'
import { complexGraphs } from '../command/filter-graphs-of.ts'
import { labelledStream } from '../command/filter-links.ts'
import { lastValue, mapsOf, optionsOf } from '../command/read-options.ts'
import type { AudioStream, MediaInfo, MediaStream, SubtitleStream, VideoStream } from '../media/media-info.ts'
import { parseFrameRate, type Rational } from '../media/rational.ts'
import { generated, type LinearGraph, linearGraph } from './linear-graph.ts'
import { NotPlannable } from './refusal.ts'
import { drawingFilters, textFileOf, textFiles, textIndex } from './text-files.ts'
import { parseTimeDuration } from './time-duration.ts'

const common = {
  ...{ id: 0, index: 0, profile: null, language: null, bitRate: null },
  ...{ startPts: 0, startSeconds: 0, durationSeconds: 100, dispositions: [] },
  timeBase: { num: 1, den: 90_000 },
}

/** A picture of 1080 lines at 25 frames a second. */
const picture: VideoStream = {
  ...common,
  ...{ kind: 'video', codec: 'h264', width: 1920, height: 1080, level: 40, reorderFrames: 2 },
  ...{ averageRate: { num: 25, den: 1 }, realRate: { num: 25, den: 1 } },
  ...{ sampleAspectRatio: null, fieldOrder: 'progressive', pixelFormat: 'yuv420p', bitsPerRawSample: 8 },
  color: { range: null, space: null, transfer: null, primaries: null, chromaLocation: null },
  ...{ closedCaptions: false, attachedPicture: false, rotationDegrees: 0 },
}

const sound: AudioStream = {
  ...common,
  ...{ kind: 'audio', codec: 'aac', profile: 'LC', channels: 2, layout: 'stereo', sampleRate: 48_000 },
  ...{ sampleFormat: 'fltp', bitsPerSample: null, bitsPerRawSample: null, frameSize: 1_024 },
}

const words = (codec: string): SubtitleStream => ({ ...common, kind: 'subtitle', codec })

/** The same in HDR10, graded on a display of 1000 nits. */
const brightPicture: Partial<VideoStream> = {
  ...{ codec: 'hevc', pixelFormat: 'yuv420p10le', bitsPerRawSample: 10, peakNits: 1000, gradedNits: 1000 },
}

/** What files are taken to be that nobody can look into, for people. */
export const assumption =
  'a Matroska file that lasts 100 s from where the job begins, 1920x1080 in H.264, or in HDR10 and HEVC where tones are mapped, at the rate that the job asks for or else 25 frames a second, sound in stereo at 48000 Hz'

/**
 * Files of which a command line could be, in the order of `inputsOf`: each stream that it names is of the kind that the
 * command takes it for, all else is as {@link assumption} says. For command lines whose films are elsewhere.
 */
export function assumedMedia(command: Command): MediaInfo[] {
  const rate = askedRate(command)
  const films = command.inputs.map((input, index) =>
    mediaOf(lit(command, paced(new Streams(command, input, index).all(), rate)), seekOfInput(input)),
  )
  const paths = command.inputs.map(pathOf)
  const beside = textFiles(command).filter((path) => !paths.includes(path))
  const texts = beside.map((path) => mediaOf([words(/\.ass$|\.ssa$/i.test(path) ? 'ass' : 'subrip')]))
  return [...films, ...texts]
}

/** Servers ask for the film's own rate. */
function askedRate({ outputs }: Command): Rational | null {
  const text = outputs.flatMap((output) => optionsOf(output, 'r')).at(-1)?.value
  return text ? parseFrameRate(text) : null
}

function paced(streams: readonly MediaStream[], rate: Rational | null): readonly MediaStream[] {
  if (!rate) return streams
  return streams.map((stream) =>
    stream.kind === 'video' ? { ...stream, averageRate: rate, realRate: rate } : stream,
  )
}

/** By a filter of that name, or as Apple's scaler is asked for it. */
const mapsTones = /tonemap|scale_vt=[^,;]*color_transfer=bt709/

/** Only a film in HDR has tones to be mapped. */
function lit(command: Command, streams: readonly MediaStream[]): readonly MediaStream[] {
  const graphs = command.outputs.flatMap((output) => optionsOf(output, 'filter').map(({ value }) => value))
  const all = [...graphs, ...complexGraphs(command).map(({ option }) => option.value)]
  if (!all.some((graph) => mapsTones.test(graph ?? ''))) return streams
  return streams.map((stream) => (stream.kind === 'video' ? { ...stream, ...brightPicture } : stream))
}

const pathOf = ({ path }: InputFile): string => (path.startsWith('file:') ? path.slice('file:'.length) : path)

function mediaOf(streams: readonly MediaStream[], seekSeconds = 0): MediaInfo {
  const durationSeconds = seekSeconds + leftSeconds
  return {
    ...{ formats: ['matroska', 'webm'], startSeconds: 0, durationSeconds, bitRate: null, sizeBytes: null },
    streams: streams.map((stream, index) => ({ ...stream, index, durationSeconds })),
  }
}

/** What is left of such a file where the job begins. */
const leftSeconds = 100

function seekOfInput({ options }: InputFile): number {
  return parseTimeDuration(lastValue(options, 'ss') ?? '0') ?? 0
}

const pictureDecoder =
  /^(h264|hevc|av1|libdav1d|vp[89]|mpeg[124]|mpeg[12]?video|vc1|wmv[123]|msmpeg4v[123]|theora|png)/

/** The streams of one input, by what names them. */
class Streams {
  readonly #command: Command
  readonly #index: number
  readonly #found: MediaStream[] = []

  constructor(command: Command, input: InputFile, index: number) {
    this.#command = command
    this.#index = index
    this.#putDecoded(input)
    this.#putFiltered()
    for (const output of command.outputs) this.#putMapped(output, output === command.outputs[0])
    this.#putDrawn(input)
  }

  all(): MediaStream[] {
    const filled = Array.from(this.#found, (stream) => stream ?? words('subrip'))
    return filled.length > 0 ? filled : [picture, sound]
  }

  /** @param key a stream specifier. */
  #put(key: string, stream: MediaStream): void {
    const id = /^#0x([0-9a-f]{1,8})$/i.exec(key)
    if (id) this.#found.push({ ...stream, id: Number.parseInt(id[1]!, 16) })
    // A list as long as the largest number would fill the memory.
    else if (/^\d{1,3}$/.test(key)) this.#found[Number(key)] ??= stream
    else this.#found[0] ??= stream
  }

  #has(key: string): boolean {
    const id = /^#0x([0-9a-f]{1,8})$/i.exec(key)?.[1]
    return id
      ? this.#found.some((stream) => stream?.id === Number.parseInt(id, 16))
      : this.#found[Number(key)] !== undefined
  }

  /** `-codec:N` before an input says what stream N is. */
  #putDecoded(input: InputFile): void {
    for (const { specifier, value } of optionsOf(input, 'codec')) {
      const key = specifier?.kind === 'streams' ? specifier.text : ''
      if (/^(#0x)?[0-9a-f]+$/i.test(key)) this.#put(key, pictureDecoder.test(value ?? '') ? picture : sound)
    }
  }

  #putFiltered(): void {
    const texts = this.#command.outputs.flatMap((output) => optionsOf(output, 'map_inlineass'))
    const hasStyle = complexGraphs(this.#command).some(({ option }) => option.value?.includes('overrides'))
    for (const { value } of texts) this.#putLabel(value ?? '', words(hasStyle ? 'subrip' : 'ass'))
    for (const graph of linesOf(this.#command)) {
      const isSound = graph.steps.some(({ filter }) => /^(aresample|volume|pan|loudnorm)$/.test(filter.name))
      this.#putLabel(graph.source, isSound ? sound : picture)
      for (const { side } of graph.steps) {
        if (side && side.source !== generated) this.#putLabel(side.source, words('hdmv_pgs_subtitle'))
      }
    }
  }

  /** Text out of the film that a filter reads for itself, by its place among the film's texts. */
  #putDrawn(input: InputFile): void {
    for (const filter of drawingFilters(this.#command)) {
      if (textFileOf(filter) !== pathOf(input)) continue
      const lacking =
        textIndex(filter) + 1 - this.#found.filter((stream) => stream?.kind === 'subtitle').length
      for (let count = 0; count < Math.min(lacking, 100); count += 1) this.#found.push(words('subrip'))
    }
  }

  #putLabel(label: string, stream: MediaStream): void {
    const named = labelledStream(label)
    if (named?.input === this.#index && !this.#has(named.streams.text)) this.#put(named.streams.text, stream)
  }

  /** Streams mapped as they are: what of a film no graph has named, and in other outputs subtitles. */
  #putMapped(output: OutputFile, isFilm: boolean): void {
    mapsOf(output).forEach((map, position) => {
      if (map.kind !== 'streams' || map.negative || map.input !== this.#index) return
      const { text } = map.streams
      if (text.startsWith('t') || this.#has(text)) return
      const isSound = output.options.some(({ spelling }) => spelling === `-copypriorss:${position}`)
      this.#put(text, isSound ? sound : isFilm ? this.#missing() : words('subrip'))
    })
  }

  #missing(): MediaStream {
    const kinds = this.#found.flatMap((stream) => (stream ? [stream.kind] : []))
    const graphs = linesOf(this.#command).length
    const hasPicture = kinds.includes('video') || graphs > 0 || this.#index > 0
    if (!hasPicture) return picture
    return kinds.includes('audio') || this.#hasSoundBefore() ? words('subrip') : sound
  }

  /** Sound of its own file goes with a film of which the picture alone is mapped. */
  #hasSoundBefore(): boolean {
    const graphs = linesOf(this.#command).length
    if (this.#index === 0) return false
    const [film] = this.#command.outputs
    const own = film
      ? mapsOf(film).filter((map) => map.kind === 'streams' && !map.negative && map.input === 0)
      : []
    return graphs > 0 || own.length > 1
  }
}

/** The graphs of a command that can be followed; the others will be refused by whoever plans it. */
function linesOf(command: Command): LinearGraph[] {
  return complexGraphs(command).flatMap(({ graph }) => {
    try {
      return graph.kind === 'error' ? [] : [linearGraph(graph)]
    } catch (error) {
      if (error instanceof NotPlannable) return []
      throw error
    }
  })
}
