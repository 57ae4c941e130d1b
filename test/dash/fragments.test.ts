import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readInitSegment, readMediaSegment } from '../../src/container/mp4/read-segments.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { makeClip } from '../clips/make-clip.ts'
import { collect, withPath } from '../clips/media-input.ts'
import { readFrames } from '../clips/read-frames.ts'
import { type JobWish, jobArguments, jobPlan } from '../seams/job-plan.ts'
import { everySegment, LeaseRunner, uncut } from '../seams/lease-runner.ts'
import { type Fragments, type MadeDash, makeFragments, referenceDash } from './make-fragments.ts'

let runner: LeaseRunner
beforeAll(async () => {
  runner = await LeaseRunner.open()
})
afterAll(() => runner.close())

const filesOf = ({ init, segments }: Fragments): Buffer[] => [init, ...segments]

/** Every sample of every segment, as a player that honours the edit list times it, in ticks. */
function samplesOf({ init, segments }: Fragments): string[][] {
  const { delay } = readInitSegment(init)
  return segments.map((bytes) =>
    readMediaSegment(bytes).samples.map(
      ({ showTime, duration, isSync }) => `${showTime - delay} for ${duration}${isSync ? ', sync' : ''}`,
    ),
  )
}

/** Index entries against what follows them, and sequence numbers: empty when all is well. */
function faultsOf({ segments }: Fragments, firstNumber: number): string[] {
  return segments.flatMap((bytes, place) => {
    const { index, samples, sequenceNumber } = readMediaSegment(bytes)
    const duration = samples.reduce((sum, sample) => sum + sample.duration, 0)
    return [
      ...(sequenceNumber === firstNumber + place ? [] : [`segment ${place} has number ${sequenceNumber}`]),
      ...(index.start === samples[0]?.decodeTime ? [] : [`segment ${place} is indexed at ${index.start}`]),
      ...(index.duration === duration ? [] : [`segment ${place} is indexed with ${index.duration}`]),
    ]
  })
}

/** Packets as FFmpeg's own demuxer reads them: time shown, time decoded, duration. */
async function packetsOf(fragments: Fragments): Promise<string[]> {
  return withPath(filesOf(fragments), async (path) => {
    const entries = ['-show_entries', 'packet=pts,dts,duration', '-of', 'csv=p=0']
    const { stdout, stderr } = await collect('ffprobe', ['-v', 'warning', ...entries, path])
    expect(stderr).toBe('')
    return stdout.toString().split('\n')
  })
}

const sources: readonly (Omit<JobWish, 'path'> & { readonly clip: Parameters<typeof makeClip>[0] })[] = [
  { clip: { container: 'mkv', rate: '25', audio: 'ac3', seconds: 5 }, rate: '25', segmentSeconds: '2' },
  {
    clip: {
      container: 'mp4',
      rate: '24000/1001',
      audio: 'aac-44100',
      codec: 'hevc',
      openGop: true,
      seconds: 5,
    },
    ...{ rate: '24000/1001', segmentSeconds: '2' },
  },
]

describe.each(sources)(
  'DASH of $clip.container at $rate, leases cut at every segment',
  ({ clip, ...options }) => {
    const wish: Omit<JobWish, 'path'> = { packaging: 'dash', firstSegment: 1, ...options }
    let made: MadeDash
    let whole: MadeDash
    let reference: Awaited<ReturnType<typeof referenceDash>>
    beforeAll(async () => {
      const path = await makeClip(clip)
      const plan = await jobPlan({ ...wish, path })
      const cuts = everySegment(plan)
      made = await makeFragments(runner, plan, { video: cuts, audio: cuts })
      whole = await makeFragments(runner, plan, uncut)
      reference = await referenceDash(jobArguments({ ...wish, path }, await probeMedia(path)))
    }, 60_000)

    it('shows every frame when one run of FFmpeg shows it', async () => {
      const wanted = await readFrames(filesOf(reference.picture))
      expect(await readFrames(filesOf(made.picture))).toEqual(wanted)
      expect(wanted.frames.length).toBeGreaterThan(100)
    })
    it('times pictures in segments as FFmpeg does', () => {
      expect(samplesOf(made.picture)).toEqual(samplesOf(reference.picture))
    })
    it('times frames of sound in segments as FFmpeg does, the short last one too', () => {
      expect(samplesOf(made.sound!)).toEqual(samplesOf(reference.sound))
    })
    it('is read by FFmpeg like its own: times shown and decoded, durations', async () => {
      expect(await packetsOf(made.picture)).toEqual(await packetsOf(reference.picture))
      expect(await packetsOf(made.sound!)).toEqual(await packetsOf(reference.sound))
    })
    it('has init segments that are those of one uncut lease, byte for byte', () => {
      expect(made.picture.init.equals(whole.picture.init)).toBe(true)
      expect(made.sound!.init.equals(whole.sound!.init)).toBe(true)
    })
    it('describes pictures and sound in the bytes that FFmpeg writes', () => {
      const [picture, sound] = [made.picture, made.sound!].map(({ init }) => readInitSegment(init))
      expect(picture).toEqual(readInitSegment(reference.picture.init))
      expect(sound).toEqual(readInitSegment(reference.sound.init))
    })
    it('has indexes and numbers that fit', () => {
      expect(faultsOf(made.picture, 1)).toEqual([])
      expect(faultsOf(made.sound!, 1)).toEqual([])
      // The same of FFmpeg's own, so that the check can be trusted.
      expect(faultsOf(reference.picture, 1)).toEqual([])
    })
  },
)

describe('DASH after a seek', () => {
  it('lies where the source does, from the number asked for on', async () => {
    const path = await makeClip({ container: 'mkv', rate: '25', seconds: 5, audio: 'ac3' })
    const plan = await jobPlan({ path, packaging: 'dash', rate: '25', seek: '2.013', firstSegment: 3 })
    const { picture, sound, made } = await makeFragments(runner, plan, {
      video: everySegment(plan),
      audio: [],
    })
    // The first frame at or after the seek is number 51: 2.04 s.
    const { frames, timeBase } = await readFrames(filesOf(picture))
    expect(frames.map(({ number }) => number)).toEqual(Array.from({ length: 74 }, (_, index) => 51 + index))
    expect((frames[0]!.pts * timeBase.num) / timeBase.den).toBeCloseTo(2.04, 6)
    expect(made.map(({ picture: { number } }) => number)).toEqual([3, 4, 5])
    expect(faultsOf(picture, 3)).toEqual([])
    // Sound lies on the grid of the seek itself, its priming before it.
    const first = readMediaSegment(sound!.segments[0]!).samples[0]!
    expect(first.showTime - readInitSegment(sound!.init).delay).toBe(Math.round(2.013 * 48_000) - 1_024)
  }, 60_000)
})
