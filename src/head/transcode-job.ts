import { access, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../errors.ts'
import { slotSeconds } from '../media/timeline.ts'
import type { Plan } from '../plan/plan.ts'
import { planWholeFile } from '../plan/whole-file.ts'
import type { NodeShares, TranscodeEvent, TranscodeRequest } from './api/transcode-request.ts'
import { type InputView, viewBelow, viewOfOwn } from './files/input-view.ts'
import type { Roots } from './files/roots.ts'
import type { Fleet } from './fleet.ts'
import type { InputLibrary, OpenedInput } from './input-library.ts'
import { nobodyToMake, type WorkersAtHand } from './responder/nobody-to-make.ts'
import { openFileOutput } from './session/file-output.ts'
import type { LiveSession } from './session/live-session.ts'
import type { SessionHall } from './session/session-hall.ts'
import { withSeeking } from './source-seeking.ts'

export interface TranscodeSources {
  readonly hall: SessionHall
  readonly library: InputLibrary
  readonly fleet: Fleet
  readonly responder: WorkersAtHand['responder']
  readonly mediaRoots: Roots
  readonly transcodeRoots: Roots
  readonly ffmpeg: string
  readonly now: () => number
}

const progressEveryMs = 250

/**
 * Makes one file of another with all nodes, and tells of it. Throws PacelineError for what can be known before
 * (input, output); a session that fails later is the last event. Aborting the signal cancels it without a trace.
 */
export async function* transcodeFile(
  sources: TranscodeSources,
  request: TranscodeRequest,
  signal: AbortSignal,
): AsyncGenerator<TranscodeEvent> {
  const { library } = sources
  await checkOutput(sources, request)
  const view = await viewOf(sources, request.input)
  const opened = await library.open(request.input, view)
  try {
    yield* makeFile(sources, request, opened, signal)
  } finally {
    await opened.close()
  }
}

async function* makeFile(
  sources: TranscodeSources,
  request: TranscodeRequest,
  { info, input, seeking }: OpenedInput,
  signal: AbortSignal,
): AsyncGenerator<TranscodeEvent> {
  const { hall, now } = sources
  const startedMs = now()
  const elapsedSeconds = () => (now() - startedMs) / 1000
  const planned = planWholeFile(request.input, info, request)
  if ('out' in planned) throw new PacelineError('E_PROBE_INVALID', `${request.input}: ${planned.out}`)
  const nobody = await nobodyToMake(sources, { hasToneMap: false })
  if (nobody !== null) throw new PacelineError('E_NO_NODES', request.input)
  const plan = withSeeking(planned, info, seeking)
  const output = openFileOutput({ path: request.output, plan, ffmpeg: sources.ffmpeg })
  let isWhole = false
  try {
    const title = basename(request.input)
    const session = await hall.start({ plan, mode: 'file', inputs: [input], output, title })
    yield* untilEnded(session, plan, signal, elapsedSeconds)
    const end = await session.ended
    if (end.how === 'finished') {
      await output.finish()
      isWhole = true
      yield done(session, plan, elapsedSeconds())
    } else {
      const message = end.how === 'failed' ? end.reason : 'it was cancelled'
      yield { type: 'failed', code: 'E_SESSION_FAILED', message }
    }
  } finally {
    if (!isWhole) await output.fail('the file was not made')
  }
}

/** Tells of a session until it has ended; it is killed when the signal is aborted or nobody listens any more. */
async function* untilEnded(
  session: LiveSession,
  plan: Plan,
  signal: AbortSignal,
  elapsedSeconds: () => number,
): AsyncGenerator<TranscodeEvent> {
  let isOver = false
  const ended = session.ended.then(() => {
    isOver = true
  })
  const kill = () => session.kill()
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  try {
    while (!isOver) {
      yield progress(session, plan, elapsedSeconds())
      await Promise.race([ended, sleep(progressEveryMs)])
    }
  } finally {
    signal.removeEventListener('abort', kill)
    session.kill()
    await ended
  }
}

function done(session: LiveSession, plan: Plan, seconds: number): TranscodeEvent {
  return {
    type: 'done',
    frames: session.tally.frames,
    seconds: round(seconds),
    speed: round(madeSeconds(session, plan) / seconds),
    nodes: shares(session),
  }
}

function progress(session: LiveSession, plan: Plan, elapsedSeconds: number): TranscodeEvent {
  const expected = slotSeconds(plan.timeline, plan.timeline.expectedEndSlot)
  const arrived = session.tally.arrivals.length * plan.timeline.segmentSeconds
  return {
    type: 'progress',
    percent: expected > 0 ? round(Math.min(100, (arrived / expected) * 100)) : null,
    speed: elapsedSeconds > 0 ? round(Math.min(arrived, expected || arrived) / elapsedSeconds) : 0,
    nodes: shares(session),
  }
}

function shares(session: LiveSession): NodeShares {
  return Object.fromEntries([...session.tally.segmentsByNode].map(([name, segments]) => [name, { segments }]))
}

function madeSeconds(session: LiveSession, plan: Plan): number {
  return slotSeconds(plan.timeline, session.tally.frames)
}

/**
 * Without roots whoever holds the API's key names what the head itself may open: the key is a file that only the head's
 * own user and root can read, so they could open it all the same. With roots only what lies below them is opened.
 */
function hasRoots({ mediaRoots, transcodeRoots }: TranscodeSources): boolean {
  return mediaRoots.folders.length + transcodeRoots.folders.length > 0
}

async function viewOf(sources: TranscodeSources, path: string): Promise<InputView> {
  try {
    return hasRoots(sources) ? await viewBelow(path, sources.mediaRoots) : await viewOfOwn(path)
  } catch (error) {
    throw openingError(error, path)
  }
}

/** In the words of a probe: the caller hears the same whoever finds that a file is not there. */
function openingError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new PacelineError('E_PROBE_MISSING', path, { cause: error })
  if (code === 'EACCES' || code === 'EPERM')
    return new PacelineError('E_PROBE_DENIED', path, { cause: error })
  return error
}

async function checkOutput(sources: TranscodeSources, request: TranscodeRequest): Promise<void> {
  if (hasRoots(sources) && !(await sources.transcodeRoots.hasRoomFor(request.output))) {
    throw new PacelineError('E_PATH_OUTSIDE', request.output)
  }
  const folder = dirname(request.output)
  const isFolder = await stat(folder).then(
    (state) => state.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new PacelineError('E_OUTPUT_WRITE', `${folder} is not a folder`)
  const isThere = await access(request.output).then(
    () => true,
    () => false,
  )
  if (isThere && !request.overwrite) throw new PacelineError('E_OUTPUT_EXISTS', request.output)
}

const round = (value: number): number => Math.round(value * 1000) / 1000
