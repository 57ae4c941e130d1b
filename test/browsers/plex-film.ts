import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoFilm } from '../../src/cli/demo/demo-film.ts'
import type { RunningPaceline } from '../fixture/paceline.ts'
import { parseList } from '../golden/compare-lists.ts'
import type { RecordedRequest } from '../golden/recording.ts'
import { type PlexMediaServer, startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { sessionArguments } from '../stand-in/session-arguments.ts'
import { startTranscoder, type TranscoderProcess } from '../stand-in/transcoder-process.ts'
import type { Film } from './film-server.ts'
import { wholeManifest, wholePlaylist } from './whole-film.ts'

export interface PlexFilmOrder {
  readonly paceline: RunningPaceline
  readonly protocol: 'hls' | 'dash'
  readonly film: DemoFilm & { readonly durationSeconds: number }
  readonly segmentSeconds: number
  /** Folder of all sessions. */
  readonly sessions: string
}

/** The server asks for less when so many seconds are there beyond what the player wanted, and for more again below. */
const restSeconds = 24
const workSeconds = 10
/** A segment further ahead than this is not waited for: it is another job's. */
const patienceSeconds = 20
/** Without an announcement for so long, a job that was asked for less rests. */
const restMilliseconds = 1_500

/**
 * A film as a player sees it at Plex: a list of all its segments, and a job that begins where one is asked for that is
 * not there and will not be there soon, for which the job before is killed. A player is not answered before its job
 * has worked ahead and rests, so that encoding and decoding do not share this machine's few cores.
 */
export class PlexFilm implements Film {
  readonly entry: 'index.m3u8' | 'film.mpd'
  /** Numbers of the segments with which jobs have begun. */
  readonly beginnings: number[] = []
  /** Nodes that have made pictures for it. */
  readonly nodes = new Set<string>()
  /** What a media server would have stumbled over, in all jobs that are over. */
  readonly problems: string[] = []
  readonly #order: PlexFilmOrder
  readonly #session = randomUUID().slice(0, 8)
  readonly #numberOfFirst: number
  readonly #numberOfLast: number
  #server: PlexMediaServer | null = null
  #job: TranscoderProcess | null = null
  #announced = new Set<string>()
  #announcedAt = 0
  #manifest = ''
  #wanted = 0
  #isThrottled = false
  /** Requests that may begin a job come one after the other: players ask for picture and sound at once. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(order: PlexFilmOrder) {
    const { protocol, film, segmentSeconds } = order
    this.#order = order
    this.entry = protocol === 'hls' ? 'index.m3u8' : 'film.mpd'
    this.#numberOfFirst = protocol === 'hls' ? 0 : 1
    this.#numberOfLast = Math.ceil(film.durationSeconds / segmentSeconds) - 1 + this.#numberOfFirst
  }

  async read(name: string): Promise<Uint8Array | string | null> {
    const { segmentSeconds, film } = this.#order
    if (name === 'index.m3u8') return wholePlaylist(segmentSeconds, film.durationSeconds)
    if (name === 'film.mpd') {
      await this.#provide(this.#numberOfFirst)
      return wholeManifest(this.#manifest, segmentSeconds, film.durationSeconds)
    }
    if (name.startsWith('init-')) return readFile(join(this.#job!.directory, name))
    return numberOf(name) <= this.#numberOfLast ? this.#readSegment(name) : null
  }

  /** Kills the job that is under way. */
  async close(): Promise<void> {
    await this.#turn
    await this.#end()
    await this.#server?.close()
  }

  async #readSegment(name: string): Promise<Uint8Array> {
    await this.#provide(numberOf(name))
    const job = this.#job!
    while (!this.#announced.has(name) && this.#job === job) await sleep(20)
    return readFile(join(job.directory, name))
  }

  #provide(number: number): Promise<void> {
    const provided = this.#turn.then(async () => {
      const reach = this.#reached() + patienceSeconds / this.#order.segmentSeconds
      const isNear = number >= (this.beginnings.at(-1) ?? Number.POSITIVE_INFINITY) && number <= reach
      if (!isNear) await this.#begin(number)
      this.#wanted = Math.max(this.#wanted, number)
    })
    this.#turn = provided.catch(() => undefined)
    return provided
  }

  async #begin(number: number): Promise<void> {
    await this.#end()
    this.beginnings.push(number)
    this.#announced = new Set()
    this.#wanted = number
    this.#isThrottled = false
    const { protocol, segmentSeconds, film, sessions, paceline } = this.#order
    const [session, job] = [this.#session, randomUUID()]
    const startSeconds = (number - this.#numberOfFirst) * segmentSeconds
    const wanted = { protocol, startSeconds, segmentSeconds, layout: 'new', session, job } as const
    this.#server ??= await startPlexMediaServer({
      onRequest: (request) => this.#hear(request),
      throttle: () => this.#throttle(),
    })
    this.#job = await startTranscoder({
      ...{ program: paceline.shim, server: this.#server, sessions, session, job },
      args: sessionArguments(film, wanted),
      mediaPath: film.path,
      environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
    })
    await this.#settle(this.#job, number)
    for (const node of await nodesAtWork(paceline)) this.nodes.add(node)
  }

  /** Waits until the job has worked ahead and rests, or has come to its end. */
  async #settle({ child }: TranscoderProcess, number: number): Promise<void> {
    const enough = Math.min(number + restSeconds / this.#order.segmentSeconds, this.#numberOfLast)
    while (this.#reached() < enough || performance.now() - this.#announcedAt < restMilliseconds) {
      if (this.#reached() < enough && child.exitCode !== null)
        throw new Error(`the job ended with ${child.exitCode} before segment ${enough}`)
      await sleep(50)
    }
  }

  async #end(): Promise<void> {
    if (!this.#job) return
    this.#job.kill()
    await this.#job.exited()
    this.problems.push(...this.#server!.problems())
    this.#job = null
  }

  #hear({ body, files }: RecordedRequest): void {
    if (files === undefined) return
    if (body.includes('<MPD')) this.#manifest = body
    for (const { open, name } of parseList(body)) if (!open) this.#announced.add(name)
    this.#announcedAt = performance.now()
  }

  #throttle(): boolean {
    const secondsAhead = (this.#reached() - this.#wanted) * this.#order.segmentSeconds
    this.#isThrottled = secondsAhead > (this.#isThrottled ? workSeconds : restSeconds)
    return this.#isThrottled
  }

  /** Number of the last segment that is there. */
  #reached(): number {
    return Math.max(-1, ...[...this.#announced].map(numberOf))
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
