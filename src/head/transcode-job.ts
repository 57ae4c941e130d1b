import { access, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../errors.ts'
import { slotSeconds } from '../media/timeline.ts'
import type { Plan } from '../plan/plan.ts'
import { planWholeFile } from '../plan/whole-file.ts'
import type { NodeShares, TranscodeEvent, TranscodeRequest } from './api/transcode-request.ts'
import type { InputLibrary } from './input-library.ts'
import { openFileOutput } from './session/file-output.ts'
import type { LiveSession } from './session/live-session.ts'
import type { SessionHall } from './session/session-hall.ts'

export interface TranscodeSources {
  readonly hall: SessionHall
  readonly library: InputLibrary
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
  const { hall, library, now } = sources
  const startedMs = now()
  await checkOutput(request)
  const { info, input } = await library.open(request.input)
  const plan = planWholeFile(request.input, info, request)
  if ('out' in plan) throw new PacelineError('E_PROBE_INVALID', `${request.input}: ${plan.out}`)
  const output = openFileOutput({ path: request.output, plan, ffmpeg: sources.ffmpeg })
  const title = basename(request.input)
  const session = await hall.start({ plan, mode: 'file', inputs: [input], output, title })
  const kill = () => session.kill()
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  let end: Awaited<LiveSession['ended']> | null = null
  const ended = session.ended.then((how) => {
    end = how
  })
  while (end === null) {
    yield progress(session, plan, (now() - startedMs) / 1000)
    await Promise.race([ended, sleep(progressEveryMs)])
  }
  yield await conclude(session, plan, end, output, () => (now() - startedMs) / 1000)
}

async function conclude(
  session: LiveSession,
  plan: Plan,
  end: Awaited<LiveSession['ended']>,
  output: ReturnType<typeof openFileOutput>,
  elapsedSeconds: () => number,
): Promise<TranscodeEvent> {
  if (end.how === 'finished') {
    await output.finish()
    const seconds = elapsedSeconds()
    const speed = madeSeconds(session, plan) / seconds
    return {
      type: 'done',
      frames: session.tally.frames,
      seconds: round(seconds),
      speed: round(speed),
      nodes: shares(session),
    }
  }
  const reason = end.how === 'failed' ? end.reason : 'it was cancelled'
  await output.fail(reason)
  return { type: 'failed', code: 'E_SESSION_FAILED', message: reason }
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

async function checkOutput(request: TranscodeRequest): Promise<void> {
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
