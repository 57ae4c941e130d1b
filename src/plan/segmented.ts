import type { Command, OutputFile } from '../command/command.ts'
import { frameRateMode, hasFlag, lastValue, streamValue } from '../command/read-options.ts'
import type { StreamFacts } from '../command/select-streams.ts'
import type { MediaInfo, VideoStream } from '../media/media-info.ts'
import { parseFrameRate, type Rational, toNumber } from '../media/rational.ts'
import { firstSlotAfterSeek } from '../media/timeline.ts'
import { audioEncoder, videoEncoder } from './encoders.ts'
import type { FramePts } from './first-frame.ts'
import { pictureOperation, soundOperation } from './operations.ts'
import { type OutputStream, outputStreams } from './output-streams.ts'
import { demandFragments, segmentWish } from './packaging.ts'
import type { AudioPart, Plan, VideoPart } from './plan.ts'
import { type LocalJob, NotPlannable, orLocal } from './refusal.ts'
import { gridRate, gridShiftSeconds, planInput, soundSource, streamEndSeconds } from './source.ts'
import { parseTimeDuration } from './time-duration.ts'
import { isPlainValue } from './tuning.ts'
import { demandUnderstood } from './understood-options.ts'

/** A job of segments as its command line says it; what is missing for a plan is where its first frame lies. */
export interface SegmentedJob {
  readonly path: string
  readonly seekSeconds: number
  /** The stream that the timeline follows. */
  readonly picture: VideoStream
  /** Constant rate from time 0: the grid begins there, whatever the first frame's time is. */
  readonly anchoredAtZero: boolean
  /** The plan, with a timeline that begins at the slot of this frame. */
  plan(firstFrame: FramePts | null): Plan
}

/** The address of the one input, for probing before the job can be read. */
export function inputOf(
  command: Command,
): { path: string; analyzeDuration?: string; probeSize?: string } | LocalJob {
  const [input, ...more] = command.inputs
  if (!input || more.length > 0) return { local: `${command.inputs.length} inputs instead of one` }
  const analyzeDuration = lastValue(input.options, 'analyzeduration')
  const probeSize = lastValue(input.options, 'probesize')
  const path = input.path.startsWith('file:') ? input.path.slice(5) : input.path
  if (!path.startsWith('/')) return { local: `the input ${input.path} is no absolute path` }
  const strange = [analyzeDuration, probeSize].find((value) => value !== null && !isPlainValue(value))
  if (strange !== undefined) return { local: `the value ${strange} of an option of the input` }
  return {
    path,
    ...(analyzeDuration !== null && { analyzeDuration }),
    ...(probeSize !== null && { probeSize }),
  }
}

/** Reads a job that makes MPEG-TS or DASH segments of picture and sound, both encoded; anything else is local. */
export function readSegmentedJob(command: Command, info: MediaInfo): SegmentedJob | LocalJob {
  return orLocal(() => {
    demandUnderstood(command)
    const input = inputOf(command)
    if ('local' in input) throw new NotPlannable(input.local)
    const [output] = command.outputs
    if (!output || command.outputs.length > 1) throw new NotPlannable('other than one output')
    return new Reader(command, output, info, input).job()
  })
}

class Reader {
  readonly #command: Command
  readonly #output: OutputFile
  readonly #info: MediaInfo
  readonly #input: { path: string; analyzeDuration?: string; probeSize?: string }
  readonly #streams: OutputStream[]
  readonly #facts: readonly StreamFacts[]

  constructor(command: Command, output: OutputFile, info: MediaInfo, input: { path: string }) {
    this.#command = command
    this.#output = output
    this.#info = info
    this.#input = input
    this.#streams = outputStreams(command, output, info)
    this.#facts = this.#streams.map(({ kind }) => ({ media: kind === 'video' ? 'v' : 'a' }))
  }

  job(): SegmentedJob {
    const seekSeconds = this.#seekSeconds()
    const video = this.#only('video')
    const sound = this.#streams.some(({ kind }) => kind === 'audio') ? this.#only('audio') : null
    if (!video) throw new NotPlannable('no picture')
    const picture = video.stream.source as VideoStream
    const rate = this.#rate(video.position, picture)
    const anchoredAtZero = this.#anchoredAtZero(video.position)
    const { packaging, segmentSeconds, firstSegment } = segmentWish(this.#output)
    this.#demandKeyFrames(video.position, segmentSeconds)
    const endSeconds = streamEndSeconds(this.#info, picture) ?? 0
    const videoPart = this.#videoPart(video, rate, anchoredAtZero)
    const audio = sound && this.#audioPart(sound, seekSeconds)
    if (packaging.kind === 'dash') demandFragments(videoPart, audio, video.position)
    const { path, ...limits } = this.#input
    return {
      ...{ path, seekSeconds, picture, anchoredAtZero },
      plan: (firstFrame) => ({
        inputs: [planInput(path, this.#info, limits)],
        ...{ video: videoPart, audio, packaging },
        timeline: {
          ...{ rate, firstSegment, segmentSeconds },
          firstSlot: anchoredAtZero || !firstFrame ? 0 : this.#slotOf(firstFrame, videoPart),
          expectedEndSlot: Math.round(endSeconds * toNumber(rate)),
        },
      }),
    }
  }

  #only(kind: OutputStream['kind']): { stream: OutputStream; position: number } | null {
    const positions = this.#streams.flatMap((stream, position) => (stream.kind === kind ? [position] : []))
    if (positions.length > 1) throw new NotPlannable(`${positions.length} ${kind} streams in one output`)
    const [position] = positions
    return position === undefined ? null : { stream: this.#streams[position]!, position }
  }

  /** Slots count from the file's start, so that they are the times that the server sees with -start_at_zero. */
  #slotOf({ pts, timeBase }: FramePts, { rate, shiftSeconds = 0 }: VideoPart): number {
    const start = Math.round((this.#info.startSeconds - shiftSeconds) / toNumber(timeBase))
    return firstSlotAfterSeek(pts - start, timeBase, rate)
  }

  #seekSeconds(): number {
    const { globals, inputs } = this.#command
    if (!hasFlag(globals, 'copyts') || !hasFlag(globals, 'start_at_zero')) {
      throw new NotPlannable('timestamps that do not stay those of the file')
    }
    const text = lastValue(inputs[0]!.options, 'ss')
    const seconds = text === null ? 0 : parseTimeDuration(text)
    if (seconds === null) throw new NotPlannable(`-ss ${text}`)
    return seconds
  }

  #rate(position: number, picture: VideoStream): Rational {
    const text = streamValue(this.#output, 'r', this.#facts, position)
    const rate = text === null ? gridRate(picture) : parseFrameRate(text)
    if (!rate) throw new NotPlannable(`-r ${text}`)
    return rate
  }

  #anchoredAtZero(position: number): boolean {
    const mode = frameRateMode(this.#command, this.#output, this.#facts, position)
    if (mode === null || mode === 'auto') return false
    if (mode !== 'cfr') throw new NotPlannable(`-fps_mode ${mode}`)
    return true
  }

  #demandKeyFrames(position: number, seconds: number): void {
    const keys = streamValue(this.#output, 'force_key_frames', this.#facts, position)
    // `0+` is how it was written until 2021.
    const every = /^expr:gte\(t,(?:0\+)?n_forced\*([\d.]+)\)$/.exec(keys ?? '')
    if (!(seconds > 0) || !every || Number(every[1]) !== seconds) {
      throw new NotPlannable('key frames that are not where the segments begin')
    }
  }

  #place(position: number) {
    return { output: this.#output, streams: this.#facts, position }
  }

  #videoPart(
    video: { stream: OutputStream; position: number },
    rate: Rational,
    fillFromZero: boolean,
  ): VideoPart {
    return {
      source: { input: 0, stream: video.stream.source.index },
      operations: video.stream.filters.map(pictureOperation),
      ...{ rate, fillFromZero },
      shiftSeconds: gridShiftSeconds(this.#info, video.stream.source as VideoStream, rate),
      encoder: videoEncoder(this.#place(video.position)),
      ...this.#language(video.position),
    }
  }

  #audioPart(sound: { stream: OutputStream; position: number }, seekSeconds: number): AudioPart {
    const { source, filters } = sound.stream
    if (source.kind !== 'audio') throw new NotPlannable('no sound')
    const operations = filters.map(soundOperation)
    return {
      source: { input: 0, stream: source.index },
      ...soundSource(this.#info, source, seekSeconds),
      operations,
      encoder: audioEncoder(this.#place(sound.position), operations, source.sampleRate ?? 48000),
      ...this.#language(sound.position),
    }
  }

  /** `-metadata:s:N language=...` is all that a transport stream carries of tags. */
  #language(position: number): { language?: string } {
    const tags = this.#output.options.filter((option) => option.name === 'metadata')
    const mine = tags.filter(({ spelling }) => spelling === `-metadata:s:${position}`)
    const language = mine
      .findLast(({ value }) => value?.startsWith('language='))
      ?.value?.slice('language='.length)
    return language !== undefined && /^[a-z]{2,3}$/.test(language) ? { language } : {}
  }
}
