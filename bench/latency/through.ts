import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodersOf, isAlive } from '../process-facts.ts'
import { plainEnvironment, shimProgram, start } from '../programs.ts'
import type { BenchRow } from '../row.ts'
import type { EncoderStamp } from './encoder-stamp.ts'
import { jobArguments } from './film-job.ts'
import type { MediaServer } from './media-server.ts'

export interface ThroughTimes {
  /** Milliseconds from before the spawn of the shim to the exec of the ffmpeg that makes the pictures. */
  readonly encoderMs: number
  /** Until the first segment was in place and announced. */
  readonly firstSegmentMs: number
  /** From the SIGKILL of the shim to the end of the last ffmpeg of its nodes. */
  readonly killMs: number
}

export interface ThroughOrder {
  readonly clip: string
  readonly row: BenchRow
  readonly stamp: EncoderStamp
  readonly server: MediaServer
  readonly folder: string
}

const patienceMs = 60_000
const killPatienceMs = 30_000

/** Sends a job through the shim as Plex would, kills it when its first segment is announced, and times all of it. */
export async function measureThrough({
  clip,
  row,
  stamp,
  server,
  folder,
}: ThroughOrder): Promise<ThroughTimes> {
  const directory = await mkdtemp(join(folder, 'through-'))
  await stamp.clear()
  const announced = server.firstSegment(directory)
  const startedAt = performance.now()
  const child = start([shimProgram, ...jobArguments(clip, server.url)], {
    cwd: directory,
    stdio: 'ignore',
    env: { ...plainEnvironment(), PACELINE_HEAD: row.head, PACELINE_ORIGINAL: '/bin/false' },
  })
  const closed = once(child, 'close')
  const early = closed.then(([code]) =>
    Promise.reject(new Error(`the shim ended with ${code}: ${row.log()}`)),
  )
  const late = sleep(patienceMs, null, { ref: false }).then(() =>
    Promise.reject(new Error(`nothing came: ${row.log()}`)),
  )
  try {
    const firstSegmentMs = (await Promise.race([announced, early, late])) - startedAt
    const encoderMs = (await stamp.firstStart()) - startedAt
    const encoders = row.nodePids.flatMap((pid) => encodersOf(pid))
    const killedAt = performance.now()
    child.kill('SIGKILL')
    await untilGone(encoders)
    const killMs = performance.now() - killedAt
    const left = row.nodePids.flatMap((pid) => encodersOf(pid))
    if (encoders.length === 0 || left.length > 0) {
      throw new Error(
        `${encoders.length} encoders ran at the kill, ${left.length} others were started after it`,
      )
    }
    return { encoderMs, firstSegmentMs, killMs }
  } finally {
    for (const outcome of [early, late]) outcome.catch(() => undefined)
    child.kill('SIGKILL')
    await closed
    await rm(directory, { recursive: true, force: true })
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  const giveUpAt = performance.now() + killPatienceMs
  while (pids.some(isAlive)) {
    if (performance.now() > giveUpAt)
      throw new Error(`encoders still run ${killPatienceMs} ms after the shim was killed`)
    await sleep(1)
  }
}
