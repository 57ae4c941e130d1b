import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeClip } from '../clips/make-clip.ts'
import { readFrames } from '../clips/read-frames.ts'
import type { RunningPaceline } from '../fixture/paceline.ts'
import { parseList } from '../golden/compare-lists.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'

const segmentSeconds = 2
const framesPerSecond = 25

/** What came of a film, from the files that were announced. */
export interface PlayedFilm {
  readonly exit: number | null
  /** Numbers of the announced segments, in order. */
  readonly segments: readonly number[]
  /** Numbers read from the pictures. */
  readonly frames: readonly number[]
  /** Refused requests; announced files that are missing or have changed. */
  readonly problems: readonly string[]
}

/** A film that is being played through the shim, by a media server that watches everything. */
export interface PlayingFilm {
  announced(): number[]
  /** Resolves when so many segments are announced, with the milliseconds that took; throws when the job ends before. */
  reaches(count: number): Promise<number>
  /** Waits for its end. */
  played(): Promise<PlayedFilm>
  close(): Promise<void>
}

/** What a film of so many seconds has to be. */
export const wholeFilm = (seconds: number): PlayedFilm => ({
  exit: 0,
  segments: Array.from({ length: seconds / segmentSeconds }, (_, segment) => segment),
  frames: Array.from({ length: seconds * framesPerSecond }, (_, frame) => frame),
  problems: [],
})

/** Starts a job whose original would fail: whatever is played was made by nodes. */
export async function playFilm(
  { shim, head }: Pick<RunningPaceline, 'shim' | 'head'>,
  { seconds, size = '640x360' }: { seconds: number; size?: `${number}x${number}` },
): Promise<PlayingFilm> {
  const sessions = await mkdtemp(join(tmpdir(), 'paceline-playing-'))
  const server = await startPlexMediaServer()
  const job = await startTranscoder({
    ...{ program: shim, server, args: hlsArguments({ segmentSeconds, size }), sessions },
    mediaPath: await makeClip({ seconds, size: '1280x720', audio: 'aac-48000' }),
    environment: { PACELINE_HEAD: head, PACELINE_ORIGINAL: '/bin/false' },
  })
  const announced = (): number[] => {
    const lists = server.requests.flatMap(({ method, body }) => (method === 'POST' ? parseList(body) : []))
    return [...new Set(lists.filter(({ open }) => !open).map(({ name }) => Number(/\d+/.exec(name)?.[0])))]
  }
  return {
    announced,
    async reaches(count) {
      const startedMs = performance.now()
      while (announced().length < count) {
        if (job.child.exitCode !== null) throw new Error(`the job ended with ${job.child.exitCode}`)
        await sleep(5)
      }
      return performance.now() - startedMs
    },
    async played() {
      const { exit } = await job.exited()
      const segments = announced()
      const names = segments.map((segment) => `media-${String(segment).padStart(5, '0')}.ts`)
      const { frames } = await readFrames(names.map((name) => join(job.directory, name)))
      return { exit, segments, frames: frames.map(({ number }) => number), problems: server.problems() }
    },
    async close() {
      job.kill()
      await job.exited()
      await server.close()
      await rm(sessions, { recursive: true, force: true })
    },
  }
}
