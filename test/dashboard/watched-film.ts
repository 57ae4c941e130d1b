import { link, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeClip } from '../clips/make-clip.ts'
import { parseList } from '../golden/compare-lists.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'

const segmentSeconds = 2

export interface WatchedFilmOptions {
  readonly shim: string
  /** `unix:/path` */
  readonly head: string
  /** Of the film's file, as the page will show it. */
  readonly title: string
  readonly seconds: number
  readonly size?: `${number}x${number}`
  /** Where the viewer has gone to, seconds. */
  readonly seek?: number
}

/** A film that somebody watches through the shim, as Plex would have it. */
export interface WatchedFilm {
  /** Numbers of the announced segments, in the order of their announcement. */
  announced(): number[]
  reaches(count: number): Promise<void>
  /** Waits for its end, and answers its exit code. */
  ended(): Promise<number | null>
  /** The viewer pauses: the server asks for less, or no longer. */
  pause(isPaused: boolean): void
  close(): Promise<void>
}

/** Starts a film whose original would fail: whatever is played was made by nodes. */
export async function watchFilm(options: WatchedFilmOptions): Promise<WatchedFilm> {
  const { shim, head, title, seconds, size = '640x360', seek } = options
  const folder = await mkdtemp(join(tmpdir(), 'paceline-watched-'))
  const mediaPath = join(folder, title)
  // The clip is kept for other tests, under a name of its own.
  await link(await makeClip({ seconds, size: '1280x720', audio: 'aac-48000' }), mediaPath)
  let isPaused = false
  const server = await startPlexMediaServer({ throttle: () => isPaused })
  const args = hlsArguments({ segmentSeconds, size, ...(seek !== undefined && { seek }) })
  const job = await startTranscoder({
    ...{ program: shim, server, args, sessions: folder, mediaPath },
    environment: { PACELINE_HEAD: head, PACELINE_ORIGINAL: '/bin/false' },
  })
  const announced = (): number[] => {
    const lists = server.requests.flatMap(({ method, body }) => (method === 'POST' ? parseList(body) : []))
    return [...new Set(lists.filter(({ open }) => !open).map(({ name }) => Number(/\d+/.exec(name)?.[0])))]
  }
  return {
    announced,
    async reaches(count) {
      while (announced().length < count) {
        if (job.child.exitCode !== null) throw new Error(`the job ended with ${job.child.exitCode}`)
        await sleep(20)
      }
    },
    ended: async () => (await job.exited()).exit,
    pause(wanted) {
      isPaused = wanted
    },
    async close() {
      job.kill()
      await job.exited()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
