import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PictureOperation, Plan } from '../../src/plan/plan.ts'
import { makeClip } from '../clips/make-clip.ts'
import { type Shown, withBitmaps, withText } from '../clips/make-subtitles.ts'
import { changes, lumaOfWords } from '../clips/words.ts'
import { expectSeamless } from './expect-seamless.ts'
import { jobPlan } from './job-plan.ts'
import { everySegment, LeaseRunner, type MadeSession, uncut } from './lease-runner.ts'

let runner: LeaseRunner
let folder: string

beforeAll(async () => {
  runner = await LeaseRunner.open()
  folder = await mkdtemp(join(tmpdir(), 'paceline-operations-'))
})

afterAll(async () => {
  await runner.close()
  await rm(folder, { recursive: true, force: true })
})

const clip = { rate: '25', seconds: 8, container: 'mkv', openGop: true } as const

/** One that is there over several cuts, one that ends on a cut, one inside a segment. */
const times: readonly Shown[] = [
  { from: 0.6, to: 4.4 },
  { from: 5.2, to: 6 },
  { from: 7.2, to: 7.6 },
]

function doing(plan: Plan, ...operations: readonly PictureOperation[]): Plan {
  return { ...plan, video: { ...plan.video, operations: [...operations, ...plan.video.operations] } }
}

const lumaOf = ({ files }: MadeSession): Promise<number[]> => lumaOfWords(files)

/** Makes a plan uncut and cut at every segment, and compares where words are drawn with where there are none. */
async function expectWords(plan: Plan, bare: Plan): Promise<void> {
  const every = everySegment(plan)
  const [whole, cut, without] = await Promise.all([
    runner.make(plan, uncut).then(lumaOf),
    runner.make(plan, { video: every, audio: every }).then(lumaOf),
    runner.make(bare, uncut).then(lumaOf),
  ])
  const isDrawn = (lumas: readonly number[]) =>
    lumas.map((luma, frame) => Math.abs(luma - without[frame]!) > 8)
  const shown = without.map((_, frame) => times.some(({ from, to }) => frame / 25 >= from && frame / 25 < to))
  expect(changes(isDrawn(whole))).toEqual(changes(shown))
  expect(changes(isDrawn(cut))).toEqual(changes(shown))
}

describe('subtitles burnt in', () => {
  it('of text are there from the first frame of every lease, though they began before it', async () => {
    const path = await withText(await makeClip(clip), folder, times)
    const bare = await jobPlan({ path })
    const plan = doing(bare, {
      ...{ kind: 'burn-text', source: { input: 0, stream: 1 }, alone: false, fonts: [] },
      style: [
        ['PlayResX', '320'],
        ['PlayResY', '180'],
        ['FontSize', '40'],
        ['Outline', '6'],
        ['MarginV', '20'],
        ['PrimaryColour', '&H00FFFFFF'],
        ['OutlineColour', '&H00FFFFFF'],
      ],
    })
    await expectWords(plan, bare)
    await expectSeamless(runner, plan)
  })

  it('of bitmaps are there from the first frame of every lease, though they began before it', async () => {
    const path = await withBitmaps(await makeClip({ ...clip, audio: 'ac3' }), folder, times)
    const bare = await jobPlan({ path })
    const plan = doing(bare, {
      ...{ kind: 'burn-bitmaps', source: { input: 0, stream: 2 }, pacedBy: 1 },
      size: { width: '320', height: '180' },
    })
    await expectWords(plan, bare)
    await expectSeamless(runner, plan)
  })

  it('of bitmaps are there in a session that begins in the middle of one', async () => {
    const path = await withBitmaps(await makeClip({ ...clip, audio: 'ac3' }), folder, times)
    const bare = await jobPlan({ path, seek: '2.2', firstSegment: 2 })
    const plan = doing(bare, { kind: 'burn-bitmaps', source: { input: 0, stream: 2 }, pacedBy: 1 })
    const [words, none] = await Promise.all(
      [plan, bare].map(async (one) => lumaOf(await runner.make(one, uncut))),
    )
    const drawn = words!.map((luma, frame) => Math.abs(luma - none![frame]!) > 8)
    expect(changes(drawn).slice(0, 2)).toEqual([0, 55])
  })
})

describe('leases cut at every segment', () => {
  it.each<[string, readonly PictureOperation[]]>([
    [
      'deinterlaced, a picture for each frame',
      [{ kind: 'deinterlace', method: 'yadif', fieldRate: false, markedOnly: false, parity: 'tff' }],
    ],
    [
      'deinterlaced, a picture for each field',
      [{ kind: 'deinterlace', method: 'bwdif', fieldRate: true, markedOnly: false, parity: 'auto' }],
    ],
    ['tone-mapped', [{ kind: 'tone-map', curve: 'mobius', transfer: 'pq' }]],
    [
      'padded and with another shape',
      [
        { kind: 'pad', width: '320', height: '200', x: '0', y: '0', color: 'black' },
        { kind: 'crop', width: '320', height: '180', x: '0', y: '0' },
        { kind: 'aspect', of: 'sar', ratio: '1/1' },
      ],
    ],
    [
      'turned over and back',
      [
        { kind: 'turn', how: 'half' },
        { kind: 'turn', how: 'half' },
      ],
    ],
  ])('give the frames of one uncut lease when the picture is %s', async (_what, operations) => {
    const path = await makeClip({ ...clip, seconds: 5 })
    const plan = doing(await jobPlan({ path }), ...operations)
    const { made } = await expectSeamless(runner, plan)
    const cut = await runner.make(plan, { video: everySegment(plan), audio: [] })
    const [expected, actual] = await Promise.all([lumaOf(made), lumaOf(cut)])
    const differences = actual.map((luma, frame) => Math.abs(luma - expected[frame]!))
    expect(Math.max(...differences)).toBeLessThanOrEqual(3)
  })
})
