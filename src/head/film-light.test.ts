import { describe, expect, it } from 'vitest'
import type { FilmLight as Light } from '../media/read-light.ts'
import type { PictureOperation, Plan } from '../plan/plan.ts'
import { sampleInfo, sampleVideo } from '../plan/testing/sample-info.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { createFilmLight, wantsPeak, withPeak } from './film-light.ts'

const source = { path: '/films/film.mkv', info: sampleInfo() }
const minute = 60_000

/** A head's desk: sessions that come and go, and readings that end when told. */
function desk(peaks: [string, number][] = []) {
  const films = new Map(peaks)
  const logged: unknown[] = []
  const readings: { settle(light: Light): void; fail(error: Error): void; signal: AbortSignal }[] = []
  let nowMs = 0
  const light = createFilmLight({
    known: {
      of: (identity) => films.get(identity) ?? null,
      learn: async (identity, nits) => void films.set(identity, nits),
    },
    now: () => nowMs,
    log: {
      info: (facts: unknown) => void logged.push(facts),
      warn: (facts: unknown) => void logged.push(facts),
    },
    ffmpeg: 'ffmpeg',
    read: (_source, _stream, options) =>
      new Promise((settle, fail) => {
        readings.push({ settle, fail, signal: options!.signal! })
      }),
    afterMs: 1,
  })
  /** A session of the film, with what it takes; null is for one of an earlier head's that had taken nothing. */
  const begin = (identity = 'film', taken?: number | null) => {
    const job = new AbortController()
    const choice = light.of(identity, source, sampleVideo, job.signal)
    const nits = taken === undefined ? choice.nits[0] : taken
    choice.take(nits)
    return { nits, end: () => job.abort() }
  }
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { films, light, logged, readings, begin, pass }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('the peak of a film that does not say it', () => {
  it('is not known to its first session, however long that runs', async () => {
    const { begin, readings, films } = desk()
    const first = begin()
    expect(first.nits).toBeNull()
    await soon()
    readings[0]!.settle({ by: 'pictures', peakNits: 650 })
    await soon()
    expect(films.get('film')).toBe(650)
    expect(begin().nits).toBeNull()
  })

  it('is the same after a seek or a pause, and what was measured a quarter of an hour later', async () => {
    const { begin, readings, pass } = desk()
    const first = begin()
    await soon()
    readings[0]!.settle({ by: 'pictures', peakNits: 650 })
    await soon()
    first.end()
    pass(14 * minute)
    const second = begin()
    expect(second.nits).toBeNull()
    pass(60 * minute)
    second.end()
    pass(14 * minute)
    expect(begin().nits).toBeNull()
  })

  it('is what was measured for whoever comes later', async () => {
    const { begin, readings, pass } = desk()
    const first = begin()
    await soon()
    readings[0]!.settle({ by: 'stream', peakNits: 4000 })
    await soon()
    first.end()
    pass(16 * minute)
    expect(begin().nits).toBe(4000)
  })

  it('is what an earlier head has written down', () => {
    const { begin, readings } = desk([['film', 700]])
    expect(begin().nits).toBe(700)
    expect(begin('another').nits).toBeNull()
    expect(readings).toHaveLength(0)
  })

  it('can be what the session of an earlier head had, whatever is known by now', () => {
    const { light, begin } = desk([['film', 700]])
    expect(light.of('film', source, sampleVideo, new AbortController().signal).nits).toEqual([700, null])
    begin('film', null)
    expect(begin().nits).toBeNull()
  })
})

describe('looking at how bright a film gets', () => {
  it('happens once, though several watch it', async () => {
    const { begin, readings } = desk()
    begin()
    begin()
    await soon()
    expect(readings).toHaveLength(1)
  })

  it('does not happen where nobody watches it any more', async () => {
    const { begin, readings } = desk()
    begin().end()
    await soon()
    expect(readings).toHaveLength(0)
  })

  it('ends with the session, without a word, and is begun again by the next', async () => {
    const { begin, readings, logged } = desk()
    const first = begin()
    await soon()
    first.end()
    expect(readings[0]!.signal.aborted).toBe(true)
    readings[0]!.fail(new Error('aborted'))
    await soon()
    expect(logged).toEqual([])
    begin()
    await soon()
    expect(readings).toHaveLength(2)
  })

  it('is done of one film at a time', async () => {
    const { begin, readings } = desk()
    begin('one')
    begin('two')
    await soon()
    expect(readings).toHaveLength(1)
    readings[0]!.fail(new Error('no picture in it'))
    await soon()
    expect(readings).toHaveLength(2)
  })

  it('is logged where it fails, and leaves the film unknown', async () => {
    const { begin, readings, logged, films } = desk()
    begin()
    await soon()
    const error = new Error('no ffmpeg')
    readings[0]!.fail(error)
    await soon()
    expect(logged).toEqual([{ error, input: source.path }])
    expect(films.size).toBe(0)
  })

  it('leaves a film unknown in which nothing can be seen', async () => {
    const { begin, readings, films } = desk()
    begin()
    await soon()
    readings[0]!.settle(null)
    await soon()
    expect(films.size).toBe(0)
  })
})

describe('a plan and the peak of its film', () => {
  const toneMap: PictureOperation = { kind: 'tone-map', curve: 'bt2390', transfer: 'pq' }
  const plan = (...operations: PictureOperation[]): Plan => ({
    ...samplePlan,
    video: { ...samplePlan.video, operations },
  })

  it('belong together where tones are mapped from PQ and nothing says how bright it gets', () => {
    expect(wantsPeak(plan(toneMap))).toBe(true)
    expect(wantsPeak(plan())).toBe(false)
    expect(wantsPeak(plan({ ...toneMap, peakNits: 400 }))).toBe(false)
    expect(wantsPeak(plan({ ...toneMap, transfer: 'hlg' }))).toBe(false)
  })

  it('become one, and nothing else of the plan changes', () => {
    const scale: PictureOperation = { kind: 'scale', width: '1280', height: '720' }
    const before = plan(scale, toneMap)
    expect(withPeak(before, 650)).toEqual(plan(scale, { ...toneMap, peakNits: 650 }))
    expect(withPeak(before, null)).toBe(before)
    const said = plan({ ...toneMap, peakNits: 400 }, { ...toneMap, transfer: 'hlg' })
    expect(withPeak(said, 650)).toEqual(said)
  })
})
