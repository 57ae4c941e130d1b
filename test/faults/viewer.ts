import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type ClipOptions, clipFrames, makeClip } from '../clips/make-clip.ts'
import { readAudio } from '../clips/read-audio.ts'
import { readFrames } from '../clips/read-frames.ts'
import type { RunningPaceline } from '../fixture/paceline.ts'
import { parseList } from '../golden/compare-lists.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { oddSteps } from '../seams/seam-facts.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder, type TranscoderProcess } from '../stand-in/transcoder-process.ts'

/** A film that is being played through a head, as the media server sees it. */
export interface Viewer {
  readonly job: TranscoderProcess
  /** Segments that have been announced, in order. */
  announced(): readonly number[]
  /** Resolves when so many are. */
  untilAnnounced(count: number): Promise<void>
  /**
   * Waits for the end and expects that the viewer has had the whole film: every frame once, in its place, the sound
   * without a gap, and nothing that was announced changed after it.
   */
  expectWholeFilm(): Promise<void>
  close(): Promise<void>
}

export interface ViewerOptions {
  readonly seconds: number
  /** Of what is made: larger ones take longer. */
  readonly size?: `${number}x${number}`
  readonly clip?: ClipOptions
}

/** Ticks of 1/90000 s from frame to frame of AAC at 48 kHz. */
const soundTicks = 1_920
const segmentSeconds = 2
const framesPerSecond = 25

export async function startViewer(paceline: RunningPaceline, options: ViewerOptions): Promise<Viewer> {
  const sessions = await mkdtemp(join(tmpdir(), 'paceline-viewer-'))
  const server = await startPlexMediaServer()
  const clip: ClipOptions = {
    ...{ seconds: options.seconds, rate: '25', size: '640x360', audio: 'aac-48000' },
    ...options.clip,
  }
  const job = await startTranscoder({
    ...{ program: paceline.shim, server, sessions },
    args: hlsArguments({ size: options.size ?? '640x360', segmentSeconds }),
    mediaPath: await makeClip(clip),
    environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
  })
  const announced = (): readonly number[] => {
    const rows = server.requests.flatMap(({ method, body }) => (method === 'POST' ? parseList(body) : []))
    return [...new Set(rows.filter(({ open }) => !open).map(({ name }) => Number(/\d+/.exec(name)?.[0])))]
  }
  const pathOf = (segment: number) => join(job.directory, `media-${String(segment).padStart(5, '0')}.ts`)
  const digestOf = (segment: number) =>
    existsSync(pathOf(segment))
      ? createHash('sha256')
          .update(readFileSync(pathOf(segment)))
          .digest('hex')
      : 'not there'
  const digests = new Map<number, string>()
  const look = setInterval(() => {
    for (const segment of announced()) if (!digests.has(segment)) digests.set(segment, digestOf(segment))
  }, 100)
  return {
    job,
    announced,
    async untilAnnounced(count) {
      while (announced().length < count) {
        if (job.child.exitCode !== null) throw new Error(`the job ended early\n${paceline.log()}`)
        await sleep(10)
      }
    },
    async expectWholeFilm() {
      const { exit, stderr } = await job.exited()
      clearInterval(look)
      expect(exit, `${stderr}\n${paceline.log()}`).toBe(0)
      const frames = clipFrames(clip)
      const count = Math.ceil(frames / (segmentSeconds * framesPerSecond))
      expect(announced()).toEqual([...Array(count).keys()])
      for (const [segment, digest] of digests) expect(digestOf(segment), `segment ${segment}`).toBe(digest)
      expect(server.problems()).toEqual([])
      const files = [...Array(count).keys()].map(pathOf)
      const read = await readFrames(files)
      const step = 90_000 / framesPerSecond
      expect(read.frames.map(({ number, pts }) => [number, pts - read.frames[0]!.pts])).toEqual(
        Array.from({ length: frames }, (_, number) => [number, number * step]),
      )
      expect(oddSteps(await readAudio(files), soundTicks)).toEqual([])
    },
    async close() {
      clearInterval(look)
      job.kill()
      await job.exited()
      await server.close()
      await rm(sessions, { recursive: true, force: true })
    },
  }
}
