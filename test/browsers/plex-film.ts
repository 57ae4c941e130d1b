import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoFilm } from '../../src/cli/demo/demo-film.ts'
import type { RunningPaceline } from '../fixture/paceline.ts'
import { parseList } from '../golden/compare-lists.ts'
import type { RecordedRequest } from '../golden/recording.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { sessionArguments } from '../stand-in/session-arguments.ts'
import { startTranscoder, type TranscoderProcess } from '../stand-in/transcoder-process.ts'
import type { Film } from './film-server.ts'
import { wholeManifest, wholePlaylist } from './whole-film.ts'

export interface PlexFilmOrder {
  readonly paceline: RunningPaceline
  readonly protocol: 'hls' | 'dash'
  readonly film: DemoFilm
  readonly segmentSeconds: number
  /** Folder of all sessions. */
  readonly sessions: string
}

export interface PlexFilm extends Film {
  /** Numbers of the segments with which jobs have begun. */
  readonly beginnings: readonly number[]
  /** Nodes that have made pictures for it. */
  readonly nodes: ReadonlySet<string>
  /** What a media server would have stumbled over, in any of its jobs. */
  problems(): readonly string[]
  /** Kills the job that is under way. */
  close(): Promise<void>
}

/** Plex asks for less when so many seconds are there beyond what the player has asked for, and for more again below. */
const restSeconds = 24
const workSeconds = 10
/** A segment further ahead than this is not waited for: it is another job's. */
const patienceSeconds = 20

/**
 * A film as a player sees it at Plex: a list of all its segments, and a job that begins where one is asked for that is
 * not there and will not be there soon, for which the job before is killed. A player is not answered before its job
 * has worked ahead and rests, so that encoding and decoding do not share this machine's few cores.
 */
export async function openPlexFilm(order: PlexFilmOrder): Promise<PlexFilm> {
  const { paceline, protocol, film, segmentSeconds } = order
  const session = randomUUID().slice(0, 8)
  const numberOfFirst = protocol === 'hls' ? 0 : 1
  const segmentCount = Math.ceil(film.durationSeconds! / segmentSeconds)
  const beginnings: number[] = []
  const nodes = new Set<string>()
  const problems: string[] = []
  let job: TranscoderProcess | null = null
  let announced = new Set<string>()
  let manifest = ''
  let wanted = 0
  let isThrottled = false
  let changedAt = performance.now()
  let changing: Promise<unknown> = Promise.resolve()

  const server = await startPlexMediaServer({ onRequest: hear, throttle })
  const reached = () => Math.max(-1, ...[...announced].map(numberOf))
  const secondsAhead = () => (reached() - wanted) * segmentSeconds

  function hear({ body, files }: RecordedRequest): void {
    if (files === undefined) return
    if (body.includes('<MPD')) manifest = body
    for (const { open, name } of parseList(body)) if (!open) announced.add(name)
    changedAt = performance.now()
  }

  function throttle(): boolean {
    isThrottled = secondsAhead() > (isThrottled ? workSeconds : restSeconds)
    return isThrottled
  }

  async function begin(number: number): Promise<void> {
    await end()
    beginnings.push(number)
    announced = new Set()
    wanted = number
    isThrottled = false
    const startSeconds = (number - numberOfFirst) * segmentSeconds
    const jobId = randomUUID()
    const wantedSession = { protocol, startSeconds, segmentSeconds, session, job: jobId }
    job = await startTranscoder({
      program: paceline.shim,
      server,
      args: sessionArguments(film, { ...wantedSession, layout: 'new' }),
      mediaPath: film.path,
      sessions: order.sessions,
      ...{ session, job: jobId },
      environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
    })
    await settled(number)
    for (const node of await nodesAtWork(paceline)) nodes.add(node)
  }

  /** Waits until the job has worked ahead and rests, or has come to its end. */
  async function settled(number: number): Promise<void> {
    const enough = Math.min(number + restSeconds / segmentSeconds, segmentCount - 1 + numberOfFirst)
    while (reached() < enough || performance.now() - changedAt < 1_500) {
      if (job?.child.exitCode) throw new Error(`the job ended with ${job.child.exitCode}`)
      await sleep(50)
    }
  }

  async function end(): Promise<void> {
    if (job === null) return
    job.kill()
    await job.exited()
    problems.push(...server.problems())
    job = null
  }

  /** One after the other: a player asks for picture and sound of a moment at once. */
  function provide(number: number): Promise<void> {
    const provided = changing.then(async () => {
      const first = beginnings.at(-1)
      const isNear = first !== undefined && number >= first
      if (!isNear || number > reached() + patienceSeconds / segmentSeconds) await begin(number)
      wanted = Math.max(wanted, number)
    })
    changing = provided.catch(() => undefined)
    return provided
  }

  async function readSegment(name: string): Promise<Uint8Array> {
    await provide(numberOf(name))
    const { directory } = job!
    while (!announced.has(name)) await sleep(20)
    return readFile(join(directory, name))
  }

  async function readManifest(): Promise<string> {
    await provide(numberOfFirst)
    return wholeManifest(manifest, segmentSeconds, film.durationSeconds!)
  }

  return {
    entry: protocol === 'hls' ? 'index.m3u8' : 'film.mpd',
    beginnings,
    nodes,
    async read(name) {
      if (name === 'index.m3u8') return wholePlaylist(segmentSeconds, film.durationSeconds!)
      if (name === 'film.mpd') return readManifest()
      if (name.startsWith('init-')) return readFile(join(job!.directory, name))
      const isThere = numberOf(name) < segmentCount + numberOfFirst
      return isThere ? readSegment(name) : null
    },
    problems: () => problems,
    async close() {
      await changing
      await end()
      await server.close()
    },
  }
}

function numberOf(name: string): number {
  return Number(/(\d+)\.(?:ts|m4s)$/.exec(name)?.[1] ?? Number.NaN)
}

async function nodesAtWork(paceline: RunningPaceline): Promise<string[]> {
  const { stdout } = await paceline.run('status', '--json')
  const { sessions } = JSON.parse(stdout) as { sessions: { segments: Record<string, number> }[] }
  return sessions.flatMap(({ segments }) => Object.keys(segments).filter((node) => segments[node]! > 0))
}
