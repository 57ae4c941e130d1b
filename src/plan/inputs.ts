import type { Command, InputFile } from '../command/command.ts'
import { lastValue, optionsOf } from '../command/read-options.ts'
import { type LocalJob, NotPlannable, orLocal } from './refusal.ts'
import { textFiles } from './text-files.ts'
import { parseTimeDuration } from './time-duration.ts'
import { isPlainValue } from './tuning.ts'

/** An input as a job names it, for probing before the job can be read. */
export interface WantedInput {
  readonly path: string
  readonly analyzeDuration?: string
  readonly probeSize?: string
  /** What lies at the path is a list of files that are one film, as Jellyfin writes it for discs. */
  readonly pieces?: true
}

/** The files that a job reads, in order; or why it is none of a node, as far as that shows without opening them. */
export function inputsOf(command: Command): readonly WantedInput[] | LocalJob {
  return orLocal(() => {
    demandKind(command)
    if (command.inputs.length === 0) throw new NotPlannable('inputs', 'none')
    const films = command.inputs.map(wantedInput)
    const paths = films.map(({ path }) => path)
    return [
      ...films,
      ...textFiles(command)
        .filter((path) => !paths.includes(path))
        .map((path) => ({ path })),
    ]
  })
}

/** Whether {@link inputsOf} gave a reason instead. */
export function isLocal(answer: object): answer is LocalJob {
  return 'local' in answer
}

const imageMuxers = new Set(['image2', 'image2pipe', 'mjpeg', 'singlejpeg', 'webp', 'gif'])

/** Kinds of job that are plain without a look at the input. */
function demandKind({ outputs, problems }: Command): void {
  if (outputs.length === 0) throw new NotPlannable('incomplete-command', problems[0]?.text ?? 'no output')
  const muxers = outputs.map((output) => lastValue(output.options, 'f'))
  const image = outputs.find(
    (output, index) => imageMuxers.has(muxers[index] ?? '') || /\.(jpe?g|png|bif|webp)$/.test(output.path),
  )
  if (image) throw new NotPlannable('images', image.path)
  if (muxers.every((muxer) => muxer === 'null')) {
    throw new NotPlannable('nothing-kept', `${outputs.length} outputs, all of them null`)
  }
}

/** Names of demuxers that servers write for what FFmpeg finds by itself. */
const demuxers: ReadonlySet<string> = new Set(
  'matroska webm mov mp4 m4a m4v 3gp 3g2 mj2 avi mpegts mpeg mpegvideo asf flv ogg wtv rm'.split(' '),
)

function wantedInput(input: InputFile): WantedInput {
  const path = input.path.startsWith('file:') ? input.path.slice(5) : input.path
  const demuxer = lastValue(input.options, 'f')
  const isList = demuxer === 'concat'
  if (demuxer !== null && !isList && !demuxer.split(',').every((name) => demuxers.has(name))) {
    throw new NotPlannable('live', `the input is read as ${demuxer}`)
  }
  if (!isAbsolutePath(path)) throw new NotPlannable('live', `the input ${input.path} is no absolute path`)
  const analyzeDuration = lastValue(input.options, 'analyzeduration')
  const probeSize = lastValue(input.options, 'probesize')
  const strange = [analyzeDuration, probeSize].find((value) => value !== null && !isPlainValue(value))
  if (strange !== undefined) throw new NotPlannable('unknown-option', `the value ${strange} of an input`)
  return {
    path,
    ...(analyzeDuration !== null && { analyzeDuration }),
    ...(probeSize !== null && { probeSize }),
    ...(isList && { pieces: true as const }),
  }
}

/** Of whatever system: where a job is planned need not be where it runs. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)
}

/**
 * Where the job begins, seconds from the start of each of its inputs; throws NotPlannable where they do not agree, and
 * for a seek to a key frame of the source unless that is as good: pictures that are copied cannot begin anywhere else.
 */
export function seekOf(command: Command, mayBeRough = false): number {
  const seeks = command.inputs.map(({ options }) => {
    const text = lastValue(options, 'ss')
    const seconds = text === null ? 0 : parseTimeDuration(text)
    if (seconds === null) throw new NotPlannable('seek', `-ss ${text}`)
    const accuracy = optionsOf({ options }, 'accurate_seek').at(-1)
    if (seconds > 0 && accuracy?.negated && !mayBeRough)
      throw new NotPlannable('seek', 'to a key frame of the source')
    return seconds
  })
  if (new Set(seeks).size > 1) throw new NotPlannable('seek', 'to other times in other inputs')
  return seeks[0]!
}
