import type { Command, OutputFile } from '../command/command.ts'
import { frameRateMode, hasFlag, lastValue, streamValue } from '../command/read-options.ts'
import type { StreamFacts } from '../command/select-streams.ts'
import type { CutRule } from '../media/cut-points.ts'
import type { MediaInfo, VideoStream } from '../media/media-info.ts'
import { parseFrameRate, type Rational, rational, toNumber } from '../media/rational.ts'
import { firstSlotAfterSeek, type SourceCuts, type Timeline } from '../media/timeline.ts'
import { demandDecoders } from './decoders.ts'
import { demandEncoding } from './demand-encoding.ts'
import { audioEncoder } from './encoders.ts'
import { fileRate } from './file-rate.ts'
import type { FramePts } from './first-frame.ts'
import { type Found, factsOf, found, isCopied } from './found-stream.ts'
import { inputsOf, isLocal, seekOf, type WantedInput } from './inputs.ts'
import { keyFrameSeconds } from './key-frame-rule.ts'
import { languageOf } from './language.ts'
import { namedArguments } from './linear-graph.ts'
import { layoutOperations, pictureOperations, soundOperation } from './operations.ts'
import type { OutputStream } from './output-streams.ts'
import { mostSegmentSeconds, type PackagingWish, packagingOf } from './packaging.ts'
import { copiedPicture, picturePart } from './picture-part.ts'
import type { AudioPart, Packaging, Plan, PlanInput, SubtitleTrack, VideoPart } from './plan.ts'
import { type LocalJob, NotPlannable, orLocal } from './refusal.ts'
import { type SortedOutputs, sortOutputs } from './sorted-outputs.ts'
import {
  fasterShiftSeconds,
  firstSlot,
  gridRate,
  planInput,
  seekShiftSeconds,
  soundSource,
  streamEndSeconds,
  streamStartSeconds,
} from './source.ts'
import { placeBeside, subtitleTracks } from './subtitle-tracks.ts'
import { demandUnderstood } from './understood-options.ts'
import { usualSegmentSeconds } from './whole-file.ts'

/** A job as its command line says it; what is missing for a plan is where its first frame lies. */
export interface SegmentedJob {
  /** The film's file. */
  readonly path: string
  readonly seekSeconds: number
  readonly packaging: Packaging
  /** The stream that the timeline follows. */
  readonly picture: VideoStream
  /** The plan needs no first frame: the grid begins where the job says, whatever the first frame's time is. */
  readonly anchoredAtZero: boolean
  /** Where to cut, when the picture is copied, and where FFmpeg's seek begins; null when it is encoded. */
  readonly cutting: (CutRule & { readonly fromSeconds: number }) | null
  /**
   * The plan, with a timeline that begins at the slot of this frame; one with a copied picture needs the cuts instead,
   * and throws RangeError without them.
   */
  plan(firstFrame: FramePts | null, cuts?: SourceCuts): Plan
}

/** Reads a job that encodes one picture, into segments or a file; anything else is local. */
export function readSegmentedJob(command: Command, ...infos: readonly MediaInfo[]): SegmentedJob | LocalJob {
  const inputs = inputsOf(command)
  if (isLocal(inputs)) return inputs
  return orLocal(() => {
    const outputs = sortOutputs(command, infos)
    demandEncoding(outputs)
    demandUnderstood(command)
    demandDecoders(command)
    return new Reader(command, outputs, infos, inputs).job()
  })
}

/** Milliseconds are as good a grid as any: files of sound are cut where it is handy, not where pictures begin. */
function soundGrid(
  beginSeconds: number,
  endSeconds: number,
  common: Pick<Timeline, 'firstSegment' | 'segmentSeconds'>,
): Timeline {
  const [firstSlot, expectedEndSlot] = [beginSeconds, endSeconds].map((seconds) => Math.round(seconds * 1000))
  return { ...common, rate: { num: 1000, den: 1 }, firstSlot: firstSlot!, expectedEndSlot: expectedEndSlot! }
}

/** Whether the times of what is made are those of a list that the server has written already. */
function isForPlaylist(packaging: Packaging): boolean {
  return packaging.kind === 'hls' || (packaging.kind === 'file' && packaging.growing === true)
}

/** What Jellyfin's `fps` asks for, which stands beside `-r` or in its place. */
function filteredRate(steps: OutputStream['steps']): string | null {
  const filter = steps.find((step) => step.filter.name === 'fps')?.filter
  return filter ? (namedArguments(filter, ['fps'], ['fps']).get('fps') ?? null) : null
}

/** Twice the rate where both fields of each picture become one of their own. */
function fieldRate(steps: OutputStream['steps'], { num, den }: Rational): Rational {
  const doubles = steps.some(({ filter }) => {
    const names = /^(yadif|bwdif|deinterlace)/.test(filter.name)
    return (
      names &&
      pictureOperations(filter).some((operation) => operation.kind === 'deinterlace' && operation.fieldRate)
    )
  })
  return doubles ? rational(2 * num, den) : { num, den }
}

class Reader {
  readonly #command: Command
  readonly #output: OutputFile
  readonly #outputs: SortedOutputs
  readonly #infos: readonly MediaInfo[]
  readonly #inputs: readonly WantedInput[]
  readonly #streams: readonly OutputStream[]
  readonly #facts: readonly StreamFacts[]

  constructor(
    command: Command,
    outputs: SortedOutputs,
    infos: readonly MediaInfo[],
    inputs: readonly WantedInput[],
  ) {
    this.#command = command
    this.#outputs = outputs
    this.#output = outputs.film.output
    this.#infos = infos
    this.#inputs = inputs
    this.#streams = outputs.film.streams
    this.#facts = factsOf(this.#streams)
  }

  job(): SegmentedJob {
    const [video] = found(this.#streams, 'video')
    const [sound, ...moreSounds] = found(this.#streams, 'audio')
    if (video?.stream.ref.input !== 0) throw new NotPlannable('inputs', 'the picture is not of the first')
    const wish = packagingOf(this.#output)
    if (wish.packaging.kind === 'dash' && video.position !== 0) {
      throw new NotPlannable('unknown-container', 'DASH with sound before the pictures')
    }
    if (isCopied(this.#outputs.film, video.position)) return this.#copyingJob(video, wish)
    const seekSeconds = this.#seekSeconds(wish, false)
    const picture = video.stream.source
    const rate = this.#rate(video, wish)
    const fillFromZero = this.#fillsFromZero(video.position, wish)
    const anchoredAtZero = fillFromZero || wish.segmentSeconds === null
    const segmentSeconds = this.#segmentSeconds(video.position, wish, rate, picture)
    const firstSegment = wish.segmentSeconds === null ? 0 : wish.firstSegment
    const place = { output: this.#output, streams: this.#facts, position: video.position }
    const videoPart = picturePart({
      ...{ stream: video.stream, place, infos: this.#infos, rate, fillFromZero },
      input: this.#command.inputs[0]!,
      paths: this.#inputs.map(({ path }) => path),
      keys: wish.packaging.kind === 'hls' ? 'segments' : 'said',
    })
    const audio = sound ? this.#audioPart(sound, seekSeconds) : null
    const moreAudio = moreSounds.map((one) => this.#audioPart(one, seekSeconds))
    const subtitles = this.#subtitles()
    const first = fillFromZero ? 0 : firstSlot(this.#infos[0]!, picture, rate)
    const endSeconds = streamEndSeconds(this.#infos[0]!, picture) ?? 0
    const packaging = this.#packaging(wish, seekSeconds)
    const lateSeconds = fillFromZero && endSeconds > 0 ? (fasterShiftSeconds(picture, rate) ?? 0) : 0
    return {
      ...{ path: this.#inputs[0]!.path, seekSeconds, packaging, picture, anchoredAtZero, cutting: null },
      plan: (firstFrame) => ({
        inputs: this.#planInputs(),
        ...{ video: videoPart, audio, packaging },
        ...(moreAudio.length > 0 && { moreAudio }),
        ...(subtitles.length > 0 && { subtitles }),
        timeline: {
          ...{ rate, firstSegment, segmentSeconds },
          firstSlot: anchoredAtZero ? first : firstFrame ? this.#slotOf(firstFrame, videoPart) : 0,
          expectedEndSlot: Math.round((endSeconds + lateSeconds) * toNumber(rate)),
        },
      }),
    }
  }

  /** A job whose picture is copied: slots are ticks of its stream, and its segments begin at its own key frames. */
  #copyingJob(video: Found<'video'>, wish: PackagingWish): SegmentedJob {
    const { segmentSeconds } = wish
    const sounds = found(this.#streams, 'audio')
    if (segmentSeconds === null) throw new NotPlannable('copied-picture', 'into a file')
    if (wish.packaging.kind === 'hls') throw new NotPlannable('copied-picture', 'into HLS')
    if (streamValue(this.#output, 'r', this.#facts, video.position) !== null) {
      throw new NotPlannable('frame-rate', 'of pictures that are copied')
    }
    const seekSeconds = this.#seekSeconds(wish, true)
    const picture = video.stream.source
    const place = { output: this.#output, streams: this.#facts, position: video.position }
    const videoPart = copiedPicture({ stream: video.stream, place, infos: this.#infos }, seekSeconds)
    const subtitles = this.#subtitles()
    const sounded = (beginSeconds: number) => sounds.map((sound) => this.#audioPart(sound, beginSeconds))
    sounded(seekSeconds)
    const endSeconds = streamEndSeconds(this.#infos[0]!, picture) ?? 0
    const common = { firstSegment: wish.firstSegment, segmentSeconds }
    return {
      ...{ path: this.#inputs[0]!.path, seekSeconds, picture, anchoredAtZero: false },
      packaging: wish.packaging,
      cutting: {
        ...{ segmentSeconds, deltaSeconds: this.#cutDelta() },
        fromSeconds: Math.max(0, seekSeconds - seekShiftSeconds(this.#infos[0]!, picture)),
      },
      plan: (_firstFrame, cuts) => {
        const firstSlot = cuts?.starts[0]
        if (!cuts || firstSlot === undefined) throw new RangeError('a copied picture needs its cuts')
        const { rate } = videoPart
        const beginSeconds = seekSeconds === 0 ? 0 : Math.max(0, firstSlot / toNumber(rate))
        const grid = soundGrid(beginSeconds, endSeconds, common)
        const [audio = null, ...moreAudio] = sounded(beginSeconds).map((one) => ({ ...one, grid }))
        return {
          ...{ inputs: this.#planInputs(), video: videoPart, audio, packaging: wish.packaging },
          ...(moreAudio.length > 0 && { moreAudio }),
          ...(subtitles.length > 0 && { subtitles }),
          timeline: {
            ...{ rate, ...common, firstSlot, cuts },
            expectedEndSlot: Math.round(endSeconds * toNumber(rate)),
          },
        }
      },
    }
  }

  #planInputs(): PlanInput[] {
    return this.#inputs.map(({ path, ...limits }, index) => planInput(path, this.#infos[index]!, limits))
  }

  /** How much earlier than its time a key frame may end a segment, seconds. */
  #cutDelta(): number {
    const { options } = this.#output
    const text = lastValue(options, 'segment_time_delta') ?? lastValue(options, 'time_delta') ?? '0'
    const seconds = Number(text)
    if (!(seconds >= 0 && seconds < 10))
      throw new NotPlannable('unknown-option', `-segment_time_delta ${text}`)
    return seconds
  }

  /** Slots count from the file's start, so that they are the times that the server sees with -start_at_zero. */
  #slotOf({ pts, timeBase }: FramePts, { rate, shiftSeconds = 0 }: VideoPart): number {
    const start = Math.round((this.#infos[0]!.startSeconds - shiftSeconds) / toNumber(timeBase))
    return firstSlotAfterSeek(pts - start, timeBase, rate)
  }

  /** Segments keep the times of the film; a file begins at 0 by itself, and its film at its own beginning. */
  #seekSeconds({ segmentSeconds, packaging }: PackagingWish, copied: boolean): number {
    const isFile = segmentSeconds === null
    const { globals } = this.#command
    // Where Jellyfin does not ask for the exact frame it means it all the same: its list has segments from there on.
    const seconds = seekOf(this.#command, copied || isForPlaylist(packaging))
    if (isForPlaylist(packaging)) {
      if (!isFile && !hasFlag(globals, 'copyts')) throw new NotPlannable('times', 'without -copyts')
      return seconds
    }
    const isAbsolute = hasFlag(globals, 'copyts') && hasFlag(globals, 'start_at_zero')
    if (!isFile && !isAbsolute) throw new NotPlannable('times', 'without -copyts -start_at_zero')
    if (isFile && (seconds > 0 || hasFlag(globals, 'copyts'))) {
      throw new NotPlannable('times', 'a file that does not begin where the film does')
    }
    return seconds
  }

  /** What times lie after the timeline: the film's own beginning where the server keeps times as they are. */
  #packaging({ packaging }: PackagingWish, seekSeconds: number): Packaging {
    const { globals } = this.#command
    const isKept = hasFlag(globals, 'copyts') && !hasFlag(globals, 'start_at_zero')
    if (packaging.kind === 'hls') {
      return { ...packaging, outputOffsetSeconds: isKept ? this.#infos[0]!.startSeconds : 0 }
    }
    if (packaging.kind === 'file' && packaging.growing && !hasFlag(globals, 'copyts') && seekSeconds > 0) {
      return { ...packaging, earlierSeconds: seekSeconds }
    }
    return packaging
  }

  #rate({ stream, position }: Found<'video'>, { packaging }: PackagingWish): Rational {
    const text = streamValue(this.#output, 'r', this.#facts, position) ?? filteredRate(stream.steps)
    const picture = stream.source
    if (packaging.kind === 'file') return fileRate(text, picture, packaging)
    const rate = text === null ? fieldRate(stream.steps, gridRate(picture)) : parseFrameRate(text)
    if (!rate) throw new NotPlannable('frame-rate', `-r ${text}`)
    return rate
  }

  /** A constant rate from the start begins at 0, whatever the first frame's time is; MP4 has one unless told otherwise. */
  #fillsFromZero(position: number, { packaging }: PackagingWish): boolean {
    const mode = frameRateMode(this.#command, this.#output, this.#facts, position)
    if (mode === 'cfr') return true
    if (mode !== null && mode !== 'auto') throw new NotPlannable('frame-rate', `-fps_mode ${mode}`)
    return packaging.kind === 'file' && packaging.format === 'mp4'
  }

  #segmentSeconds(position: number, wish: PackagingWish, rate: Rational, picture: VideoStream): number {
    const keys = streamValue(this.#output, 'force_key_frames', this.#facts, position)
    const groups = streamValue(this.#output, 'g', this.#facts, position)
    // Encoders that cannot be told where key frames are get groups as long as a segment instead.
    if (wish.packaging.kind === 'hls' && keys === null && groups !== null) return wish.segmentSeconds!
    if (wish.segmentSeconds === null && keys === null) {
      return usualSegmentSeconds(streamEndSeconds(this.#infos[0]!, picture) ?? 0, rate)
    }
    const every = keyFrameSeconds(keys ?? '', isForPlaylist(wish.packaging))
    const seconds = wish.segmentSeconds ?? every
    if (every === null || seconds === null || seconds > mostSegmentSeconds || every !== seconds) {
      throw new NotPlannable(
        'key-frames',
        keys === null ? 'no -force_key_frames' : `-force_key_frames ${keys}`,
      )
    }
    if (seconds * toNumber(rate) < 1) {
      throw new NotPlannable('key-frames', 'segments that are shorter than a picture')
    }
    return seconds
  }

  #subtitles(): SubtitleTrack[] {
    const inside = subtitleTracks(this.#outputs.film, this.#facts, { kind: 'inside' }, this.#infos)
    const beside = this.#outputs.beside.flatMap((output) =>
      subtitleTracks(output, factsOf(output.streams), placeBeside(output), this.#infos),
    )
    return [...inside, ...beside]
  }

  #audioPart({ stream, position }: Found<'audio'>, seekSeconds: number): AudioPart {
    const { source, ref, steps } = stream
    const filters = steps.map(({ filter, side }) => {
      if (side) throw new NotPlannable('graph-shape', `${filter.name} joins two lines`)
      return soundOperation(filter)
    })
    const layout = streamValue(this.#output, 'ch_layout', this.#facts, position)
    const operations = [...filters, ...layoutOperations(layout)]
    const place = { output: this.#output, streams: this.#facts, position }
    return {
      source: ref,
      ...soundSource(this.#infos[ref.input]!, source, seekSeconds),
      operations,
      encoder: audioEncoder(place, operations, source, streamStartSeconds(this.#infos[ref.input]!, source)),
      ...languageOf(this.#output, position),
    }
  }
}
