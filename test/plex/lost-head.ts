import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeClip } from '../clips/make-clip.ts'
import { startPaceline } from '../fixture/paceline.ts'
import { parseList } from '../golden/compare-lists.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { hlsArguments } from './hls-arguments.ts'

/** Seconds of film, and of a segment: 40 of them. */
const filmSeconds = 80
const segmentSeconds = 2
const lastSegment = filmSeconds / segmentSeconds - 1

export interface LostHead {
  readonly exit: number | null
  /** From when the head was lost to when the original ran. */
  readonly handedBackMs: number
  /** Segments announced by the head, and by the original. */
  readonly before: readonly number[]
  readonly after: readonly number[]
  /** The lead when the head was lost, as the server would reckon it. */
  readonly leadSeconds: number
  /** Refused requests; announced files that were not there, or changed. */
  readonly problems: readonly string[]
  readonly args: readonly string[]
}

/** Plays a film, and takes the head away (`SIGKILL`) or stops it (`SIGSTOP`) once so many segments are announced. */
export async function loseHead(how: 'SIGKILL' | 'SIGSTOP', whenAnnounced: number): Promise<LostHead> {
  const paceline = await startPaceline({ nodes: 1 })
  const folder = await mkdtemp(join(tmpdir(), 'paceline-lost-'))
  const server = await startPlexMediaServer()
  try {
    const note = join(folder, 'note.json')
    const job = await startTranscoder({
      ...{ program: paceline.shim, server, args: hlsArguments({ segmentSeconds }), sessions: folder },
      mediaPath: await makeClip({ seconds: filmSeconds, size: '1280x720', audio: 'aac-48000' }),
      environment: {
        PACELINE_HEAD: paceline.head,
        PACELINE_ORIGINAL: join(import.meta.dirname, 'stand-in-original.js'),
        ...{ NOTE: note, LAST_SEGMENT: String(lastSegment) },
      },
    })
    const announced = () => [
      ...new Set(
        server.requests
          .flatMap(({ method, body }) => (method === 'POST' ? parseList(body) : []))
          .filter(({ open }) => !open)
          .map(({ name }) => Number(/\d+/.exec(name)?.[0])),
      ),
    ]
    const firstAt = await until(() => (announced().length > 0 ? Date.now() : null))
    await until(() => (announced().length >= whenAnnounced ? true : null))
    const lostAt = Date.now()
    const { pid } = JSON.parse(readFileSync(join(paceline.dataFolder, 'head.json'), 'utf8')) as {
      pid: number
    }
    // It would start the head again, to which the shim goes back: here there is none to go back to.
    process.kill(paceline.pid, 'SIGSTOP')
    process.kill(pid, how)
    const before = announced()
    const leadSeconds = before.length * segmentSeconds - (lostAt - firstAt) / 1000
    const { exit, stderr } = await job.exited()
    if (exit !== 0) throw new Error(`the original ended with ${exit}: ${stderr}`)
    if (how === 'SIGSTOP') {
      // What it wakes up to is not its any more.
      process.kill(pid, 'SIGCONT')
      await sleep(300)
    }
    const { at, args } = JSON.parse(readFileSync(note, 'utf8')) as { at: number; args: string[] }
    const all = announced()
    const last = Number(args[args.indexOf('-segment_start_number') + 1])
    return {
      ...{ exit, args, leadSeconds, handedBackMs: at - lostAt, problems: server.problems() },
      before: all.filter((segment) => segment < last),
      after: all.filter((segment) => segment >= last),
    }
  } finally {
    process.kill(paceline.pid, 'SIGCONT')
    await server.close()
    await paceline.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** How the whole film comes: each segment once, in order. */
export const wholeFilm = Array.from({ length: lastSegment + 1 }, (_, segment) => segment)

async function until<T>(find: () => T | null): Promise<T> {
  for (;;) {
    const found = find()
    if (found !== null) return found
    await sleep(5)
  }
}
