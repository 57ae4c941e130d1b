import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordedRequest } from '../golden/recording.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { type Announcement, announcementsIn, rowsOf } from '../stand-in/announcements.ts'
import { type PlexMediaServer, startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder, type TranscoderProcess } from '../stand-in/transcoder-process.ts'
import type { Cluster } from './cluster.ts'
import { createPlayer, type Player } from './player.ts'
import { projectFolder } from './project.ts'
import { film } from './schedule.ts'

/** What the media server and the folder saw of one job of a session. */
export interface PlayedJob {
  readonly firstSegment: number
  /** The media server killed it, for a seek or because it did not go on. */
  readonly wasKilled: boolean
  readonly exit: number | null
  readonly stderr: string
  /** Where the server's own transcoder began; empty when it was not needed. */
  readonly handedBackAt: readonly number[]
  readonly announced: readonly Announcement[]
  /** Numbers of the finished rows of each list that was posted. */
  readonly lists: readonly (readonly number[])[]
  /** What the media server has stumbled over by now: refused requests; files that were missing, empty or changed later. */
  problems(): readonly string[]
  readonly directory: string
}

/** For how long there was nothing to play, milliseconds. */
export interface Stalled {
  /** For the player, which plays faster than any real one, so that it has little in hand when something happens. */
  readonly player: number
  /** For one that would have played in real time. */
  readonly viewer: number
}

/** A film that is being played, in one job or, after a seek, in several. */
export interface FilmSession {
  /** Segments announced so far, in all jobs. */
  announced(): number
  /** When each of them was, on the clock of performance.now(). */
  readonly announcedAtMs: readonly number[]
  /** Resolves when so many are announced; false when the film is over before. */
  reaches(announced: number): Promise<boolean>
  /** The media server asks for less, whatever the lead, as long as it is true. */
  isHeldBack: boolean
  /** How often it has asked for that; how often in all. */
  readonly reports: { heldBack: number; throttled: number }
  /** Kills the job and begins another one there. */
  seek(segment: number): Promise<void>
  /** The job's folder now. */
  directory(): string
  readonly isOver: boolean
  /** Resolves when the last job is over. */
  readonly ended: Promise<{
    readonly jobs: readonly PlayedJob[]
    readonly stalled: Stalled
    readonly isStuck: boolean
  }>
}

/** No announcement for so long: the session will never go on. */
const stuckAfterMs = 45_000

export interface FilmSessionOptions {
  readonly cluster: Cluster
  readonly mediaPath: string
  readonly playerSpeed: number
  readonly throttleAboveSeconds: number
}

export async function playFilm(options: FilmSessionOptions): Promise<FilmSession> {
  const session = new PlayedFilm(options)
  await session.begin(0)
  return session
}

interface RunningJob {
  readonly firstSegment: number
  readonly server: PlexMediaServer
  readonly process: TranscoderProcess
  readonly player: Player
  readonly viewer: Player
  readonly note: string
  wasKilled: boolean
}

class PlayedFilm implements FilmSession {
  isHeldBack = false
  isOver = false
  readonly reports = { heldBack: 0, throttled: 0 }
  readonly announcedAtMs: number[] = []
  readonly ended: FilmSession['ended']
  readonly #options: FilmSessionOptions
  readonly #seen = new Set<string>()
  readonly #jobs: PlayedJob[] = []
  #job: RunningJob | null = null
  #changing: Promise<void> = Promise.resolve()
  #movedMs = performance.now()
  #stalled: Stalled = { player: 0, viewer: 0 }
  #isStuck = false
  #settle: () => void = () => undefined
  #waiting: (() => void)[] = []

  constructor(options: FilmSessionOptions) {
    this.#options = options
    this.ended = new Promise<void>((resolve) => {
      this.#settle = resolve
    }).then(() => ({ jobs: this.#jobs, stalled: this.#stalled, isStuck: this.#isStuck }))
    void this.#watch()
  }

  announced(): number {
    return this.#seen.size
  }

  async reaches(announced: number): Promise<boolean> {
    while (this.announced() < announced) {
      if (this.isOver) return false
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return true
  }

  directory(): string {
    return this.#job?.process.directory ?? ''
  }

  seek(segment: number): Promise<void> {
    const changed = this.#changing.then(async () => {
      if (this.isOver) throw new Error('the film is over')
      const former = this.#job
      if (former) {
        former.wasKilled = true
        former.process.kill()
      }
      await this.begin(segment)
      if (former) await this.#close(former)
    })
    // Whoever seeks hears of it; what comes after goes on.
    this.#changing = changed.catch(() => undefined)
    return changed
  }

  async begin(firstSegment: number): Promise<void> {
    const { cluster, mediaPath, playerSpeed, throttleAboveSeconds } = this.#options
    const player = createPlayer(playerSpeed)
    const viewer = createPlayer(1)
    const serial = `${this.#jobs.length}-${Date.now()}`
    const note = join(cluster.folder, `note-${serial}`)
    const server: PlexMediaServer = await startPlexMediaServer({
      onRequest: (request) => this.#hear(request, serial, firstSegment, [player, viewer]),
      throttle: () => {
        if (this.isHeldBack) this.reports.heldBack += 1
        const isThrottled = this.isHeldBack || player.leadSeconds(performance.now()) > throttleAboveSeconds
        if (isThrottled) this.reports.throttled += 1
        return isThrottled
      },
    })
    const { segmentSeconds } = film
    const wish = firstSegment === 0 ? {} : { seek: firstSegment * segmentSeconds }
    const process = await startTranscoder({
      ...{ program: cluster.build.shim, server, mediaPath, sessions: cluster.sessions },
      args: hlsArguments({ segmentSeconds, ...wish }),
      environment: {
        PACELINE_HEAD: cluster.door,
        PACELINE_ORIGINAL: join(projectFolder, 'test/chaos/original.js'),
        ...{ NOTE: note, TMPDIR: cluster.temporary },
      },
    })
    const job = { firstSegment, server, process, player, viewer, note, wasKilled: false }
    this.#job = job
    void process.exited().then(() => {
      // A job that is killed for a seek has a successor.
      if (this.#job === job) this.#changing = this.#changing.then(() => this.#finish(job))
    })
  }

  #hear(request: RecordedRequest, serial: string, firstSegment: number, players: readonly Player[]): void {
    if (request.files === undefined) return
    const rows = rowsOf(request.body).filter(({ open }) => !open)
    for (const { name } of rows) this.#seen.add(`${serial} ${name}`)
    while (this.announcedAtMs.length < this.#seen.size) this.announcedAtMs.push(performance.now())
    const last = Math.max(-1, ...rows.map(({ name }) => numberOf(name)))
    const nowMs = performance.now()
    const announcedSeconds = (last + 1 - firstSegment) * film.segmentSeconds
    if (last >= 0) for (const player of players) player.announced(announcedSeconds, nowMs)
    this.#movedMs = performance.now()
    for (const tell of this.#waiting.splice(0)) tell()
  }

  async #finish(job: RunningJob): Promise<void> {
    if (this.#job !== job || this.isOver) return
    await this.#close(job)
    this.isOver = true
    for (const tell of this.#waiting.splice(0)) tell()
    this.#settle()
  }

  async #close(job: RunningJob): Promise<void> {
    const { exit, stderr } = await job.process.exited()
    const { server, process, firstSegment, wasKilled, player, viewer } = job
    const nowMs = performance.now()
    if (!wasKilled) {
      this.#stalled = {
        player: this.#stalled.player + player.stalledMs(nowMs),
        viewer: this.#stalled.viewer + viewer.stalledMs(nowMs),
      }
    }
    const { directory } = process
    this.#jobs.push({
      ...{ firstSegment, wasKilled, exit, stderr, directory },
      handedBackAt: await notesIn(job.note),
      announced: announcementsIn(server.requests),
      lists: server.requests
        .filter(({ files }) => files !== undefined)
        .map(({ body }) => rowsOf(body).flatMap(({ open, name }) => (open ? [] : [numberOf(name)]))),
      problems: server.problems,
    })
    await server.close()
  }

  /** A session that will never go on is ended, so that it can be judged. */
  async #watch(): Promise<void> {
    while (!this.isOver) {
      await sleep(200)
      if (performance.now() - this.#movedMs < stuckAfterMs || !this.#job) continue
      this.#isStuck = true
      this.#job.wasKilled = true
      this.#job.process.kill()
    }
  }
}

/** Number of a segment by its name. */
export const numberOf = (name: string): number => Number(/\d+/.exec(name)?.[0])

async function notesIn(path: string): Promise<number[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => (JSON.parse(line) as { first: number }).first)
}
