import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { audioPid } from '../../container/mpegts/tables.ts'
import { readAccessUnits } from '../../container/mpegts/units.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { createStaging, type Staging } from '../data/staging.ts'
import { eventually } from '../testing/eventually.ts'
import { type SampleFilm, sampleFilm } from '../testing/sample-film.ts'
import { createSegmentMaker, type MakerMemory } from './segment-maker.ts'

let folder: string
let staging: Staging

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-maker-'))
  staging = await createStaging(folder)
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Puts these segments of both parts on the disk, as far as the film has them. */
async function stage(film: SampleFilm, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number++) {
    for (const part of ['video', 'audio']) {
      const bytes = part === 'audio' && !film.plan.audio ? null : film.segment(part, number)
      if (bytes) await staging.put(part, number, bytes)
    }
  }
}

function soundNumbers(bytes: Buffer): number[] {
  return readAccessUnits(bytes, audioPid).flatMap(({ data }) =>
    Array.from({ length: data.length / 60 }, (_, index) => data.readUInt32BE(index * 60)),
  )
}

describe('a finished segment', () => {
  it('says where it lies on the job’s own timeline, without the container’s offset', async () => {
    const film = sampleFilm(300, 563)
    await stage(film, 0, 6)
    const maker = createSegmentMaker(film.plan, staging)
    const first = await maker.make(0, false)
    expect(first).toMatchObject({
      segment: 0,
      startSeconds: 0,
      endSeconds: 2,
      endVideoSeconds: 2,
      frames: 50,
    })
    // Pictures are decoded two frames early, so the sound of the last 80 ms goes with the next segment.
    expect(first.endAudioSeconds).toBeCloseTo((90 * 1_024) / 48_000, 9)
    const second = await maker.make(1, false)
    expect(second).toMatchObject({ segment: 1, startSeconds: 2, endSeconds: 4, last: false })
  })

  it('takes what it is made of off the disk when the next one is asked for, since it is published then', async () => {
    const film = sampleFilm(300, 563)
    await stage(film, 0, 3)
    const maker = createSegmentMaker(film.plan, staging)
    await maker.make(0, false)
    expect(staging.has('video', 0) && staging.has('audio', 0)).toBe(true)
    await maker.make(1, false)
    const left = async () => (await readdir(folder)).map((name) => name.split('.')[0]).toSorted()
    expect(staging.has('video', 0) || staging.has('audio', 0)).toBe(false)
    await eventually(async () => String(await left()) === 'audio-1,audio-2,video-1,video-2')
  })

  it('leaves nothing but itself on the disk when it is the last', async () => {
    const film = sampleFilm(300, 563)
    await stage(film, 0, 6)
    const maker = createSegmentMaker(film.plan, staging)
    for (let segment = 0; segment < 6; segment++) await maker.make(segment, segment === 5)
    expect(staging.staged().map(({ segment }) => segment)).toEqual([5, 5])
  })

  it.each([1, 2, 3, 4, 5])('is the same when another maker goes on from segment %i', async (from) => {
    const film = sampleFilm(300, 563)
    await stage(film, 0, 6)
    const makers = [createSegmentMaker(film.plan, staging)]
    const parted = []
    for (let segment = 0; segment < 6; segment++) {
      const maker = makers.at(-1)!
      if (segment === from) {
        const memory = deserialize(serialize(maker.memory())) as MakerMemory
        makers.push(createSegmentMaker(film.plan, staging, memory))
      }
      parted.push(await makers.at(-1)!.make(segment, segment === 5))
    }
    await stage(film, 0, 6)
    const maker = createSegmentMaker(film.plan, staging)
    const whole = []
    for (let segment = 0; segment < 6; segment++) whole.push(await maker.make(segment, segment === 5))
    // As bytes: comparing films element by element takes seconds.
    expect(serialize(parted).equals(serialize(whole))).toBe(true)
  })

  it('is made of a copy that came while the segment before was made', async () => {
    const film = sampleFilm(300, 563)
    await stage(film, 0, 2)
    const whole = film.segment('video', 1)!
    await staging.put('video', 1, whole.subarray(0, whole.length / 2))
    const maker = createSegmentMaker(film.plan, staging)
    await maker.make(0, false)
    await staging.put('video', 1, whole)
    expect((await maker.make(1, false)).frames).toBe(50)
  })

  it('counts from the job’s first segment and its first slot', async () => {
    const timeline = { ...samplePlan.timeline, firstSegment: 40, firstSlot: 2_003, expectedEndSlot: 2_303 }
    const film = sampleFilm(300, null, { ...samplePlan, audio: null, timeline })
    await stage(film, 40, 46)
    const maker = createSegmentMaker(film.plan, staging)
    const made = await maker.make(40, false)
    expect(made.startSeconds).toBeCloseTo(2_003 / 25, 9)
    expect(made.endSeconds).toBeCloseTo(2_053 / 25, 9)
    expect(made.frames).toBe(50)
    expect(made.endAudioSeconds).toBe(made.startSeconds)
  })

  it('ends where its pictures do when it is the short last one', async () => {
    const film = sampleFilm(112, 563)
    await stage(film, 0, 6)
    const maker = createSegmentMaker(film.plan, staging)
    await maker.make(0, false)
    await maker.make(1, false)
    const last = await maker.make(2, true)
    expect([last.frames, last.last]).toEqual([12, true])
    expect(last.endVideoSeconds).toBeCloseTo(112 / 25, 9)
  })
})

describe('the sound of segments', () => {
  it('is taken up to and with the file of the same number', async () => {
    const film = sampleFilm(300, 563)
    await stage(film, 0, 6)
    const maker = createSegmentMaker(film.plan, staging)
    const made = []
    for (let number = 0; number < 6; number++) made.push(await maker.make(number, number === 5))
    expect(made.flatMap(({ bytes }) => soundNumbers(bytes))).toEqual(Array.from({ length: 563 }, (_, n) => n))
  })

  it('that is left goes with the last segment, from however many files', async () => {
    const film = sampleFilm(50, 563)
    await stage(film, 0, 6)
    const last = await createSegmentMaker(film.plan, staging).make(0, true)
    expect(soundNumbers(last.bytes).length).toBe(563)
    expect(last.endAudioSeconds).toBeCloseTo((563 * 1_024) / 48_000, 9)
  })

  it('that has ended is not asked for', async () => {
    const film = sampleFilm(300, 94)
    await stage(film, 0, 3)
    const maker = createSegmentMaker(film.plan, staging)
    const counts = [await maker.make(0, false), await maker.make(1, false), await maker.make(2, false)]
    expect(counts.map(({ bytes }) => soundNumbers(bytes).length)).toEqual([90, 4, 0])
  })
})

describe('a picture that is not staged', () => {
  it('fails the segment', async () => {
    const maker = createSegmentMaker(samplePlan, staging)
    await expect(maker.make(0, false)).rejects.toThrow('segment 0 of video is not staged')
  })
})
