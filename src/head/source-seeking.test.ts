import { describe, expect, it } from 'vitest'
import { type Seeking, type SeekVerdict, seekAnywhere } from '../media/seeking.ts'
import type { CopiedPicture } from '../plan/plan.ts'
import { sampleAudio, sampleInfo, sampleVideo } from '../plan/testing/sample-info.ts'
import { samplePlan, sampleSound } from '../plan/testing/sample-plan.ts'
import { createSourceSeeking, withSeeking } from './source-seeking.ts'

const back: SeekVerdict = { kind: 'one-piece', why: 'times-back', detail: '1 s after 7 s' }
const source = { path: '/films/film.ts', info: sampleInfo(), read: () => Promise.resolve(Buffer.alloc(0)) }

/** A desk whose readings end when told. */
function desk() {
  const logged: object[] = []
  const readings: { settle(verdict: SeekVerdict): void; fail(words: string): void; stream: number }[] = []
  const seeks = createSourceSeeking({
    log: { info: (facts: unknown) => void logged.push(facts as object) },
    read: (_source, { index }) =>
      new Promise((settle, reject) => {
        readings.push({ settle, fail: (words) => reject(new Error(words)), stream: index })
      }),
  })
  const open = (identity = 'film', stream: typeof sampleVideo | typeof sampleAudio = sampleVideo) => {
    const job = new AbortController()
    return { job, seeking: seeks.of(identity, source, stream, job.signal) }
  }
  return { open, readings, logged }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('whether leases may seek in a film', () => {
  it('is not known at first, and known for every lease as soon as it has been read', async () => {
    const { open, readings } = desk()
    const { seeking } = open()
    expect(seeking.verdict).toMatchObject({ kind: 'one-piece', why: 'unread' })
    readings[0]!.settle(seekAnywhere)
    await turn()
    expect(seeking.verdict).toBe(seekAnywhere)
  })

  it('is remembered of each film and each of its streams', async () => {
    const { open, readings } = desk()
    open()
    readings[0]!.settle(back)
    await turn()
    expect(open().seeking.verdict).toBe(back)
    expect(readings).toHaveLength(1)
    open('film', sampleAudio)
    open('another')
    expect(readings.map(({ stream }) => stream)).toEqual([
      sampleVideo.index,
      sampleAudio.index,
      sampleVideo.index,
    ])
  })

  it('is logged where they may not, and not where they may', async () => {
    const { open, readings, logged } = desk()
    open()
    open('another')
    readings[0]!.settle(back)
    readings[1]!.settle(seekAnywhere)
    await turn()
    expect(logged).toEqual([
      { input: '/films/film.ts', stream: sampleVideo.index, reason: 'times-back: 1 s after 7 s' },
    ])
  })

  it('is denied where it cannot be read, and asked again by the next job', async () => {
    const { open, readings } = desk()
    const { seeking } = open()
    readings[0]!.fail('Input/output error')
    await turn()
    const detail = 'Input/output error'
    expect(seeking.verdict).toEqual({ kind: 'one-piece', why: 'unreadable', detail })
    open()
    expect(readings).toHaveLength(2)
  })

  it('is nobody’s question any more when the job is over', async () => {
    const { open, readings, logged } = desk()
    const { job, seeking } = open()
    job.abort()
    readings[0]!.fail('aborted')
    await turn()
    expect(seeking.verdict).toMatchObject({ why: 'unread' })
    expect(logged).toEqual([])
  })
})

describe('a plan with what is known', () => {
  const info = sampleInfo([
    { ...sampleVideo, index: 0 },
    { ...sampleAudio, index: 1 },
  ])
  const asked = (plan: typeof samplePlan) => {
    const streams: number[] = []
    const made = withSeeking(plan, info, ({ index }): Seeking => {
      streams.push(index)
      return { verdict: back }
    })
    return { streams, made }
  }

  it('knows it of the picture and of the sound', () => {
    const audio = { ...sampleSound, source: { input: 0, stream: 1 } }
    const { streams, made } = asked({ ...samplePlan, audio })
    expect(streams).toEqual([0, 1])
    expect(made.inputs[0]!.seeking?.verdict).toBe(back)
    expect(made.audio?.seeking?.verdict).toBe(back)
  })

  it('asks nothing of pictures that are copied, which are read anyway', () => {
    const encoder: CopiedPicture = {
      codec: 'copy',
      source: 'h264',
      setsApart: true,
      seekSeconds: 0,
      seekAfterSeconds: 0,
      averageRate: null,
    }
    const { streams, made } = asked({ ...samplePlan, audio: null, video: { ...samplePlan.video, encoder } })
    expect(streams).toEqual([])
    expect(made.inputs).toEqual(samplePlan.inputs)
  })
})
