import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { readFrames } from '../clips/read-frames.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import type { Boards } from './sleeping-boards.ts'

/** Somebody who has begun to watch. */
export interface Viewer {
  /** Milliseconds from the start of the shim to the announcement of the first segment. */
  readonly startMs: number
  announced(): number
  untilAnnounced(count: number): Promise<void>
  /** The media server has enough from now on, or wants more. */
  hold(on: boolean): void
  /** Plays to the end: every frame of the film, once and in order, and nothing that the server complains of. */
  expectWhole(): Promise<void>
  /** Stops watching. */
  leave(): Promise<void>
}

const size = '640x360'

/** @param isHeld - from the first report on, as by {@link Viewer.hold} */
export async function beginToWatch(boards: Boards, seconds: number, isHeld = false): Promise<Viewer> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-sleep-viewer-'))
  let firstMs: number | undefined
  let beganMs = Number.POSITIVE_INFINITY
  const server = await startPlexMediaServer({
    throttle: () => isHeld,
    onRequest({ body }) {
      if (firstMs === undefined && /^media-\d+/m.test(body)) firstMs = performance.now() - beganMs
    },
  })
  const mediaPath = await makeClip({ seconds, size, audio: 'aac-48000' })
  beganMs = performance.now()
  const job = await startTranscoder({
    ...{ program: boards.head.shim, server, mediaPath, sessions: folder, args: hlsArguments({ size }) },
    environment: { PACELINE_HEAD: boards.head.door, PACELINE_ORIGINAL: '/bin/false' },
  })
  const announced = () =>
    new Set(server.requests.flatMap(({ body }) => body.match(/^media-\d+/gm) ?? [])).size
  const untilAnnounced = async (count: number): Promise<void> => {
    const giveUpAt = performance.now() + 30_000
    while (announced() < count) {
      if (performance.now() > giveUpAt)
        throw new Error(`${announced()} of ${count} segments in 30 s\n${boards.head.log()}`)
      await sleep(10)
    }
  }
  const leave = async () => {
    job.kill()
    await job.exited()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
  await untilAnnounced(1)
  return {
    ...{ startMs: firstMs!, announced, untilAnnounced, leave },
    hold(on) {
      isHeld = on
    },
    async expectWhole() {
      const { exit } = await job.exited()
      expect(exit, boards.head.log()).toBe(0)
      const segments = readdirSync(job.directory)
        .filter((name) => name.endsWith('.ts'))
        .toSorted()
      const { frames } = await readFrames(segments.map((name) => join(job.directory, name)))
      expect(frames.map(({ number }) => number)).toEqual([...Array(seconds * 25).keys()])
      expect(server.problems()).toEqual([])
      await leave()
    },
  }
}
