import { parseCommand } from '../../command/parse-command.ts'
import { failureFor } from '../../dialects/plex/failure.ts'
import { planOfJob, understandJob } from '../../dialects/plex/understand-job.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import { toNumber } from '../../media/rational.ts'
import { expectedEndSegment } from '../../media/timeline.ts'
import { assumedMedia } from '../../plan/assumed-media.ts'
import { calculatedFirstFrame } from '../../plan/first-frame.ts'
import { inputsOf, isLocal } from '../../plan/inputs.ts'
import type { LocalCode } from '../../plan/local-reasons.ts'
import { pendingOf } from '../../plan/pending.ts'
import type { Plan } from '../../plan/plan.ts'
import { type LocalJob, localJob } from '../../plan/refusal.ts'
import { readSegmentedJob, type SegmentedJob } from '../../plan/segmented.ts'
import { platforms } from '../../platforms/all.ts'
import type { Platform } from '../../platforms/platform.ts'
import type { RungName } from '../../platforms/rungs.ts'
import { exitCodes } from '../exit-codes.ts'
import { lookInto, UnopenedInput } from './look-into.ts'

/** How a command line is understood; `paceline plan --json` prints it. */
export interface JobExplanation {
  /** `local`: the media server's own transcoder would do it. */
  readonly decision: 'node' | 'local'
  /** Why it stays local; null for a job of the nodes. */
  readonly reason: string | null
  /** The reason's code in the closed list of docs/local-jobs.md. */
  readonly code: LocalCode | null
  /** What of a plan the head cannot carry out yet: the job stays local until it can. */
  readonly pending: readonly string[]
  /** What was taken for granted of inputs that are not there, a sentence each. */
  readonly assumed: readonly string[]
  readonly plan: Plan | null
  readonly platforms: Readonly<Record<string, PlatformOffer>>
}

/**
 * ffmpeg's arguments on a platform for a lease from the first segment to the end, sound being a lease of its own; or
 * why the platform is out. `{input:0}`, `{output}` and `{progress}` stand for what an agent puts there.
 */
export type PlatformOffer =
  | {
      readonly args: readonly string[]
      readonly sound?: readonly string[]
      /** How much of it is done on the chip; missing where there is none. */
      readonly rung?: RungName
      /** One past the last segment of that lease, where it does not reach the end: see CompiledLease. */
      readonly reach?: number
    }
  | { readonly out: string }

export interface ExplainedJob {
  readonly explanation: JobExplanation
  /** 0, or {@link exitCodes.badInput} when the input cannot be opened. */
  readonly exitCode: number
}

/**
 * Takes a command line through what the head would do with it, up to the first lease. Reads the input; starts nothing.
 * Throws PacelineError E_PROBE_TOOL when ffprobe cannot be run.
 */
export async function explainJob(args: readonly string[]): Promise<ExplainedJob> {
  const command = parseCommand(args)
  const inputs = inputsOf(command)
  if (isLocal(inputs)) return stays(inputs)
  try {
    const supposed = assumedMedia(command)
    const looks = await Promise.all(inputs.map((input, index) => lookInto(input, supposed[index]!)))
    const assumed = looks.flatMap(({ words }) => words ?? [])
    const job = readSegmentedJob(command, ...looks.map(({ info }) => info))
    if ('local' in job) return stays(job, assumed)
    const understood = isPlaylist(job) ? null : understandJob(args, false)
    if (understood && 'local' in understood) return stays(understood, assumed)
    const plan =
      looks[0]!.words === null ? await planOfJob(job, looks[0]!.info) : supposedPlan(job, supposed[0]!)
    if ('local' in plan) return stays(plan, assumed)
    const offers = Object.fromEntries(platforms.map((platform) => [platform.name, offer(platform, plan)]))
    return {
      explanation: {
        ...{ decision: 'node', reason: null, code: null, pending: pendingOf(plan), assumed },
        ...{ plan, platforms: offers },
      },
      exitCode: exitCodes.ok,
    }
  } catch (error) {
    if (!(error instanceof UnopenedInput)) throw error
    return unopened(error.cause, error.path)
  }
}

/** Jobs of Jellyfin and Emby report to nobody: that is no reason for them to stay. */
function isPlaylist({ packaging }: SegmentedJob): boolean {
  return packaging.kind === 'hls' || (packaging.kind === 'file' && packaging.growing === true)
}

/** The plan for a film that is not there. */
function supposedPlan(job: SegmentedJob, info: MediaInfo): Plan {
  const { picture, seekSeconds } = job
  if (!job.cutting)
    return job.plan(job.anchoredAtZero ? null : calculatedFirstFrame(info, picture, seekSeconds))
  const { segmentSeconds, fromSeconds } = job.cutting
  const starts = [0, 1].map((count) =>
    Math.round((fromSeconds + count * segmentSeconds) / toNumber(picture.timeBase)),
  )
  const frames = [Math.round(segmentSeconds * toNumber(picture.realRate!))]
  return job.plan(null, { starts, decoded: starts, frames, endSlot: null })
}

function stays(
  { code, local }: LocalJob,
  assumed: readonly string[] = [],
  exitCode: number = exitCodes.ok,
): ExplainedJob {
  const nothing = { pending: [], assumed, plan: null, platforms: {} }
  return { explanation: { decision: 'local', reason: local, code, ...nothing }, exitCode }
}

/** No node is needed for this: the head tells the server what the server's own transcoder would have found. */
function unopened(error: unknown, path: string): ExplainedJob {
  const { reason, exitCode } = failureFor(error)
  const words = `${path} cannot be opened: ${reason}. The media server is told so, and the job ends with exit code ${exitCode}.`
  return stays(localJob('unopened', words), [], exitCodes.badInput)
}

/** What a node of the usual kind would run that has proved all that its kind can do. */
function offer(platform: Platform, plan: Plan): PlatformOffer {
  if (!platform.suits(plan))
    return { out: 'it has nothing to do here that another platform does not do as well' }
  const from = plan.timeline.firstSegment
  const to = Math.max(from + 1, expectedEndSegment(plan.timeline))
  const range = { from, to, open: true, failures: 0 }
  const picture = platform.compileVideo(plan, range)
  if ('out' in picture) return picture
  const { args, rung, reach } = picture
  const offered = { args, ...(rung && { rung }), ...(reach !== undefined && { reach }) }
  if (plan.audio === null) return offered
  const sound = platform.compileAudio(plan, range)
  if ('args' in sound) return { ...offered, sound: sound.args }
  return plan.audio.encoder.codec === 'copy' ? offered : sound
}
