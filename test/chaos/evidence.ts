import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { collect, withPath } from '../clips/media-input.ts'
import { readFrames } from '../clips/read-frames.ts'
import { listFiles } from '../stand-in/session-listing.ts'
import type { Cluster } from './cluster.ts'
import type { PlayedJob } from './film-session.ts'
import type { JudgedFrame, JudgedJob } from './judge.ts'
import { isEncoder } from './processes.ts'

/** Where the first picture of the film is shown: twice `-max_delay` (FFmpeg's muxer) and `output_ts_offset` of Plex's job. */
const outputOffsetSeconds = 2 * 5 + 10

/** Looks at what a job has left, when nobody can change it any more. */
export async function lookAtJob(job: PlayedJob): Promise<JudgedJob> {
  const paths = job.announced.map(({ name }) => join(job.directory, name))
  const common = { ...job, problems: job.problems(), files: listFiles(job.directory).map(([name]) => name) }
  if (paths.length === 0) return { ...common, frames: [], soundSteps: [] }
  try {
    const [frames, soundSteps] = await Promise.all([framesOf(paths), soundStepsOf(paths)])
    return { ...common, frames, soundSteps }
  } catch (error) {
    return {
      ...common,
      frames: { unreadable: String((error as Error).message).slice(0, 300) },
      soundSteps: [],
    }
  }
}

async function framesOf(paths: readonly string[]): Promise<JudgedFrame[]> {
  const { frames, timeBase } = await readFrames(paths)
  const secondsPerTick = timeBase.num / timeBase.den
  return frames.map(({ number, pts }) => ({ number, seconds: pts * secondsPerTick - outputOffsetSeconds }))
}

/** A frame of AAC is 1024 samples long. */
const soundFrameSeconds = 1024 / 48_000

async function soundStepsOf(paths: readonly string[]): Promise<number[]> {
  const { stdout } = await withPath(paths, (path) =>
    collect('ffprobe', [
      ...[
        '-v',
        'error',
        '-select_streams',
        'a:0',
        '-show_entries',
        'packet=pts_time',
        '-of',
        'csv=p=0',
        path,
      ],
    ]),
  )
  const times = stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map(Number.parseFloat)
  const steps = times.slice(1).map((time, index) => time - times[index]!)
  return steps.filter((step) => Math.abs(step - soundFrameSeconds) > 0.0005)
}

/** A session's last doings may take so long. */
const quietWithinMs = 8_000

/** What is left of sessions in the cluster when none should be, once it has had time to tidy up. */
export async function whatIsLeft(cluster: Cluster): Promise<string[]> {
  const giveUpAt = performance.now() + quietWithinMs
  for (;;) {
    const left = await leftNow(cluster)
    if (left.length === 0 || performance.now() > giveUpAt) return left
    await sleep(100)
  }
}

async function leftNow(cluster: Cluster): Promise<string[]> {
  const status = await cluster.status()
  const encoders = cluster.processes().filter(isEncoder)
  const folders = [
    join(cluster.headFolder, 'staging'),
    ...cluster.nodes().map(({ folder }) => join(folder, 'node', 'files')),
    cluster.temporary,
  ]
  const files = (await Promise.all(folders.map(filesBelow))).flat()
  return [
    ...(status === null ? ['no head answers'] : []),
    ...(status?.sessions ?? []).map(({ id }) => `session ${id} is still there`),
    ...encoders.map(({ pid, words }) => `encoder ${pid} is still there: ${words.join(' ').slice(0, 120)}`),
    ...files.map((path) => `${path} is left`),
  ]
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
