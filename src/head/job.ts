import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Logger } from 'pino'
import type { PlexJob, PlexServer } from '../dialects/plex/job.ts'
import { openPlexPublisher, type PlexPublisher } from '../dialects/plex/publisher.ts'
import { reportUnopenedInput } from '../dialects/plex/report-failure.ts'
import { type JobLeftAlone, planOfJob, understandJob } from '../dialects/plex/understand-job.ts'
import { PacelineError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import { readSegmentedJob, type SegmentedJob } from '../plan/segmented.ts'
import type { DoorJob } from './door/door-job.ts'
import { canWork, type Fleet } from './fleet.ts'
import type { InputLibrary, OpenedInput } from './input-library.ts'
import { seesSameFiles } from './same-view.ts'
import type { LiveSession } from './session/live-session.ts'
import { openPlexOutput } from './session/plex-output.ts'
import type { SessionHall } from './session/session-hall.ts'

export interface JobSources {
  readonly hall: SessionHall
  readonly library: InputLibrary
  readonly fleet: Fleet
  /** A folder of the head's own for segments on their way out. */
  readonly outgoingFolder: string
  readonly now: () => number
  readonly log: Logger
}

/** What ffprobe may find wrong with an input that the server's own transcoder would find as well. */
const inputErrors = new Set(['E_PROBE_MISSING', 'E_PROBE_DENIED', 'E_PROBE_INVALID'])

/**
 * Carries out a job of Plex, or leaves it to the server's own transcoder: whatever is not understood stays local.
 * Resolves when the shim has its exit code, has become the original, or has gone.
 */
export async function carryOutJob(sources: JobSources, job: DoorJob): Promise<void> {
  const understood = understandJob(job.args, job.env)
  if ('local' in understood) return leaveAlone(sources, job, understood)
  const { command, plex, input: wanted } = understood
  if (!sources.fleet.nodes().some(canWork)) return stayLocal(sources, job, 'no node is there that can work')
  if (!job.accept()) return
  const run = new PlexRun(sources, job, plex)
  try {
    const looked = Promise.all([sources.library.open(wanted.path, wanted), canWrite(job.cwd)])
    const found = await withinPatience(looked, job.closed)
    if (found === null) return run.stayLocal('the input does not answer')
    const [opened, isWritable] = found
    const read = readSegmentedJob(command, opened.info)
    if ('local' in read) return run.stayLocal(read.local)
    if (!isWritable) return run.stayLocal(`the head cannot write to ${job.cwd}`)
    await run.carryOut(read, opened)
  } catch (error) {
    await run.fail(error, wanted.path)
  }
}

/** A disk that has not answered by then may be one that hangs for the head only: a viewer does not wait for it. */
const openingPatienceMs = 10_000

/** Null when it takes too long, or nobody waits any more; what it does is then nobody's. */
async function withinPatience<T>(work: Promise<T>, closed: AbortSignal): Promise<T | null> {
  const limit = AbortSignal.any([closed, AbortSignal.timeout(openingPatienceMs)])
  const over = new Promise<null>((resolve) => {
    limit.addEventListener('abort', () => resolve(null), { once: true })
  })
  work.catch(() => undefined)
  return Promise.race([work, over])
}

/** A job for the original, unless its input is certainly not there: then the server is told so without it. */
async function leaveAlone(sources: JobSources, job: DoorJob, left: JobLeftAlone): Promise<void> {
  const error = left.told && (await openingError(left.told.path))
  if (!left.told || !error || !(await seesSameFiles(job.pid, job.cwd))) {
    return stayLocal(sources, job, left.local)
  }
  if (job.accept()) await tellUnopened(sources, job, left.told, error)
}

async function tellUnopened(
  { log }: JobSources,
  job: DoorJob,
  told: { readonly server: PlexServer; readonly path: string },
  error: unknown,
): Promise<void> {
  const exitCode = await reportUnopenedInput({
    server: told.server,
    input: { index: 0, path: told.path, error },
    signal: job.closed,
    onProblem: (problem) => log.warn({ problem }, 'the media server did not take a call'),
  })
  job.exit(exitCode)
}

/** What the system says to opening a file, null when it opens. */
async function openingError(path: string): Promise<unknown> {
  try {
    await access(path, constants.R_OK)
    return null
  } catch (error) {
    return error
  }
}

function stayLocal({ log }: JobSources, job: DoorJob, reason: string): void {
  log.info({ reason }, 'a job stays local')
  job.local(reason)
}

class PlexRun {
  readonly #sources: JobSources
  readonly #job: DoorJob
  readonly #plex: PlexJob
  readonly #publisher: PlexPublisher
  #session: LiveSession | null = null
  #startSeconds = 0

  constructor(sources: JobSources, job: DoorJob, plex: PlexJob) {
    this.#sources = sources
    this.#job = job
    this.#plex = plex
    this.#publisher = openPlexPublisher({
      job: plex,
      directory: job.cwd,
      positionSeconds: () => this.#positionSeconds(),
      onThrottle: (on) => this.#session?.throttle(on),
      onProblem: (problem) => sources.log.warn({ problem }, 'the media server did not take a call'),
      now: sources.now,
      signal: job.closed,
    })
  }

  stayLocal(reason: string): void {
    this.#publisher.abandon()
    stayLocal(this.#sources, this.#job, reason)
  }

  async carryOut(read: SegmentedJob, opened: OpenedInput): Promise<void> {
    const plan = await planOfJob(read, opened.info)
    this.#startSeconds = read.seekSeconds
    const { hall, outgoingFolder } = this.#sources
    // Not awaited: the server hears of the streams while a node already works.
    const told = this.#publisher.begin(opened.info)
    told.catch(() => {})
    const output = openPlexOutput({
      publisher: this.#publisher,
      plan,
      folder: outgoingFolder,
      // What has been announced must not be made again from the start by the original.
      onAnnounce: () => this.#job.commit(),
    })
    const session = await hall.start({
      plan,
      mode: 'stream',
      inputs: [opened.input],
      output,
      title: basename(read.path),
    })
    this.#session = session
    this.#job.closed.addEventListener('abort', () => session.kill(), { once: true })
    if (this.#job.closed.aborted) session.kill()
    this.#job.onSignal(() => {
      session.kill()
      this.#publisher.abandon()
      this.#job.exit(255)
    })
    const end = await session.ended
    if (end.how === 'killed') {
      this.#publisher.abandon()
      if (!this.#job.closed.aborted) this.#job.exit(255)
      return
    }
    if (end.how === 'failed') return this.#giveUp(session, plan, end.reason)
    await told
    await this.#publisher.finish()
    this.#job.exit(0)
  }

  /** Nothing was announced yet: the original can still do it all, and the viewer waits a little longer. */
  async #giveUp(session: LiveSession, plan: Plan, reason: string): Promise<void> {
    const { log } = this.#sources
    log.error({ session: session.id, reason, segment: plan.timeline.firstSegment }, 'a session failed')
    if (session.tally.publishedSegments === 0 && this.#job.local(reason)) {
      this.#publisher.abandon()
      return
    }
    const code = await this.#publisher.fail(new PacelineError('E_SESSION_FAILED', reason))
    this.#job.exit(code)
  }

  async fail(error: unknown, path: string): Promise<void> {
    if (error instanceof PacelineError && inputErrors.has(error.code)) {
      if (!(await seesSameFiles(this.#job.pid, this.#job.cwd))) return this.stayLocal(error.message)
      this.#publisher.abandon()
      return tellUnopened(this.#sources, this.#job, { server: this.#plex, path }, error)
    }
    this.#sources.log.error({ error }, 'a job could not be carried out')
    this.#session?.kill()
    this.#publisher.abandon()
    if (!this.#job.local('the head had an error') && !this.#job.closed.aborted) this.#job.exit(1)
  }

  #positionSeconds(): number {
    const until = this.#session?.tally.publishedUntilSeconds ?? null
    return until === null ? 0 : Math.max(0, until - this.#startSeconds)
  }
}

function canWrite(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
}
