import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFragmentAssembler } from '../../src/container/mp4/assembler.ts'
import { readInitSegment, readMediaSegment } from '../../src/container/mp4/read-segments.ts'
import { boundarySlot } from '../../src/media/timeline.ts'
import { type Plan, timestampOffsetSeconds } from '../../src/plan/plan.ts'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'
import { collect, withPath } from '../clips/media-input.ts'
import { copyPlan } from '../seams/copied-job.ts'
import { everySegment, LeaseRunner } from '../seams/lease-runner.ts'
import { type Fragments, referenceDash } from './make-fragments.ts'

let runner: LeaseRunner
beforeAll(async () => {
  runner = await LeaseRunner.open()
})
afterAll(() => runner.close())

/** Key frames lie where segments of 2 s end, whichever way a muxer counts. */
const clips: readonly ClipOptions[] = [
  { container: 'mp4', rate: '25', gop: 50, seconds: 9, audio: 'aac-48000' },
  { container: 'mkv', rate: '25', gop: 50, seconds: 9, bFrames: 4, audio: 'aac-48000' },
  { container: 'mp4', rate: '25', gop: 50, seconds: 9, codec: 'hevc', audio: 'aac-48000' },
]

/** The fragments of a plan with copied pictures, a lease for each segment, as the head makes them. */
async function fragmentsOf(plan: Plan): Promise<Fragments> {
  const { timeline } = plan
  const cuts = timeline.cuts!
  const assembler = createFragmentAssembler({
    ...{ rate: plan.video.rate, offsetSeconds: timestampOffsetSeconds(plan.packaging), soundBitrate: 0 },
    ...{ firstNumber: timeline.firstSegment, segmentSeconds: timeline.segmentSeconds },
  })
  const starts = [timeline.firstSegment, ...everySegment(plan)]
  const segments: Buffer[] = []
  for (const [index, from] of starts.entries()) {
    const open = index === starts.length - 1
    const range = { from, to: from + (open ? 30 : 1), open, failures: 0 }
    const bytes = (await runner.lease(plan, 'video', range)).files.get(from)!
    const [firstSlot, endSlot] = [boundarySlot(timeline, from), boundarySlot(timeline, from + 1)]
    const nextDecoded = open ? null : cuts.decoded[index + 1]!
    const place = { firstSlot, nextSlot: open ? null : endSlot, copied: { nextDecoded, endSlot } }
    segments.push(assembler.assemble(bytes, place).picture.bytes)
  }
  return { init: assembler.picture!.init, segments }
}

/** When the samples of each segment are shown and decoded, in ticks, counted from the first. */
function timesOf({ init, segments }: Fragments): string[][] {
  const { delay } = readInitSegment(init)
  return segments.map((bytes) =>
    readMediaSegment(bytes).samples.map(
      ({ showTime, decodeTime }) => `${showTime - delay} ${decodeTime - delay}`,
    ),
  )
}

async function shownFrames({ init, segments }: Fragments): Promise<string[]> {
  return withPath([init, ...segments], async (path) => {
    const args = ['-v', 'error', '-i', path, '-map', '0:v', '-f', 'framemd5', '-']
    const { stdout } = await collect('ffmpeg', args)
    return stdout
      .toString()
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.split(',').at(-1)!)
  })
}

describe.each(clips)('DASH of copied pictures: %o', (clip) => {
  it('is what FFmpeg makes of one copy: times in its ticks, and every picture', async () => {
    const path = await makeClip(clip)
    const plan = await copyPlan(path, [], 'dash')
    const made = await fragmentsOf(plan)
    const args = [
      '-v',
      'error',
      '-noaccurate_seek',
      '-i',
      path,
      '-copyts',
      '-start_at_zero',
      '-map',
      '0:0',
      '-map',
      '0:1',
    ]
    const dash = [
      '-codec:0',
      'copy',
      '-codec:1',
      'aac',
      '-f',
      'dash',
      '-seg_duration',
      '2',
      '-avoid_negative_ts',
      'disabled',
    ]
    const { picture } = await referenceDash([...args, ...dash, 'dash'])
    expect(made.segments.length).toBe(5)
    expect(timesOf(made)).toEqual(timesOf(picture))
    expect(await shownFrames(made)).toEqual(await shownFrames(picture))
  })
})
