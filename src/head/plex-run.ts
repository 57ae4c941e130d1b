import { basename } from 'node:path'
import type { PlexFileJob, PlexJob } from '../dialects/plex/job.ts'
import { reportUnopenedInput } from '../dialects/plex/report-failure.ts'
import type { ServerReports } from '../dialects/plex/server-reports.ts'
import { planOfJob } from '../dialects/plex/understand-job.ts'
import { PacelineError } from '../errors.ts'
import { CutFinder } from '../media/cut-points.ts'
import { toNumber } from '../media/rational.ts'
import { readCuts } from '../media/read-cuts.ts'
import { fasterPlans } from '../placement/demand.ts'
import { pendingOf } from '../plan/pending.ts'
import type { Plan } from '../plan/plan.ts'
import { localJob } from '../plan/refusal.ts'
import type { SegmentedJob } from '../plan/segmented.ts'
import { burntTextOf } from '../platforms/text-lease.ts'
import type { Delivered, Delivery } from './delivery.ts'
import type { DoorJob } from './door/door-job.ts'
import { returnFeature } from './door/shim-hands.ts'
import { readFonts } from './files/font-files.ts'
import { deliverFilm } from './film-delivery.ts'
import { type PeakChoice, wantsPeak, withPeak } from './film-light.ts'
import type { OpenedInput } from './input-library.ts'
import type { JobSources } from './job-sources.ts'
import { maskedArguments } from './masked-arguments.ts'
import type { FormerSession } from './memory/former-sessions.ts'
import { canGoOn, jobDigest, planDigest } from './memory/same-job.ts'
import { nobodyToMake } from './responder/nobody-to-make.ts'
import { deliverSegments, resumePointAt } from './segment-delivery.ts'
import { serverExchange } from './server-exchange.ts'
import type { LiveSession } from './session/live-session.ts'
import type { SessionOutput } from './session/output.ts'
import { readOn } from './session/read-on.ts'
import { createResumeKeeper, type ResumeKeeper } from './session/resume-keeper.ts'
import { withSeeking } from './source-seeking.ts'
import { withinPatience } from './within-patience.ts'

/** What a job reads, the film first. */
export type OpenedInputs = readonly [OpenedInput, ...OpenedInput[]]

/** A plan, and which peak of its film it was given: null for none. */
interface LitPlan {
  readonly plan: Plan
  readonly peak: number | null
}

function peaksOf(plan: Plan, film: OpenedInput): PeakChoice | null {
  const stream = film.info.streams[plan.video.source.stream]
  const isFilm = plan.video.source.input === 0 && stream?.kind === 'video'
  return isFilm && wantsPeak(plan) ? film.light(stream) : null
}

/** What ffprobe may find wrong with an input that the server's own transcoder would find as well. */
const inputErrors = new Set(['E_PROBE_MISSING', 'E_PROBE_DENIED', 'E_PROBE_INVALID'])

/** An accepted job of Plex, from its first beat to its exit code, or until the original goes on. */
export class PlexRun {
  readonly #sources: JobSources
  readonly #job: DoorJob
  readonly #plex: PlexJob | PlexFileJob
  readonly #delivery: Delivery
  readonly #reports: ServerReports
  readonly #keeper: ResumeKeeper
  #session: LiveSession | null = null
  #startSeconds = 0
  #hasOpened = false
  readonly #past: FormerSession | null

  /** @param past of an earlier head, which had come some way. */
  constructor(
    sources: JobSources,
    job: DoorJob,
    plex: PlexJob | PlexFileJob,
    past: FormerSession | null = null,
  ) {
    this.#sources = sources
    this.#past = past
    this.#job = job
    this.#plex = plex
    this.#keeper = createResumeKeeper(job)
    this.#delivery = this.#deliver()
    this.#reports = this.#delivery.reports
  }

  /** From now on the shim can go on by itself at any moment. */
  begin(): void {
    const [plex, past] = [this.#plex, this.#past]
    const from = past && !('filePath' in plex) ? resumePointAt(plex, past.stand.next) : undefined
    // Until there is a session; should this head go as well, the next one has as much time as its player allows.
    if (past) this.#keeper.leadSeconds = () => past.goingOn.leadSeconds
    this.#keeper.begin(from, past ? this.#job.note : undefined)
    this.#job.onSignal(() => {
      this.#session?.kill()
      this.#reports.abandon()
      this.#job.exit(255)
    })
  }

  /** The job is not the head's any more. */
  close(): void {
    if (!this.#session) this.#discardPast()
    this.#delivery
      .close()
      .catch((error: unknown) => this.#sources.log.warn({ error }, 'a working directory was not closed'))
  }

  #discardPast(): void {
    this.#past
      ?.discard()
      .catch((error: unknown) => this.#sources.log.warn({ error }, 'a folder was not removed'))
  }

  stayLocal(reason: string): void {
    this.#reports.abandon()
    if (this.#job.released.aborted) return
    this.#sources.log.info({ reason }, 'a job stays local')
    this.#job.local(reason)
  }

  /** Makes and publishes it all; the inputs are closed in the end. */
  async carryOut(read: SegmentedJob, opened: OpenedInputs): Promise<void> {
    this.#hasOpened = true
    const [film] = opened
    try {
      const planned = await withinPatience(
        (signal) => planOfJob(read, film.info, film.address, { signal }),
        this.#job.released,
        () => undefined,
      )
      if (planned === null) return this.stayLocal(localJob('input-silent').local)
      if ('local' in planned) return this.stayLocal(planned.local)
      const wanted = withSeeking(planned, film.info, film.seeking)
      const pending = pendingOf(wanted)
      if (pending.length > 0) return this.stayLocal(localJob('not-yet', pending.join(', ')).local)
      const peaks = peaksOf(wanted, film)
      const admitted = await this.#admitted(wanted, read, peaks)
      if (admitted === null) return
      const { plan, peak } = admitted
      this.#startSeconds = read.seekSeconds
      // Not awaited: the server hears of the streams while a node already works.
      const copied = plan.video.encoder.codec === 'copy' ? read.picture : undefined
      const infos = opened.map(({ info }) => info)
      const told = this.#past ? Promise.resolve() : this.#reports.begin(infos, copied)
      told.catch(() => {})
      const output = this.#delivery.output(plan)
      const session = await this.#start(plan, read, opened, output)
      peaks?.take(peak)
      if (this.#past) this.#reports.goOn(infos, this.#past.stand.publisher.reporter)
      await this.#finish(session, output, told)
    } finally {
      await Promise.all(opened.map((input) => input.close()))
    }
  }

  /** The plan as it is begun, or gone on with; null when the job has had another answer. */
  async #admitted(unlit: Plan, read: SegmentedJob, peaks: PeakChoice | null): Promise<LitPlan | null> {
    if (this.#past !== null) return this.#samePlan(unlit, this.#past.plan, peaks)
    const [peak] = peaks?.nits ?? [null]
    const plan = withPeak(unlit, peak)
    const hasToneMap = plan.video.operations.some(({ kind }) => kind === 'tone-map')
    const nobody = await nobodyToMake(this.#sources, { hasToneMap })
    if (nobody !== null) {
      this.stayLocal(nobody)
      return null
    }
    // A whole file takes what the streams leave over.
    if (this.#delivery.mode === 'file') return { plan, peak }
    const { picture: source, path } = read
    const wish = { plan, source, title: basename(path) }
    const admission = await this.#sources.hall.admit(wish, this.#job.released)
    if ('plan' in admission) return { plan: admission.plan, peak }
    if ('gone' in admission) this.#reports.abandon()
    else if (admission.full === 'local') this.stayLocal(localJob('overload', admission.why).local)
    else this.#job.exit(await this.#reports.fail(new PacelineError('E_OVERLOAD', admission.why)))
    return null
  }

  /** Its nodes may have been busy when it began, so that it has a faster preset; and its film may not have been known. */
  #samePlan(unlit: Plan, digest: string, peaks: PeakChoice | null): LitPlan | null {
    const plans = (peaks?.nits ?? [null]).flatMap((peak) => {
      const plan = withPeak(unlit, peak)
      return [plan, ...fasterPlans(plan).map((faster) => faster.plan)].map((each) => ({ plan: each, peak }))
    })
    const same = plans.find(({ plan }) => planDigest(plan) === digest)
    if (!same) this.stayLocal(localJob('head-restarted', 'its plan is another one now').local)
    return same ?? null
  }

  async #start(
    plan: Plan,
    read: SegmentedJob,
    opened: OpenedInputs,
    output: SessionOutput,
  ): Promise<LiveSession> {
    const fonts = await readFonts(this.#job, burntTextOf(plan)?.fonts ?? [], (path, error) =>
      this.#sources.log.warn({ path, error }, 'a font was not read: another one is taken'),
    )
    const mayReturn = this.#job.features.includes(returnFeature) && this.#delivery.mode === 'stream'
    const session = await this.#sources.hall.start({
      ...(mayReturn && canGoOn(plan) && { job: jobDigest(this.#job) }),
      ...(this.#past && { past: this.#past }),
      plan,
      fonts,
      mode: this.#delivery.mode,
      source: read.picture,
      inputs: opened.map(({ input }) => input),
      output,
      title: basename(read.path),
      dialect: 'plex',
      received: maskedArguments(this.#job.args),
      shim: this.#job.pid,
    })
    this.#session = session
    this.#readOn(session, read, opened[0])
    this.#keeper.leadSeconds = () => session.leadSeconds()
    this.#job.released.addEventListener('abort', () => session.kill(), { once: true })
    if (this.#job.released.aborted) session.kill()
    return session
  }

  /** Copied pictures are cut at key frames of the source, which is read ahead of the session. */
  #readOn(session: LiveSession, { cutting, picture }: SegmentedJob, opened: OpenedInput): void {
    const { cuts } = session.plan.timeline
    if (!cutting || !(cuts instanceof CutFinder) || cuts.endSlot !== null) return
    const over = new AbortController()
    void session.ended.then(() => over.abort())
    const address = opened.address()
    const { startSeconds } = opened.info
    const place = { startSeconds, fromSeconds: cutting.fromSeconds, signal: over.signal }
    readOn({
      ...{ cuts, slotSeconds: toNumber(picture.timeBase), signal: over.signal },
      read: (untilSeconds) => readCuts(address, picture, cuts, { ...place, untilSeconds }),
      positionSeconds: () => session.tally.publishedUntilSeconds ?? 0,
    }).catch((error: unknown) => {
      if (!over.signal.aborted) session.giveUp(error as Error)
    })
  }

  async #finish(session: LiveSession, output: SessionOutput, told: Promise<void>): Promise<void> {
    const end = await session.ended
    if (end.how === 'killed') {
      this.#reports.abandon()
      this.#job.exit(255)
      return
    }
    if (end.how === 'failed') return this.#giveUp(session, output, end.reason)
    await told
    await output.finish()
    await this.#reports.finish()
    this.#job.exit(0)
  }

  /** The original goes on where the session has come to; the viewer waits a little longer. */
  async #giveUp(session: LiveSession, output: SessionOutput, reason: string): Promise<void> {
    const { log } = this.#sources
    log.error(
      { session: session.id, reason, segment: session.plan.timeline.firstSegment },
      'a session failed',
    )
    if (this.#job.local(localJob('session-failed', reason).local)) {
      this.#sources.hall.wentLocal(session.id)
      this.#reports.abandon()
      return
    }
    await output.fail(reason)
    const code = await this.#reports.fail(new PacelineError('E_SESSION_FAILED', reason))
    this.#job.exit(code)
  }

  /** The server is told that the input cannot be opened, as its own transcoder would tell it. */
  async tellUnopened(path: string, error: unknown): Promise<void> {
    this.#reports.abandon()
    const exitCode = await reportUnopenedInput({
      server: this.#plex,
      input: { index: 0, path, error },
      exchange: serverExchange(this.#job),
      signal: this.#job.released,
      onProblem: (problem) => this.#warn(problem),
    })
    this.#job.exit(exitCode)
  }

  async fail(error: unknown, path: string): Promise<void> {
    if (this.#job.released.aborted) return this.#reports.abandon()
    const isInput = error instanceof PacelineError && inputErrors.has(error.code)
    // Once it was opened, what fails later is not that it cannot be.
    if (isInput && !this.#hasOpened) return this.tellUnopened(path, error)
    this.#sources.log.error({ session: this.#session?.id, error }, 'a job could not be carried out')
    this.#session?.kill()
    this.#reports.abandon()
    if (!this.#job.local(localJob('head-error').local)) this.#job.exit(1)
  }

  #deliver(): Delivery {
    const delivered: Delivered = {
      session: () => this.#session,
      startSeconds: () => this.#startSeconds,
      onProblem: (problem) => this.#warn(problem),
      before: this.#past?.stand.publisher,
    }
    const plex = this.#plex
    if ('filePath' in plex) return deliverFilm(this.#sources, this.#job, plex, delivered)
    return deliverSegments(this.#sources, this.#job, plex, this.#keeper, delivered)
  }

  #warn(problem: string): void {
    const session = this.#session?.id
    this.#sources.log.warn({ session, problem }, 'the media server did not take a call')
  }
}
