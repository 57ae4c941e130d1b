import { constants } from 'node:os'
import { reportUnopenedInput } from '../dialects/plex/report-failure.ts'
import { resumeEdits } from '../dialects/plex/resume-edits.ts'
import { type JobLeftAlone, type UnderstoodJob, understandJob } from '../dialects/plex/understand-job.ts'
import type { WantedInput } from '../plan/inputs.ts'
import { type LocalJob, localJob } from '../plan/refusal.ts'
import { readSegmentedJob } from '../plan/segmented.ts'
import type { DoorJob } from './door/door-job.ts'
import { handError, isRefusal } from './door/hand-answers.ts'
import type { HelloInput } from './door/hello.ts'
import { handFeatures } from './door/shim-hands.ts'
import { viewForJob } from './files/input-view.ts'
import type { OpenedInput } from './input-library.ts'
import type { JobSources } from './job-sources.ts'
import type { FormerSession } from './memory/former-sessions.ts'
import { jobDigest } from './memory/same-job.ts'
import { type OpenedInputs, PlexRun } from './plex-run.ts'
import { nobodyToMake } from './responder/nobody-to-make.ts'
import { serverExchange } from './server-exchange.ts'
import { withinPatience } from './within-patience.ts'

/**
 * Carries out a job of Plex, or leaves it to the server's own transcoder: whatever is not understood stays local.
 * Resolves when the shim has its exit code, has become the original, or has gone.
 */
export async function carryOutJob(sources: JobSources, job: DoorJob): Promise<void> {
  const understood = understandJob(job.args, job.features.includes('token'))
  if ('local' in understood) return leaveAlone(sources, job, understood)
  const { command, plex, inputs } = understood
  const [film] = inputs
  const past = await takePast(sources, job)
  const reason = past === 'unknown' ? localJob('head-restarted').local : whyLocal(sources, job, understood)
  // Nodes come back as shims do, and it takes them a moment.
  const nobody = reason === null && past === null ? await nobodyToMake(sources, mayMapTones(job)) : null
  if (past === 'unknown' || reason !== null || nobody !== null) {
    stayLocal(sources, job, reason ?? nobody ?? '')
    return past === 'unknown' ? undefined : past?.discard()
  }
  const { errno } = inputAt(job, film.path)!
  if (!job.accept()) return past?.discard()
  const run = new PlexRun(sources, job, plex, past)
  try {
    run.begin()
    if (past === null && errno === 0 && makesPictures(job)) sources.power?.expect()
    if (errno !== 0) return await run.tellUnopened(film.path, handError(errno, film.path))
    const opening = openInputs(sources, job, inputs)
    const opened = await withinPatience(() => opening, job.released, closeAll)
    if (opened === null) return run.stayLocal(localJob('input-silent').local)
    if ('local' in opened) return run.stayLocal(opened.local)
    const read = readSegmentedJob(command, ...opened.map(({ info }) => info))
    if ('local' in read) {
      await closeAll(opened)
      return run.stayLocal(read.local)
    }
    await run.carryOut(read, opened)
  } catch (error) {
    await run.fail(error, film.path)
  } finally {
    run.close()
  }
}

/** The session that a shim has come back for; null for a job that no head has had. */
async function takePast({ former }: JobSources, job: DoorJob): Promise<FormerSession | null | 'unknown'> {
  if (job.note === undefined) return null
  return (await former.take(job.note, jobDigest(job))) ?? 'unknown'
}

/**
 * Opens all that a job reads. Rejects for the film alone, which the server is told about; what else cannot be read, such
 * as subtitles in two files of which only one is named, may still be read by the original.
 */
async function openInputs(
  { library, mediaRoots }: JobSources,
  job: DoorJob,
  inputs: readonly WantedInput[],
): Promise<OpenedInputs | LocalJob> {
  const results = await Promise.allSettled(
    inputs.map(async (wanted) => {
      const view = await viewForJob(job, inputAt(job, wanted.path)!, wanted.path, mediaRoots)
      return library.open(wanted.path, view, wanted)
    }),
  )
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const [film, ...more] = opened
  if (film && opened.length === inputs.length) return [film, ...more]
  await closeAll(opened)
  if (results[0]?.status === 'rejected') throw results[0].reason
  const failed = results.findIndex(({ status }) => status === 'rejected')
  return localJob('inputs', `${inputs[failed]?.path} cannot be read here`)
}

async function closeAll(opened: OpenedInputs | readonly OpenedInput[] | LocalJob): Promise<void> {
  if (!('local' in opened)) await Promise.all(opened.map((input) => input.close()))
}

/** NATS that is away for longer is not just being started again: a new job does not wait for it. */
const absenceMs = 1_000

/** What keeps a job from being accepted, though it is understood; null when nothing does. */
function whyLocal(sources: JobSources, job: DoorJob, { plex, inputs }: UnderstoodJob): string | null {
  const missing = handFeatures.filter((name) => !job.features.includes(name))
  if (missing.length > 0) return localJob('old-shim', `it lacks ${missing.join(', ')}`).local
  for (const [index, { path }] of inputs.entries()) {
    const input = inputAt(job, path)
    if (!input) return localJob('input-silent', 'the shim did not look at it').local
    // The original may well follow a link, and knows best what its server wants.
    if (isRefusal(input.errno) || (index > 0 && input.errno !== 0)) {
      if (isRefusal(input.errno)) {
        sources.refusals.note('E_HANDS_REFUSED', `user ${job.uid ?? 'unknown'}`, path, path)
      }
      return localJob('input-silent', handError(input.errno, path).message).local
    }
  }
  // A file has a place of its own, and is made anew by the original: there is no middle of it to go on from.
  if (!('filePath' in plex)) {
    if (!job.folder?.isWritable) return localJob('folder-closed', job.cwd).local
    if (resumeEdits(job.args, { segment: 0, seconds: 0 }) === null) return localJob('no-way-back').local
  }
  const isAway = job.note === undefined && sources.fleet.awayMs() > absenceMs
  if (isAway) return localJob('no-node', 'NATS is away').local
  return null
}

/** The plan will tell; a filter of that name is in the way of every tone map. */
function mayMapTones({ args }: DoorJob): { readonly hasToneMap: boolean } {
  return { hasToneMap: args.some((argument) => argument.includes('tonemap')) }
}

/** As far as it shows before the film has been looked at: a copy needs nobody to be woken. */
function makesPictures({ args }: DoorJob): boolean {
  return args.some((argument, index) => argument === '-codec:0' && args[index + 1] !== 'copy')
}

/** The input that this path names. */
function inputAt(job: DoorJob, path: string): HelloInput | undefined {
  return job.inputs.find(({ argument }) => job.args[argument]?.replace(/^file:/, '') === path)
}

/** A job for the original, unless its input is certainly not there: then the server is told so without it. */
async function leaveAlone(sources: JobSources, job: DoorJob, left: JobLeftAlone): Promise<void> {
  const input = left.told && inputAt(job, left.told.path)
  const isTold = input && isMissing(input) && job.features.includes('http')
  if (!left.told || !isTold) return stayLocal(sources, job, left.local)
  if (!job.accept()) return
  const { server, path } = left.told
  const exitCode = await reportUnopenedInput({
    server,
    input: { index: 0, path, error: handError(input.errno, path) },
    exchange: serverExchange(job),
    signal: job.released,
    onProblem: (problem) => sources.log.warn({ problem }, 'the media server did not take a call'),
  })
  job.exit(exitCode)
}

/** The shim opens inputs as the transcoder would, but that it follows no links. */
function isMissing({ errno }: HelloInput): boolean {
  const { ENOENT, ENOTDIR, EACCES } = constants.errno
  return errno === ENOENT || errno === ENOTDIR || errno === EACCES
}

function stayLocal({ log }: JobSources, job: DoorJob, reason: string): void {
  log.info({ reason }, 'a job stays local')
  job.local(reason)
}
