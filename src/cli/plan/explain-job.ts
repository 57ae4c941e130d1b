import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { failureFor } from '../../dialects/plex/failure.ts'
import { planOfJob, understandJob } from '../../dialects/plex/understand-job.ts'
import { PacelineError } from '../../errors.ts'
import { probeMedia } from '../../media/probe.ts'
import { expectedEndSegment } from '../../media/timeline.ts'
import type { Plan } from '../../plan/plan.ts'
import { readSegmentedJob } from '../../plan/segmented.ts'
import { platforms } from '../../platforms/all.ts'
import type { Platform } from '../../platforms/platform.ts'
import { exitCodes } from '../exit-codes.ts'

/** How a command line is understood; `paceline plan --json` prints it. */
export interface JobExplanation {
  /** `local`: the media server's own transcoder would do it. */
  readonly decision: 'node' | 'local'
  /** Why it stays local; null for a job of the nodes. */
  readonly reason: string | null
  readonly plan: Plan | null
  readonly platforms: Readonly<Record<string, PlatformOffer>>
}

/**
 * ffmpeg's arguments on a platform for a lease from the first segment to the end, sound being a lease of its own; or
 * why the platform cannot do it. `{input:0}`, `{output}` and `{progress}` stand for what an agent puts there.
 */
export type PlatformOffer =
  | { readonly args: readonly string[]; readonly sound?: readonly string[] }
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
  const understood = understandJob(args, false)
  if ('local' in understood) {
    const path = understood.told?.path
    const error = path === undefined ? null : await access(path, constants.R_OK).then(() => null, asIs)
    return path === undefined || error === null ? stays(understood.local) : unopened(error, path)
  }
  const { command, input } = understood
  const { path, ...limits } = input
  try {
    const info = await probeMedia(path, limits)
    const job = readSegmentedJob(command, info)
    if ('local' in job) return stays(job.local)
    const plan = await planOfJob(job, info)
    const offers = Object.fromEntries(platforms.map((platform) => [platform.name, offer(platform, plan)]))
    return {
      explanation: { decision: 'node', reason: null, plan, platforms: offers },
      exitCode: exitCodes.ok,
    }
  } catch (error) {
    if (!(error instanceof PacelineError) || error.code === 'E_PROBE_TOOL') throw error
    return unopened(error, path)
  }
}

function stays(reason: string): ExplainedJob {
  return { explanation: { decision: 'local', reason, plan: null, platforms: {} }, exitCode: exitCodes.ok }
}

/** No node is needed for this: the head tells the server what the server's own transcoder would have found. */
function unopened(error: unknown, path: string): ExplainedJob {
  const { reason, exitCode } = failureFor(error)
  const words = `${path} cannot be opened: ${reason}. The media server is told so, and the job ends with exit code ${exitCode}.`
  return { ...stays(words), exitCode: exitCodes.badInput }
}

const asIs = (error: unknown): unknown => error

function offer(platform: Platform, plan: Plan): PlatformOffer {
  const from = plan.timeline.firstSegment
  const to = Math.max(from + 1, expectedEndSegment(plan.timeline))
  const range = { from, to, open: true, failures: 0 }
  const picture = platform.compileVideo(plan, range)
  if ('out' in picture || plan.audio === null) return picture
  const sound = platform.compileAudio(plan, range)
  return 'out' in sound ? sound : { args: picture.args, sound: sound.args }
}
