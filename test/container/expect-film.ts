import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBoxes } from '../../src/container/mp4/box.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'
import { collect, withPath } from '../clips/media-input.ts'
import { readAudio } from '../clips/read-audio.ts'
import { readFrames } from '../clips/read-frames.ts'
import { codecNoise } from '../seams/expect-seamless.ts'
import { type JobWish, jobArguments, jobPlan } from '../seams/job-plan.ts'
import { everySegment, LeaseRunner, type MadeSession, uncut } from '../seams/lease-runner.ts'
import { largestDifference } from '../seams/seam-facts.ts'

/** The file that a session's pieces make. */
function filmOf({ segments }: MadeSession): Buffer {
  const pieces = segments.flatMap((segment) => segment.pieces ?? [])
  const size = Math.max(...pieces.map(({ position, bytes }) => position + bytes.length))
  const film = Buffer.alloc(size)
  for (const { position, bytes } of pieces) bytes.copy(film, position)
  return film
}

/** What FFmpeg makes of the same command line in one run, its key frames where ours are. */
async function referenceFilm(args: readonly string[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-film-'))
  try {
    const path = join(folder, 'film')
    await collect('ffmpeg', ['-nostdin', ...args.slice(0, -1), path])
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Packets of a kind as FFmpeg's demuxer reads them. */
async function packetsOf(film: Buffer, kind: 'v' | 'a'): Promise<string[]> {
  return withPath(film, async (path) => {
    const entries = ['-select_streams', `${kind}:0`, '-show_entries', 'packet=pts,dts,duration,flags']
    const { stdout, stderr } = await collect('ffprobe', ['-v', 'warning', ...entries, '-of', 'csv=p=0', path])
    expect(stderr).toBe('')
    return stdout.toString().trim().split('\n')
  })
}

interface Described {
  readonly streams: readonly Record<string, unknown>[]
  readonly format: Record<string, unknown>
}

/** What FFmpeg says of a file, but how long the sound is: {@link packetsOf} tells. */
async function describedBy(film: Buffer): Promise<Described> {
  return withPath(film, async (path) => {
    const entries =
      'stream=codec_name,codec_type,profile,width,height,sample_aspect_ratio,r_frame_rate,avg_frame_rate,' +
      'time_base,start_pts,duration_ts,nb_frames,sample_rate,channels:format=start_time'
    const { stdout } = await collect('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      entries,
      '-of',
      'json',
      path,
    ])
    const { streams, format }: Described = JSON.parse(stdout.toString())
    return {
      streams: streams.map(({ duration_ts, ...stream }) => ({
        ...stream,
        ...(stream.codec_type === 'video' && { duration_ts }),
      })),
      format,
    }
  })
}

/** The last frame of sound without its length: how a resampler ends hangs on how it was fed. */
const butItsEnd = (packets: readonly string[]): string[] =>
  packets.map((packet, index) =>
    index < packets.length - 1 ? packet : packet.replace(/,\d+(,[^,]*)$/, '$1'),
  )

export interface FilmSource extends Omit<JobWish, 'path'> {
  readonly clip: ClipOptions
}

/** Tests that a file joined of leases that are cut at every segment is that of one run of FFmpeg. */
export function describeFilm(source: FilmSource): void {
  const { clip, ...options } = source
  const { container, rate, codec = 'h264' } = clip
  describe(`a ${options.packaging} in ${options.encoder ?? 'libx264'} of ${container} in ${codec} at ${rate}, leases cut at every segment`, () => {
    let runner: LeaseRunner
    let made: Buffer
    let whole: Buffer
    let reference: Buffer
    beforeAll(async () => {
      runner = await LeaseRunner.open()
      const wish: JobWish = { path: await makeClip(clip), ...options }
      const plan = await jobPlan(wish)
      const cuts = everySegment(plan)
      made = filmOf(await runner.make(plan, { video: cuts, audio: cuts }))
      whole = filmOf(await runner.make(plan, uncut))
      reference = await referenceFilm(jobArguments(wish, await probeMedia(wish.path)))
    }, 60_000)
    afterAll(() => runner.close())

    it('shows every frame when one run of FFmpeg shows it', async () => {
      const wanted = await readFrames(reference)
      expect(await readFrames(made)).toEqual(wanted)
      expect(wanted.frames.length).toBeGreaterThan(110)
    })

    it('has pictures and sound at the times of FFmpeg', async () => {
      expect(await packetsOf(made, 'v')).toEqual(await packetsOf(reference, 'v'))
      expect(butItsEnd(await packetsOf(made, 'a'))).toEqual(butItsEnd(await packetsOf(reference, 'a')))
    })

    it('is described as FFmpeg describes its own', async () => {
      expect(await describedBy(made)).toEqual(await describedBy(reference))
    })

    it('sounds like an uncut lease, but for its encoder’s noise', async () => {
      const [cut, uncutSound] = [await readAudio(made), await readAudio(whole)]
      expect(cut.samples.length).toBe(uncutSound.samples.length)
      const seconds = cut.samples.length / cut.channels / cut.sampleRate
      expect(largestDifference(cut, uncutSound, 0, seconds - 0.15)).toBeLessThan(codecNoise)
    })

    it.skipIf(options.packaging !== 'mp4-file')(
      'has its index before the film, and nothing else but room',
      () => {
        expect(readBoxes(made).map(({ type }) => type)).toEqual(['ftyp', 'moov', 'free', 'mdat'])
      },
    )
  })
}
