import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readInitSegment, readMediaSegment } from '../../src/container/mp4/read-segments.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { makeClip } from '../clips/make-clip.ts'
import { readFrames } from '../clips/read-frames.ts'
import { type JobWish, jobArguments, jobPlan } from '../seams/job-plan.ts'
import { everySegment, LeaseRunner, uncut } from '../seams/lease-runner.ts'
import { type Fragments, type MadeDash, makeFragments, referenceDash } from './make-fragments.ts'

let runner: LeaseRunner
beforeAll(async () => {
  runner = await LeaseRunner.open()
})
afterAll(() => runner.close())

/** Every sample of every segment, as a player that honours the edit list times it, in ticks. */
function samplesOf({ init, segments }: Fragments): string[][] {
  const { delay } = readInitSegment(init)
  return segments.map((bytes) =>
    readMediaSegment(bytes).samples.map(
      ({ showTime, duration, isSync }) => `${showTime - delay} for ${duration}${isSync ? ' sync' : ''}`,
    ),
  )
}

describe('fragments of leases cut at every segment', () => {
  const wish: Omit<JobWish, 'path'> = { packaging: 'dash', segmentSeconds: '1', rate: '25', firstSegment: 1 }
  let made: MadeDash
  let whole: MadeDash
  let reference: Awaited<ReturnType<typeof referenceDash>>
  beforeAll(async () => {
    const path = await makeClip({ codec: 'h264', container: 'mkv', rate: '25', seconds: 5, audio: 'ac3' })
    const plan = await jobPlan({ ...wish, path })
    const cuts = everySegment(plan)
    made = await makeFragments(runner, plan, { video: cuts, audio: cuts })
    whole = await makeFragments(runner, plan, uncut)
    reference = await referenceDash(jobArguments({ ...wish, path }, await probeMedia(path)))
  }, 60_000)

  it('show every frame where the one run of FFmpeg shows it', async () => {
    const wanted = await readFrames([reference.picture.init, ...reference.picture.segments])
    const got = await readFrames([made.picture.init, ...made.picture.segments])
    expect(got).toEqual(wanted)
  })
  it('time every picture as FFmpeg does', () => {
    expect(samplesOf(made.picture)).toEqual(samplesOf(reference.picture))
  })
  it('time every frame of sound as FFmpeg does', () => {
    expect(samplesOf(made.sound!)).toEqual(samplesOf(reference.sound))
  })
  it('have init segments', () => {
    expect(made.picture.init.toString('hex')).toEqual(whole.picture.init.toString('hex'))
    expect(readInitSegment(made.picture.init).sampleEntry.toString('hex')).toEqual(
      readInitSegment(reference.picture.init).sampleEntry.toString('hex'),
    )
    expect(readInitSegment(made.sound!.init).sampleEntry.toString('hex')).toEqual(
      readInitSegment(reference.sound.init).sampleEntry.toString('hex'),
    )
  })
})
