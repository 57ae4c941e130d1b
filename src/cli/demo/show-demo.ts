import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../../errors.ts'
import type { ApiClient } from '../api-client.ts'
import { explainJob } from '../plan/explain-job.ts'
import type { DemoFilm } from './demo-film.ts'
import { type DemoReport, type DemoResult, demoResult } from './demo-report.ts'
import { type DemoServer, startDemoServer } from './demo-server.ts'
import { type SessionWatch, watchSession } from './session-watch.ts'
import { type ShimEnd, type ShimJob, segmentFolder, startShimJob } from './shim-job.ts'
import { transcoderArguments } from './transcoder-arguments.ts'

export interface DemoOptions {
  /** `unix:/path` of the head. */
  readonly head: string
  readonly client: ApiClient
  readonly film: DemoFilm
  /** A folder of demonstrations alone; see {@link demoFolder}. */
  readonly folder: string
  readonly report: DemoReport
  readonly signal: AbortSignal
}

/** A film that was made and can be watched until it is closed. */
export interface Demo {
  readonly result: DemoResult
  /** Ends the server and removes the segments. */
  close(): Promise<void>
}

/** Where the clip and the running demonstration lie. */
export function demoFolder(dataFolder: string): string {
  return join(dataFolder, 'demo')
}

/** Often enough that a segment is shown as it comes. */
const pollMs = 100

/**
 * Sends a film through the shim the way Plex would, and shows which node makes what. Null when the signal came first.
 * Throws PacelineError E_SESSION_FAILED with what the media server would have heard. Except for the clip, nothing is
 * left unless a demonstration is returned, and nothing after it is closed.
 */
export async function showDemo(options: DemoOptions): Promise<Demo | null> {
  const folder = await openFolder(options.folder)
  const server = await startDemoServer(segmentFolder(folder))
  const close = async () => {
    await server.close()
    // The head may have a last file on its way into the folder.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  try {
    const result = await makeFilm(options, folder, server)
    if (result === null) await close()
    return result && { result, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What a demonstration that was killed has left goes first: only one can run in a data folder. */
async function openFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const left = (await readdir(folder)).filter((name) => name.startsWith('session-'))
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })))
  return mkdtemp(join(folder, 'session-'))
}

async function makeFilm(
  options: DemoOptions,
  folder: string,
  server: DemoServer,
): Promise<DemoResult | null> {
  const { client, film, head } = options
  const watch = await watchSession(client, basename(film.path))
  const args = transcoderArguments(film, server.jobUrl)
  const startedMs = performance.now()
  const job = await startShimJob({ head, args, folder })
  const end = await follow(options, job, watch, server)
  if (end === null) return null
  const seconds = (performance.now() - startedMs) / 1000
  if (end.code !== 0) throw await failure(end, args, server.messages())
  const arrivals = await watch.arrivals()
  options.report.show(100, arrivals)
  server.finish()
  return demoResult(server.announcedSeconds(), seconds, arrivals, server.url)
}

/** Shows how it goes on until the shim ends; null when it was killed because the signal came. */
async function follow(
  { film, report, signal }: DemoOptions,
  job: ShimJob,
  watch: SessionWatch,
  server: DemoServer,
): Promise<ShimEnd | null> {
  const { durationSeconds } = film
  let end: ShimEnd | null = null
  const ended = job.ended.then((how) => {
    end = how
  })
  // It is awaited below, whatever else goes wrong first.
  ended.catch(() => undefined)
  try {
    while (end === null && !signal.aborted) {
      const percent = durationSeconds && Math.min(100, (100 * server.announcedSeconds()) / durationSeconds)
      report.show(percent, await watch.arrivals())
      await Promise.race([ended, sleep(pollMs)])
    }
  } finally {
    job.kill()
    await ended
  }
  if (!signal.aborted) return end
  await watch.untilOver()
  return null
}

async function failure(
  end: ShimEnd,
  args: readonly string[],
  messages: readonly string[],
): Promise<PacelineError> {
  const heard = [...messages, end.words.trim()].filter((words) => words !== '').join('\n          ')
  if (!end.local) {
    const how = end.code === null ? 'was killed' : `ended with exit code ${end.code}`
    return new PacelineError('E_SESSION_FAILED', `the transcoder ${how}`, {
      hint:
        heard === '' ? 'What the head and the nodes said stands above.' : `The media server heard: ${heard}`,
    })
  }
  const { reason } = (await explainJob(args)).explanation
  return new PacelineError(
    'E_SESSION_FAILED',
    'the head left it to the original transcoder, and there is none here',
    {
      hint: reason === null ? 'What the head said stands above.' : `The reason: ${reason}`,
    },
  )
}
