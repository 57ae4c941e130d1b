import type { Command } from '../../command/command.ts'
import { describeUnknown } from '../../command/describe-unknown.ts'
import { parseCommand } from '../../command/parse-command.ts'
import { CutFinder } from '../../media/cut-points.ts'
import type { FfprobeOptions } from '../../media/ffprobe.ts'
import { firstFrameAtOrAfter } from '../../media/key-frames.ts'
import type { MediaInfo, VideoStream } from '../../media/media-info.ts'
import { toNumber } from '../../media/rational.ts'
import { readCuts } from '../../media/read-cuts.ts'
import { calculatedFirstFrame } from '../../plan/first-frame.ts'
import { inputsOf, isLocal, type WantedInput } from '../../plan/inputs.ts'
import type { Plan } from '../../plan/plan.ts'
import { type LocalJob, localJob } from '../../plan/refusal.ts'
import type { SegmentedJob } from '../../plan/segmented.ts'
import { streamEndSeconds } from '../../plan/source.ts'
import { plexFileJob, plexJob, plexServer } from './intake.ts'
import type { PlexFileJob, PlexJob, PlexServer } from './job.ts'
import { noServer } from './no-server.ts'

/** A job of which everything is understood that can be without looking at its input. */
export interface UnderstoodJob {
  readonly command: Command
  readonly plex: PlexJob | PlexFileJob
  /** What to probe, and within which limits; the film first. */
  readonly inputs: readonly [WantedInput, ...WantedInput[]]
}

/** A job for the server's own transcoder. `told`: where failures would be told, and what it reads, if that is known. */
export interface JobLeftAlone extends LocalJob {
  readonly told?: { readonly server: PlexServer; readonly path: string }
}

/**
 * Reads the command line of a job as far as that goes without its input; whatever is not understood stays local.
 * @param hasToken whether the job has a token for the server.
 */
export function understandJob(args: readonly string[], hasToken: boolean): UnderstoodJob | JobLeftAlone {
  if (args.length > mostArguments) return localJob('unknown-option', `${args.length} arguments`)
  const command = parseCommand(args)
  const unknown = describeUnknown(command)
  const inputs = inputsOf(command)
  if (isLocal(inputs)) return inputs
  if (unknown !== null) {
    return localJob(command.unknown.length > 0 ? 'unknown-option' : 'incomplete-command', unknown)
  }
  if (inputs.some(({ pieces }) => pieces)) return localJob('not-yet', 'films in several pieces')
  const [film, ...more] = inputs
  if (!film) return localJob('inputs', 'none')
  const plex = plexFileJob(command, hasToken) ?? plexJob(command, hasToken)
  if (!('local' in plex)) return { command, plex, inputs: [film, ...more] }
  const server = plexServer(command, hasToken)
  if ('local' in server) return noServer(command, server.local)
  return { ...localJob(plex.code, plex.local), told: { server, path: film.path } }
}

/** Servers write some 150; to read millions of them would hold up everybody else. */
const mostArguments = 5_000

/**
 * The plan of a job that has been read; looks into the input's packets where the first frame cannot be calculated, and
 * for the first cuts of a copied picture. Local where the key frames of such a picture are too rare, and where the job
 * begins after the last picture.
 * @param address where FFmpeg can read the input, if not at its path.
 * @param options its signal ends the look; the call then rejects with the signal's reason.
 */
export async function planOfJob(
  job: SegmentedJob,
  info: MediaInfo,
  address: () => string = () => job.path,
  options: Pick<FfprobeOptions, 'signal'> = {},
): Promise<Plan | LocalJob> {
  if (job.anchoredAtZero) return job.plan(null)
  const { picture, seekSeconds } = job
  if (job.cutting) {
    const { fromSeconds, segmentSeconds } = job.cutting
    const cuts = new CutFinder(job.cutting, picture.timeBase)
    // Two segments can be leased at once then; whoever carries the plan out reads on.
    const untilSeconds = fromSeconds + 2 * segmentSeconds
    const { startSeconds } = info
    await readCuts(address(), picture, cuts, { ...options, startSeconds, fromSeconds, untilSeconds })
    return rareKeyFrames(cuts, toNumber(picture.timeBase)) ?? job.plan(null, cuts)
  }
  const calculated = isWellInside(info, picture, seekSeconds)
    ? calculatedFirstFrame(info, picture, seekSeconds)
    : null
  const first =
    calculated ?? (await firstFrameAtOrAfter(address(), picture, seekSeconds + info.startSeconds, options))
  return first ? job.plan(first) : localJob('seek', `no picture is left after ${seekSeconds} s`)
}

/** Whether a frame is sure to come after a seek, though durations may be a little too long. */
function isWellInside(info: MediaInfo, picture: VideoStream, seekSeconds: number): boolean {
  return seekSeconds + 2 < (streamEndSeconds(info, picture) ?? 0)
}

/** A viewer waits for all of the first segment: with rarer key frames the original, which reads the file itself, is quicker. */
const mostFirstSeconds = 60

function rareKeyFrames({ starts, endSlot }: CutFinder, slotSeconds: number): LocalJob | null {
  const [first, second] = starts
  if (first === undefined) return localJob('key-frames', 'the film has none')
  const seconds = ((second ?? endSlot ?? first) - first) * slotSeconds
  return seconds > mostFirstSeconds
    ? localJob('key-frames', `the first ones ${seconds.toFixed(0)} s apart`)
    : null
}
