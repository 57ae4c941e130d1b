import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../../src/command/command.ts'
import { parseCommand } from '../../src/command/parse-command.ts'
import { pictureTicks } from '../../src/container/mp4/picture-track.ts'
import { SoundCutter } from '../../src/container/mp4/sound-cutter.ts'
import { soundFrames } from '../../src/container/mp4/sound-track.ts'
import { readProgramMap } from '../../src/container/mpegts/tables.ts'
import { readAccessUnits } from '../../src/container/mpegts/units.ts'
import { dashListing } from '../../src/dialects/plex/dash-job.ts'
import { createDashManifest } from '../../src/dialects/plex/dash-manifest.ts'
import type { MpdPictures, MpdSound } from '../../src/dialects/plex/mpd.ts'
import { firstFrameAtOrAfter } from '../../src/media/key-frames.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { boundarySlot } from '../../src/media/timeline.ts'
import { calculatedFirstFrame } from '../../src/plan/first-frame.ts'
import { type Plan, timestampOffsetSeconds } from '../../src/plan/plan.ts'
import { readSegmentedJob } from '../../src/plan/segmented.ts'
import { LeaseRunner } from '../seams/lease-runner.ts'
import { fillArguments } from '../stand-in/transcoder-process.ts'
import { allSegments, manifestPosts, type NumberedSegment } from './dash-posts.ts'
import { type Recording, readRecording } from './recording.ts'
import { sharedFolder, sharedNote } from './shared-folder.ts'

const shared = sharedFolder ?? ''
const goldenOf = (name: string): Recording => readRecording(join(shared, 'golden/plex', `${name}.json`))

function commandOf(golden: Recording): Command {
  const media = join(shared, 'media', golden.media)
  return parseCommand(fillArguments(golden.args, { PMS: 'http://127.0.0.1:9', MEDIA: media, CWD: '/' }))
}

describe.skipIf(!sharedFolder)(`manifests printed from what a recording lists${sharedNote}`, () => {
  it.each(['dash-software', 'dash-seek', 'dash-old-layout', 'dash-hdr-tonemap', 'burn-inlineass'])(
    'are those of %s, letter for letter',
    (name) => {
      const golden = goldenOf(name)
      const command = commandOf(golden)
      const output = command.outputs[0]!
      const listing = dashListing(output)
      if (typeof listing === 'string') throw new Error(listing)
      const option = (of: string) => Number(output.options.findLast((each) => each.name === of)?.value)
      const posts = manifestPosts(golden)
      const attributes = new Map(
        Array.from(posts[0]!.body.matchAll(/ (\w+)="([^"]*)"/g), ([, key, value]) => [key!, value!]),
      )
      const manifest = createDashManifest({
        listing,
        segmentSeconds: option('seg_duration'),
        firstNumber: option('skip_to_segment'),
        startMilliseconds: Date.parse(timeOf(posts[0]!.body, 'availabilityStartTime')),
      })
      const waiting = [0, 1].map((representation) => allSegments(posts, representation))
      expect(posts.length).toBeGreaterThan(0)
      for (const { body, isLast, representations } of posts) {
        for (const [index, add] of [manifest.addPicture, manifest.addSound].entries()) {
          const last = representations[index]?.at(-1)?.number ?? 0
          while ((waiting[index]![0]?.number ?? Number.POSITIVE_INFINITY) <= last)
            add({ ...waiting[index]!.shift()!, bytes: 1000 })
        }
        const printed = manifest.print({
          ...describeStreams(body, attributes),
          nowMilliseconds: isLast ? null : Date.parse(timeOf(body, 'publishTime')),
        })
        expect(printed).toBe(body)
      }
    },
  )
})

const timeOf = (body: string, name: string): string => new RegExp(`${name}="([^"]*)"`).exec(body)?.[1] ?? ''

/** What a recorded manifest says of its representations; which bit rate stands there is the transcoder's own affair. */
function describeStreams(body: string, attributes: ReadonlyMap<string, string>) {
  const bandwidths = Array.from(body.matchAll(/bandwidth="(\d+)"/g), ([, value]) => Number(value))
  const scales = Array.from(body.matchAll(/timescale="(\d+)"/g), ([, value]) => Number(value))
  const [num = 0, den = 0] = (/frameRate="(\d+)\/(\d+)"/.exec(body) ?? []).slice(1).map(Number)
  const codecs = Array.from(body.matchAll(/codecs="([^"]*)"/g), ([, value]) => value!)
  const size = { width: Number(attributes.get('maxWidth')), height: Number(attributes.get('maxHeight')) }
  const pictures: Omit<MpdPictures, 'segments' | 'startNumber'> = {
    ...{ codecs: codecs[0]!, bandwidth: bandwidths[0]!, timescale: scales[0]!, language: 'eng' },
    ...{ frameRate: { num, den }, size, sampleAspectRatio: { width: 1, height: 1 } },
  }
  const sound: Omit<MpdSound, 'segments' | 'startNumber'> = {
    ...{ codecs: codecs[1]!, bandwidth: bandwidths[1]!, timescale: scales[1]!, language: 'eng' },
    ...{ samplingRate: 48000, channels: 2 },
  }
  return { pictures, sound }
}

describe.skipIf(!sharedFolder)(`the timelines of recorded jobs as planned${sharedNote}`, () => {
  let runner: LeaseRunner
  beforeAll(async () => {
    runner = await LeaseRunner.open()
  })
  afterAll(() => runner.close())

  it.each(['dash-software', 'dash-seek', 'dash-old-layout'])(
    'of %s have the pictures and the sound of the recording',
    async (name) => {
      const golden = goldenOf(name)
      const plan = await planOf(commandOf(golden))
      const posts = manifestPosts(golden)
      const pictures = allSegments(posts, 0)
      const isWhole = golden.signal === null
      // The last one ends where the input does, which only doing tells.
      expect(pictures.slice(0, -1)).toEqual(
        pictures.slice(0, -1).map(({ number }) => plannedPictures(plan, number)),
      )
      const sound = await cutSound(runner, plan, pictures.length, isWhole)
      const recorded = allSegments(posts, 1)
      // A job that the recorder stopped has made more sound than its last manifest lists.
      const compared = isWhole ? sound : sound.slice(0, recorded.length - 1)
      expect(compared).toEqual(recorded.slice(0, compared.length))
      expect(recorded.length - compared.length).toBe(isWhole ? 0 : 1)
    },
    60_000,
  )
})

async function planOf(command: Command): Promise<Plan> {
  const path = command.inputs[0]!.path
  const info = await probeMedia(path)
  const job = readSegmentedJob(command, info)
  if ('local' in job) throw new Error(job.local)
  if (job.anchoredAtZero) return job.plan(null)
  const calculated = calculatedFirstFrame(info, job.picture, job.seekSeconds)
  return job.plan(
    calculated ?? (await firstFrameAtOrAfter(path, job.picture, job.seekSeconds + info.startSeconds)),
  )
}

function plannedPictures({ timeline, video }: Plan, number: number): NumberedSegment {
  const { duration } = pictureTicks(video.rate)
  const [start, next] = [boundarySlot(timeline, number), boundarySlot(timeline, number + 1)]
  return { number, start: start * duration, duration: (next - start) * duration }
}

/** Makes the sound as one lease and cuts it at the planned key frames, of pictures that wait for two others. */
async function cutSound(
  runner: LeaseRunner,
  plan: Plan,
  pictures: number,
  toTheEnd: boolean,
): Promise<NumberedSegment[]> {
  const { firstSegment, rate, segmentSeconds } = plan.timeline
  const end = firstSegment + pictures
  const made = await runner.lease(plan, 'audio', {
    from: firstSegment,
    to: end + 1,
    open: toTheEnd,
    failures: 0,
  })
  const samplingRate = plan.audio!.encoder.rate
  const cutter = new SoundCutter({ firstNumber: firstSegment, rate: samplingRate, segmentSeconds })
  const origin = { ticks: timestampOffsetSeconds(plan.packaging) * 90_000, seconds: 0 }
  for (const bytes of made.files.values()) {
    const units = readAccessUnits(bytes, readProgramMap(bytes)[0]!.pid)
    cutter.push(soundFrames(units, origin).map(({ frame }) => frame))
  }
  const cuts = Array.from({ length: pictures - 1 }, (_, index) => {
    const segment = firstSegment + index
    const slot = boundarySlot(plan.timeline, segment + 1) - 2
    return cutter.cut({ decoded: { num: slot * rate.den, den: rate.num }, segment })
  })
  return [...cuts.flat(), ...cutter.cut(null)].map(({ number, frames }) => {
    const last = frames.at(-1)!
    const start = frames[0]!.start
    return { number, start: Math.max(0, start), duration: last.start + last.duration - Math.max(0, start) }
  })
}
