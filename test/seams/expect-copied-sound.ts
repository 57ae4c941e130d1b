import { mkdtemp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { probeMedia } from '../../src/media/probe.ts'
import { pendingOf } from '../../src/plan/pending.ts'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'
import { collect } from '../clips/media-input.ts'
import { packetsOf } from './copied-job.ts'
import { type JobWish, jobArguments, jobPlan } from './job-plan.ts'
import { type Cuts, everySegment, type LeaseRunner, uncut } from './lease-runner.ts'
import { makeFilm, type Step } from './strange/source-kit.ts'

interface Packet {
  readonly ticks: number
  readonly digest: string
}

/** By file: its packets of sound; in a PES packet with several frames only the first says a time, others 0. */
export async function copiedSoundOf(files: readonly string[]): Promise<Packet[][]> {
  const read = await packetsOf(files, 'a', 'pts,data_hash')
  const packet = (row: string): Packet => {
    const [ticks = '', digest = ''] = row.split(',')
    return { ticks: Number(ticks), digest }
  }
  return read.map((rows) => rows.filter((row) => row.includes(',')).map(packet))
}

/** What FFmpeg makes of the server's own words. */
async function serversOwn(wish: JobWish, folder: string): Promise<string[]> {
  const own = await mkdtemp(join(folder, 'own-'))
  const args = jobArguments(wish, await probeMedia(wish.path))
  await collect('ffmpeg', [...args.slice(0, -1), join(own, '%05d.ts')])
  return (await readdir(own)).sort().map((name) => join(own, name))
}

const digests = (files: readonly Packet[][]) => files.map((file) => file.map(({ digest }) => digest))
const times = (files: readonly Packet[][]) => files.flat().map(({ ticks }) => ticks)

/** How far the times of two are apart at the most, in ticks of a 90000th. */
function apart(left: readonly number[], right: readonly number[]): number {
  expect(left.length).toBe(right.length)
  return Math.max(...left.map((ticks, index) => Math.abs(ticks - right[index]!)))
}

/** A container that counts in milliseconds leaves a lease that begins in the middle within one of them. */
export const millisecond = 90

export interface CopiedFilm {
  readonly clip: ClipOptions
  /** What is done to it, for one whose sound is not there from its beginning to its end. */
  readonly steps?: readonly Step[]
  readonly job?: Partial<JobWish>
  /** Ticks by which times of leases that begin in the middle may be beside. */
  readonly most: number
}

/**
 * A session whose sound is copied has the very packets that FFmpeg makes of the server's own words, in the same files; and
 * so has one whose leases of sound are cut at every segment.
 */
export async function expectCopied(
  runner: LeaseRunner,
  folder: string,
  { clip, steps, job, most }: CopiedFilm,
  ends: readonly NonNullable<Cuts['end']>[],
): Promise<void> {
  const usual = { rate: '25', ...clip } as const
  const path = await (steps ? makeFilm({ clip: usual, steps }) : makeClip(usual))
  const wish: JobWish = { path, sound: { encoder: 'copy', rate: 0 }, ...job }
  const plan = await jobPlan(wish)
  expect(pendingOf(plan)).toEqual([])
  const whole = await runner.make(plan, uncut)
  const own = await copiedSoundOf(await serversOwn(wish, folder))
  const made = await copiedSoundOf(whole.files)
  expect(own.flat().length).toBeGreaterThan(50)
  expect(digests(made)).toEqual(digests(own))
  // Of several frames in one PES packet only the first has a time of its own.
  expect(apart(times(made), times(own))).toBeLessThanOrEqual(millisecond)
  for (const end of ends) {
    const cuts = { video: [], audio: everySegment(plan), end }
    const pieces = await copiedSoundOf((await runner.make(plan, cuts)).files)
    expect(digests(pieces)).toEqual(digests(made))
    expect(apart(times(pieces), times(made))).toBeLessThanOrEqual(most)
  }
  if (steps) return
  // As it goes into the server's list.
  for (const { endAudioSeconds, endVideoSeconds } of whole.segments)
    expect(Math.abs(endAudioSeconds - endVideoSeconds)).toBeLessThan(0.2)
}
