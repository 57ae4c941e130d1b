import { describe, expect, it } from 'vitest'
import { invert, parseFrameRate, parseRational } from '../../src/media/rational.ts'
import { boundarySlot, firstSlotAfterSeek, slotSeconds, type Timeline } from '../../src/media/timeline.ts'
import { makeClip } from '../clips/make-clip.ts'
import { collect, withPath } from '../clips/media-input.ts'
import { readFrames } from '../clips/read-frames.ts'

const quiet = ['-v', 'error', '-nostdin', '-y']

/** The rate an encoder gets from `-r VALUE`; null where ffmpeg refuses it. */
async function rateOfEncoder(value: string): Promise<string | null> {
  const source = ['-f', 'lavfi', '-i', 'color=size=16x16:duration=0.04']
  const run = collect('ffmpeg', [
    ...quiet,
    ...source,
    '-frames:v',
    '1',
    '-r',
    value,
    '-f',
    'framecrc',
    'pipe:1',
  ])
  const output = await run.catch(() => null)
  const timeBase = /^#tb 0: (\d+\/\d+)/m.exec(output?.stdout.toString() ?? '')?.[1]
  const rate = timeBase === undefined ? null : invert(parseRational(timeBase)!)
  return rate === null ? null : `${rate.num}/${rate.den}`
}

describe('a rate as ffmpeg reads it', () => {
  it.each([
    '23.975999999999999',
    '23.976024',
    '30000/1001',
    '29.97',
    '59.94006',
    '12.3456789',
    '3.14159265358979',
    '1234567.891',
    '3000001/1001',
    '24000:1001',
    '9999999:1001',
    '0.0001234',
    '1e-9',
    'ntsc-film',
    '0',
    '-25',
    '25fps',
    '1/0',
  ])('is what parseFrameRate reads in %s', async (value) => {
    const rate = parseFrameRate(value)
    expect(rate === null ? null : `${rate.num}/${rate.den}`).toBe(await rateOfEncoder(value))
  })
})

/** Numbers of the packets that are key frames, in an encode without B-frames. */
async function forcedFrames(rate: string, seconds: number, frames: number): Promise<number[]> {
  const source = ['-f', 'lavfi', '-i', `color=size=16x16:rate=${rate}`, '-frames:v', String(frames)]
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', 'keyint=infinite:scenecut=0']
  const forced = ['-force_key_frames', `expr:gte(t,n_forced*${seconds})`]
  const { stdout } = await collect('ffmpeg', [
    ...quiet,
    ...source,
    ...encoder,
    ...forced,
    '-f',
    'nut',
    'pipe:1',
  ])
  return withPath(stdout, async (path) => {
    const show = [
      '-v',
      'error',
      '-select_streams',
      'v:0',
      '-show_entries',
      'packet=flags',
      '-of',
      'csv=p=0',
      path,
    ]
    const flags = (await collect('ffprobe', show)).stdout.toString().trim().split('\n')
    expect(flags).toHaveLength(frames)
    return flags.flatMap((flag, index) => (flag.startsWith('K') ? [index] : []))
  })
}

function timelineOf(rate: string, seconds: number, firstSlot = 0): Timeline {
  return {
    rate: parseFrameRate(rate)!,
    firstSlot,
    firstSegment: 0,
    segmentSeconds: seconds,
    expectedEndSlot: 0,
  }
}

describe('the frames that ffmpeg forces', () => {
  it.each([
    ['24000/1001', 5, 3_200],
    ['2997/125', 5, 6_200],
    ['2997/125', 1, 3_200],
    ['25', 4, 1_000],
    ['30000/1001', 3, 4_000],
  ])('are the first slots of segments at %s with segments of %i s', async (rate, seconds, frames) => {
    const forced = await forcedFrames(rate, seconds, frames)
    const timeline = timelineOf(rate, seconds)
    expect(forced).toEqual(forced.map((_, segment) => boundarySlot(timeline, segment)))
    expect(boundarySlot(timeline, forced.length)).toBeGreaterThanOrEqual(frames)
  })

  it('are counted from the first frame that a seek leaves', async () => {
    const clip = await makeClip({ rate: '24000/1001', seconds: 12, container: 'mp4' })
    const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', 'keyint=infinite:scenecut=0']
    const forced = ['-force_key_frames', 'expr:gte(t,n_forced*2)', '-f', 'matroska']
    const seek = ['-ss', '3.37', '-i', clip, '-copyts', '-start_at_zero']
    const { stdout } = await collect('ffmpeg', [
      ...quiet,
      ...seek,
      '-fps_mode',
      'passthrough',
      ...encoder,
      ...forced,
      'pipe:1',
    ])
    const { frames, timeBase } = await readFrames(stdout)
    const whole = await readFrames(clip)
    const first = whole.frames.find(({ pts }) => (pts * whole.timeBase.num) / whole.timeBase.den >= 3.37)!
    const rate = parseFrameRate('24000/1001')!
    const timeline = timelineOf('24000/1001', 2, firstSlotAfterSeek(first.pts, whole.timeBase, rate))
    expect(timeline.firstSlot).toBe(frames[0]!.number)
    const keys = frames.filter(({ key }) => key).map(({ number }) => number)
    expect(keys).toEqual([0, 1, 2, 3, 4].map((segment) => boundarySlot(timeline, segment)))
    for (const { number, pts } of frames) {
      expect(Math.abs(pts / timeBase.den - slotSeconds(timeline, number))).toBeLessThan(0.001)
    }
  })
})
