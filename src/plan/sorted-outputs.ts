import type { Command, OutputFile } from '../command/command.ts'
import { lastValue } from '../command/read-options.ts'
import type { MediaInfo } from '../media/media-info.ts'
import { type OutputStream, outputStreams } from './output-streams.ts'
import { NotPlannable } from './refusal.ts'

/** An output with its streams. */
export interface ReadOutput {
  readonly output: OutputFile
  readonly streams: readonly OutputStream[]
}

/** The outputs of a job by what they are for. */
export interface SortedOutputs {
  /** The one with the film. */
  readonly film: ReadOutput
  /** Subtitles beside it, each alone in its output. */
  readonly beside: readonly ReadOutput[]
}

/**
 * Finds the film among a job's outputs. Outputs to `-f null` are left out: Plex maps subtitles there so that they are
 * read for its `inlineass` filter. Throws NotPlannable with the kind of job it is where there is no film to encode.
 */
export function sortOutputs(command: Command, infos: readonly MediaInfo[]): SortedOutputs {
  const kept = command.outputs.filter(({ options }) => lastValue(options, 'f') !== 'null')
  const streams = outputStreams(command, kept, infos)
  const read = kept.map((output, index) => ({ output, streams: streams[index]! }))
  const beside = read.filter(
    ({ streams: own }) => own.length > 0 && own.every(({ kind }) => kind === 'subtitle'),
  )
  const films = read.filter((output) => !beside.includes(output))
  const [film, ...more] = films
  if (!film) throw new NotPlannable('subtitles-only', `${beside.length} outputs`)
  if (more.length > 0) throw new NotPlannable('several-pictures', `${films.length} outputs`)
  return { film, beside }
}
