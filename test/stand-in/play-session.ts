import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordedRequest } from '../golden/recording.ts'
import { type Announcement, announcementsIn, timeProblems } from './announcements.ts'
import { type PlexMediaServer, startPlexMediaServer } from './plex-media-server.ts'
import { listFiles } from './session-listing.ts'
import { startTranscoder, type TranscoderOptions, type TranscoderProcess } from './transcoder-process.ts'

export interface SessionOrder {
  readonly program: string
  readonly args: readonly string[]
  readonly mediaPath: string
  readonly sessions: string
  readonly session: string
  readonly job: string
  readonly environment: TranscoderOptions['environment']
  /** Where in the film it begins, seconds. */
  readonly startSeconds: number
  /** Seconds after its start, as all that follow: what the server does to it. */
  readonly throttleSeconds?: readonly [from: number, to: number] | undefined
  readonly killSeconds?: number | undefined
  readonly removeFolderSeconds?: number | undefined
  readonly onRequest: (request: RecordedRequest) => void
}

/** What the server saw of a session. */
export interface SessionReport {
  readonly exit: number | null
  readonly signal: string | null
  readonly milliseconds: number
  readonly stderr: string
  readonly calls: Readonly<Record<string, number>>
  readonly announced: readonly Announcement[]
  /** Announced segments a second outside of the throttling and within it; null without any. */
  readonly throttled: { readonly before: number; readonly within: number } | null
  readonly files: readonly string[]
  /** What a media server would have stumbled over: none when all is well. */
  readonly problems: readonly string[]
}

/** A session under way. */
export interface PlayedSession {
  readonly process: TranscoderProcess
  readonly server: PlexMediaServer
  /** Resolves when the transcoder has ended; its files are left for others to look at. */
  readonly report: Promise<SessionReport>
}

/** Plays one session as the checklist for a stand-in has it: spawn, calls, lists, throttling, kill, a folder that goes. */
export async function playSession(order: SessionOrder): Promise<PlayedSession> {
  const began = performance.now()
  const elapsedSeconds = () => (performance.now() - began) / 1000
  const [from, to] = order.throttleSeconds ?? [Number.POSITIVE_INFINITY, 0]
  const server = await startPlexMediaServer({
    onRequest: order.onRequest,
    throttle: () => elapsedSeconds() >= from && elapsedSeconds() < to,
  })
  const { program, args, mediaPath, sessions, session, job, environment = {} } = order
  const process = await startTranscoder({
    ...{ program, args, mediaPath, sessions, session, job, environment, server },
  })
  const over = new AbortController()
  const at = async (seconds: number | undefined, act: () => unknown) => {
    if (seconds === undefined) return
    await sleep(seconds * 1000, undefined, { signal: over.signal }).then(act, () => undefined)
  }
  const acts = [
    at(order.killSeconds, () => process.kill()),
    at(order.removeFolderSeconds, () => rm(process.directory, { recursive: true, force: true })),
  ]
  return { process, server, report: finish(order, process, server, acts, over) }
}

async function finish(
  order: SessionOrder,
  process: TranscoderProcess,
  server: PlexMediaServer,
  acts: readonly Promise<unknown>[],
  over: AbortController,
): Promise<SessionReport> {
  try {
    const { exit, signal, stderr, milliseconds } = await process.exited()
    over.abort()
    await Promise.all(acts)
    const announced = announcementsIn(server.requests)
    const files = listFiles(process.directory).map(([name]) => name)
    const isRemoved = order.removeFolderSeconds !== undefined
    return {
      ...{ exit, signal, milliseconds: Math.round(milliseconds), stderr, announced, files },
      calls: countCalls(server.requests),
      throttled: order.throttleSeconds ? ratesOf(announced, order.throttleSeconds) : null,
      problems: [...(isRemoved ? [] : server.problems()), ...timeProblems(announced, order.startSeconds)],
    }
  } finally {
    await server.close()
  }
}

/** Names of calls as in Plex's log: `PUT progress`, `POST manifest`... */
function countCalls(requests: readonly RecordedRequest[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { method, url } of requests) {
    const call = `${method} ${url.split('?')[0]?.replace(/^.*\/session\/[^/]+\/[^/]+\//, '')}`
    counts[call] = (counts[call] ?? 0) + 1
  }
  return counts
}

/** A server's wish is heard with the next report, so the first second of it counts for neither. */
function ratesOf(announced: readonly Announcement[], [from, to]: readonly [number, number]) {
  const rate = (begin: number, end: number) => {
    const count = announced.filter(({ t }) => t >= begin * 1000 && t < end * 1000).length
    return end > begin ? Math.round((100 * count) / (end - begin)) / 100 : 0
  }
  return { before: rate(0, from), within: rate(from + 1, to) }
}
