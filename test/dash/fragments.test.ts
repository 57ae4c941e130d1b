import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBoxes } from '../../src/container/mp4/box.ts'
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

/** What an init segment says; of HEVC without the notes of the encoder that FFmpeg lists among its parameter sets. */
function described(init: Buffer) {
  const { sampleEntry, ...facts } = readInitSegment(init)
  const fields = sampleEntry.subarray(8, 8 + pictureFields)
  if (facts.entryType !== 'hev1') return { ...facts, sampleEntry }
  const boxes = readBoxes(sampleEntry.subarray(8 + pictureFields)).map(({ type, content }) => ({
    type,
    content: type === 'hvcC' ? [content.subarray(0, 22), ...parameterSets(content)] : content,
  }))
  return { ...facts, fields, boxes }
}

/** Bytes of a picture's sample entry before the boxes in it, and of a configuration record before its lists. */
const pictureFields = 78
const recordFields = 23
const noteType = 39

function parameterSets(record: Buffer): string[] {
  const sets: string[] = []
  for (let at = recordFields; at < record.length; ) {
    const type = record[at]! & 0x3f
    const count = record.readUInt16BE(at + 1)
    at += 3
    for (let unit = 0; unit < count; unit += 1) {
      const end = at + 2 + record.readUInt16BE(at)
      if (type !== noteType) sets.push(`${type} ${record.toString('hex', at + 2, end)}`)
      at = end
    }
  }
  return sets
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
  {
    clip: { container: 'mp4', rate: '25', audio: 'ac3', seconds: 5 },
    segmentSeconds: '2',
    encoder: 'libx265',
  },
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

describe.each(sources)('DASH of $clip, leases cut at every segment', ({ clip, ...options }) => {
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
    const [picture, sound] = [made.picture, made.sound!].map(({ init }) => described(init))
    expect(picture).toEqual(described(reference.picture.init))
    expect(sound).toEqual(described(reference.sound.init))
  })
  it('has indexes and numbers that fit', () => {
    expect(faultsOf(made.picture, 1)).toEqual([])
    expect(faultsOf(made.sound!, 1)).toEqual([])
    // The same of FFmpeg's own, so that the check can be trusted.
    expect(faultsOf(reference.picture, 1)).toEqual([])
  })
})

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
