import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ids } from '../../src/container/matroska/ebml.ts'
import { elementAt, readElements } from '../../src/container/matroska/read-elements.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'
import { collect, withPath } from '../clips/media-input.ts'
import { readAudio } from '../clips/read-audio.ts'
import { readFrames } from '../clips/read-frames.ts'
import { codecNoise } from '../seams/expect-seamless.ts'
import { type JobWish, jobArguments, jobPlan } from '../seams/job-plan.ts'
import { everySegment, LeaseRunner, type MadeSession, uncut } from '../seams/lease-runner.ts'
import { largestDifference } from '../seams/seam-facts.ts'

/** A header file and the segments behind it. */
interface Segments {
  readonly header: Buffer
  readonly segments: readonly Buffer[]
}

const filesOf = ({ header, segments }: Segments): Buffer[] => [header, ...segments]

function segmentsOf({ segments }: MadeSession): Segments {
  return {
    header: Buffer.from(segments[0]!.header!),
    segments: segments.map(({ bytes }) => bytes),
  }
}

/** What FFmpeg's own muxer makes of the same command line in one run. */
async function referenceSegments(args: readonly string[]): Promise<Segments> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-matroska-'))
  try {
    const names = args.map((arg) => (arg === 'header' || arg === 'media-%05d.ts' ? join(folder, arg) : arg))
    await collect('ffmpeg', ['-nostdin', ...names])
    const numbered = (await readdir(folder)).filter((name) => name.startsWith('media-')).sort()
    return {
      header: await readFile(join(folder, 'header')),
      segments: await Promise.all(numbered.map((name) => readFile(join(folder, name)))),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Time, length and mark of a segment's packets as FFmpeg's demuxer reads them. */
interface Packets {
  readonly pictures: readonly string[]
  readonly sound: readonly string[]
}

async function packetsOf({ header, segments }: Segments): Promise<Packets[]> {
  const read = async (segment: Buffer): Promise<Packets> =>
    withPath([header, segment], async (path) => {
      const entries = ['-show_entries', 'packet=codec_type,pts,duration,flags', '-of', 'csv=p=0']
      const { stdout, stderr } = await collect('ffprobe', ['-v', 'warning', ...entries, path])
      expect(stderr).toBe('')
      const lines = stdout.toString().trim().split('\n')
      const ofKind = (kind: string) => lines.filter((line) => line.startsWith(kind))
      return { pictures: ofKind('video'), sound: ofKind('audio') }
    })
  return Promise.all(segments.map(read))
}

/** What of a track is told by its content: identities and defaults of the muxer are its own. */
const described: ReadonlySet<number> = new Set([
  ...[ids.trackNumber, ids.trackType, ids.codecId, ids.language, ids.flagLacing, ids.flagDefault],
  ids.defaultDuration,
])

export interface SegmentSource extends Omit<JobWish, 'path' | 'packaging'> {
  readonly clip: ClipOptions
}

/** Tests that Matroska segments of leases that are cut at every segment are those of one run of FFmpeg. */
export function describeSegments({ clip, ...options }: SegmentSource): void {
  const { container, rate, codec = 'h264' } = clip
  describe(`Matroska segments in ${options.encoder ?? 'libx264'} of ${container} in ${codec} at ${rate}, leases cut at every segment`, () => {
    let runner: LeaseRunner
    let made: Segments
    let whole: Segments
    let reference: Segments
    beforeAll(async () => {
      runner = await LeaseRunner.open()
      const wish: JobWish = { path: await makeClip(clip), packaging: 'matroska', ...options }
      const plan = await jobPlan(wish)
      const cuts = everySegment(plan)
      made = segmentsOf(await runner.make(plan, { video: cuts, audio: cuts }))
      whole = segmentsOf(await runner.make(plan, uncut))
      reference = await referenceSegments(jobArguments(wish, await probeMedia(wish.path)))
    }, 60_000)
    afterAll(() => runner.close())

    it('shows every frame when one run of FFmpeg shows it', async () => {
      const wanted = await readFrames(filesOf(reference))
      expect(await readFrames(filesOf(made))).toEqual(wanted)
      expect(wanted.frames.length).toBeGreaterThan(90)
    })

    it('has every picture in the segment and at the time of FFmpeg', async () => {
      const pictures = (all: readonly Packets[]) => all.map((packets) => packets.pictures)
      expect(pictures(await packetsOf(made))).toEqual(pictures(await packetsOf(reference)))
    })

    it('has all sound of FFmpeg, but none held back into the next segment', async () => {
      const [actual, expected] = [await packetsOf(made), await packetsOf(reference)]
      expect(actual.flatMap(({ sound }) => sound)).toEqual(expected.flatMap(({ sound }) => sound))
      for (const [index, { sound }] of actual.slice(1).entries()) {
        // Its muxer keeps a frame of sound until the packet behind it, which may be the next segment's key frame.
        const [, second] = expected[index + 1]!.sound
        expect([expected[index + 1]!.sound[0], second]).toContain(sound[0])
      }
    })

    it('sounds like an uncut lease, but for its encoder’s noise', async () => {
      const [cut, uncutSound] = [await readAudio(filesOf(made)), await readAudio(filesOf(whole))]
      expect(cut.samples.length).toBe(uncutSound.samples.length)
      const seconds = cut.samples.length / cut.channels / cut.sampleRate
      expect(largestDifference(cut, uncutSound, 0, seconds - 0.15)).toBeLessThan(codecNoise)
    })

    it('has the header of one uncut lease, byte for byte', () => {
      expect(made.header.equals(whole.header)).toBe(true)
    })

    it('describes the tracks as FFmpeg does', () => {
      const tracks = ({ header }: Segments) =>
        readElements(elementAt(header, ids.segment, ids.tracks))
          .filter(({ id }) => id === ids.trackEntry)
          .map(({ content }) => {
            const facts = readElements(content).filter(({ id }) => described.has(id))
            return facts.map(({ id, content }) => `${id.toString(16)} ${content.toString('hex')}`).sort()
          })
      expect(tracks(made)).toEqual(tracks(reference))
    })

    it('begins each segment with a key frame and a cluster of its own', () => {
      for (const segment of made.segments) {
        const [cluster] = readElements(segment)
        expect(cluster!.id).toBe(ids.cluster)
        const [time, block] = readElements(cluster!.content)
        expect(time!.id).toBe(ids.timestamp)
        // Track 1, no milliseconds after the cluster, a key frame.
        expect(block!.content.subarray(0, 4).toString('hex')).toBe('81000080')
      }
    })
  })
}
