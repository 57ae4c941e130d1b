import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FinishedSegment } from '../../src/head/session/output.ts'
import { judgeSegment } from '../../src/head/session/segment-facts.ts'
import { boundarySlot } from '../../src/media/timeline.ts'
import { makeClip } from '../clips/make-clip.ts'
import { collect } from '../clips/media-input.ts'
import { expectSeamless } from './expect-seamless.ts'
import { filePlan, jobPlan } from './job-plan.ts'
import { everySegment, LeaseRunner } from './lease-runner.ts'

let runner: LeaseRunner
let folder: string

beforeAll(async () => {
  runner = await LeaseRunner.open()
  folder = await mkdtemp(join(tmpdir(), 'paceline-corners-'))
})

afterAll(async () => {
  await runner.close()
  await rm(folder, { recursive: true, force: true })
})

/** Makes another file of a clip and returns its path. */
async function remade(name: string, clip: string, ...args: string[]): Promise<string> {
  const path = join(folder, name)
  await collect('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-i', clip, ...args, path])
  return path
}

describe('leases cut at every segment', () => {
  it('count from the first key frame of a session that begins in mid-GOP, wherever its file begins', async () => {
    const source = { rate: '24000/1001', openGop: true, container: 'mkv', audio: 'aac-48000' } as const
    const path = await makeClip({ ...source, seconds: 8, startSeconds: 12.5 })
    const plan = await jobPlan({ path, rate: '23.975999999999999', seek: '3.37', firstSegment: 100 })
    const { pictures } = await expectSeamless(runner, plan)
    expect(pictures.segments[0]).toMatchObject({ segment: 100 })
    expect(pictures.frames[0]).toMatch(/^81 @ /)
  })

  it.each([
    { from: '25', to: '24000/1001' },
    { from: '30', to: '23.975999999999999' },
    { from: '24000/1001', to: '30' },
  ] as const)('choose the same frames when $from becomes $to', async ({ from, to }) => {
    const path = await makeClip({ rate: from, seconds: 8, openGop: true })
    const { pictures } = await expectSeamless(runner, await jobPlan({ path, rate: to }))
    const numbers = new Set(pictures.frames.map((frame) => Number.parseInt(frame, 10)))
    expect(Math.abs(numbers.size - 8 * Math.min(Number.parseFloat(from), 30))).toBeLessThan(56)
  })

  it.each(['libx264', 'libx265'] as const)(
    'reorder alike when the last one has a single picture to make with %s',
    async (encoder) => {
      const path = await makeClip({ seconds: 8.04, audio: 'aac-48000' })
      const { pictures } = await expectSeamless(runner, await jobPlan({ path, encoder }))
      expect(pictures.segments.at(-1)).toMatchObject({ pictures: 1 })
      expect(new Set(pictures.segments.map(({ reorderTicks }) => reorderTicks)).size).toBe(1)
      expect(pictures.segments[0]!.reorderTicks).toBeGreaterThan(0)
    },
  )

  it('begin with a key frame of x265 however short the segments are', async () => {
    const path = await makeClip({ seconds: 5, rate: '30000/1001' })
    const plan = await jobPlan({ path, rate: '30000/1001', encoder: 'libx265', segmentSeconds: '0.5' })
    const { pictures } = await expectSeamless(runner, plan)
    expect(pictures.segments.map((segment) => segment.pictures)).toEqual(Array(10).fill(15))
  })
})

describe('the end of the input', () => {
  it.each(['video', 'audio'] as const)(
    'lets a lease of %s behind it make nothing, without a failure',
    async (part) => {
      const plan = await jobPlan({ path: await makeClip({ seconds: 4, audio: 'aac-48000' }) })
      for (const range of [
        { to: 40, open: true },
        { to: 9, open: false },
      ]) {
        const made = await runner.lease(plan, part, { from: 8, failures: 0, ...range })
        expect({ files: made.files.size, exit: made.exitCode }).toEqual({ files: 0, exit: 0 })
      }
    },
  )

  it.each([
    { sound: 'shorter', seconds: '3.2' },
    { sound: 'longer', seconds: '7.1' },
  ])('is the same where sound is $sound than the picture', async ({ sound, seconds }) => {
    const long = await makeClip({ seconds: 8, audio: 'aac-48000' })
    const cut = sound === 'longer' ? ['-t', '5', '-i', long] : ['-t', '6', '-i', long]
    const codecs = ['-map', '1:v', '-map', '0:a', '-c', 'copy', '-t']
    const path = join(folder, `${sound}.mkv`)
    const input = ['-v', 'error', '-nostdin', '-y', '-t', seconds, '-i', long]
    await collect('ffmpeg', [...input, ...cut, ...codecs, '8', path])
    const plan = await jobPlan({ path })
    const { made } = await expectSeamless(runner, plan)
    const last = made.segments.at(-1)!
    if (sound === 'longer') expect(last.endAudioSeconds).toBeGreaterThan(last.endVideoSeconds + 1)
    else expect(made.segments.filter(hasNoSound)).toHaveLength(3)
  })
})

describe('a whole file', () => {
  it('keeps every frame once, at even sides where the source has odd ones', async () => {
    const clip = await makeClip({ seconds: 6, audio: 'aac-48000' })
    const sides = ['-vf', 'scale=321:181,format=yuv444p']
    const odd = await remade('odd.mkv', clip, ...sides, '-c:v', 'libx264', '-crf', '15', '-c:a', 'copy')
    const { made, pictures } = await expectSeamless(runner, await filePlan(odd, 1))
    expect(pictures.frames.map((frame) => Number.parseInt(frame, 10))).toEqual([...Array(150).keys()])
    expect(await sizeOf(made.files[0]!)).toBe('320,180,yuv420p')
  })

  it('has an even height where an odd one is wanted', async () => {
    const path = await makeClip({ seconds: 6, audio: 'aac-48000' })
    const { made } = await expectSeamless(runner, await filePlan(path, 2, { height: 271, codec: 'hevc' }))
    expect(await sizeOf(made.files[0]!)).toBe('480,270,yuv420p')
  })

  it('is turned as its container says', async () => {
    const clip = await makeClip({ seconds: 6 })
    const lying = await remade('lying.mp4', clip, '-vf', 'transpose=1', '-c:v', 'libx264', '-crf', '15')
    const turned = await remade('turned.mp4', lying, '-c', 'copy', '-metadata:s:v:0', 'rotate=90')
    const { made, pictures } = await expectSeamless(runner, await filePlan(turned, 1))
    expect(pictures.frames).toHaveLength(150)
    expect(await sizeOf(made.files[0]!)).toBe('320,180,yuv420p')
  })

  it('has sound of AC-3 that steps by its own frames', async () => {
    const path = await makeClip({ seconds: 6, container: 'ts', audio: 'ac3' })
    await expectSeamless(runner, await filePlan(path, 1, { audio: 'ac3', audioBitrate: 384 }))
  })
})

describe('a seek that lands late', () => {
  it('is seen, and the next lease begins early enough', async () => {
    // Key frames every 16 s, and no index: twelve seconds before is not early enough.
    const plan = await filePlan(await makeClip({ seconds: 30, container: 'ts', gop: 400 }), 1)
    const from = 15
    for (const range of [
      { to: 17, open: false },
      { to: 60, open: true },
    ]) {
      const late = await runner.lease(plan, 'video', { from, failures: 0, ...range })
      expect(judgeSegment(plan, 'video', from, late.files.get(from)!)).toMatchObject({ ok: false })
      const again = await runner.lease(plan, 'video', { from, failures: 1, ...range })
      expect(judgeSegment(plan, 'video', from, again.files.get(from)!)).toEqual({ ok: true, short: false })
    }
  })
})

describe('any partition', () => {
  it('of a variable rate gives the same', async () => {
    const path = await makeClip({
      rate: 'variable',
      container: 'mkv',
      seconds: 10,
      audio: 'ac3',
      openGop: true,
    })
    const plan = await jobPlan({ path, rate: '30', seek: '1.234' })
    const every = everySegment(plan)
    expect(boundarySlot(plan.timeline, 0)).toBeGreaterThan(30)
    for (const [remainder, end] of [
      [0, 'killed'],
      [1, 'granted'],
    ] as const) {
      const cuts = every.filter((segment) => (segment * segment) % 3 !== remainder)
      await expectSeamless(runner, plan, { video: cuts, audio: cuts.slice(0, 2), end })
    }
  })
})

/** Sound of a segment without any ends where the segment begins. */
const hasNoSound = (segment: FinishedSegment): boolean => segment.endAudioSeconds === segment.startSeconds

async function sizeOf(path: string): Promise<string> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'stream=width,height,pix_fmt', '-of', 'csv=p=0']
  const { stdout } = await collect('ffprobe', ['-v', 'error', ...entries, path])
  return stdout.toString().trim().split('\n')[0]!
}
