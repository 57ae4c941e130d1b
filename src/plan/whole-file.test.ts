import { describe, expect, it } from 'vitest'
import type { MediaInfo } from '../media/media-info.ts'
import { expectedEndSegment, frameCount } from '../media/timeline.ts'
import type { Plan } from './plan.ts'
import { sampleAudio, sampleInfo, sampleSubtitle, sampleVideo } from './testing/sample-info.ts'
import { planWholeFile, type WholeFileWish } from './whole-file.ts'

const wish: WholeFileWish = {
  ...{ codec: 'h264', quality: 21, preset: 'veryfast', audio: 'aac', audioBitrate: 160 },
}

function planOf(info: MediaInfo = sampleInfo(), change: Partial<WholeFileWish> = {}): Plan {
  const plan = planWholeFile('/media/film.mp4', info, { ...wish, ...change })
  if ('out' in plan) throw new Error(plan.out)
  return plan
}

describe('the plan of a whole file', () => {
  it('makes what was wished for', () => {
    const plan = planOf(sampleInfo(), {
      codec: 'hevc',
      quality: 24,
      preset: 'fast',
      audio: 'ac3',
      audioBitrate: 384,
    })
    expect(plan.inputs).toMatchObject([{ path: '/media/film.mp4' }])
    expect(plan.video.encoder).toEqual({ codec: 'hevc', crf: '24', preset: 'fast', tuning: [] })
    expect(plan.audio!.encoder).toEqual({ codec: 'ac3', bitrate: '384k', rate: 48_000 })
  })

  it('takes the first picture that is no cover, and the first sound', () => {
    const streams = [
      { ...sampleVideo, attachedPicture: true },
      sampleSubtitle,
      sampleVideo,
      sampleAudio,
      sampleAudio,
    ]
    const plan = planOf(sampleInfo(streams))
    expect([plan.video.source.stream, plan.audio!.source.stream]).toEqual([2, 3])
  })

  it('keeps the languages', () => {
    const streams = [
      { ...sampleVideo, language: 'eng' },
      { ...sampleAudio, language: 'ger' },
    ]
    const plan = planOf(sampleInfo(streams))
    expect([plan.video.language, plan.audio!.language]).toEqual(['eng', 'ger'])
    expect(planOf().video).not.toHaveProperty('language')
  })

  it('has no sound where none is wished for, or none is there', () => {
    expect(planOf(sampleInfo(), { audio: 'none' }).audio).toBeNull()
    expect(planOf(sampleInfo([sampleVideo])).audio).toBeNull()
  })

  it.each([
    ['nothing but sound', [sampleAudio]],
    ['a cover alone', [{ ...sampleVideo, attachedPicture: true }, sampleAudio]],
    ['nothing', []],
  ])('is none for a file with %s', (_name, streams) => {
    expect(planWholeFile('/a', sampleInfo(streams), wish)).toEqual({ out: 'it has no picture' })
  })
})

describe('the size of its picture', () => {
  const sizesOf = (change: Partial<typeof sampleVideo>, height?: number) =>
    planOf(sampleInfo([{ ...sampleVideo, ...change }]), { height }).video.operations.filter(
      ({ kind }) => kind === 'scale',
    )

  it('stays as it is', () => {
    expect(sizesOf({})).toEqual([])
  })

  it('follows the wished lines, which are even', () => {
    expect(sizesOf({}, 720)).toEqual([{ kind: 'scale', width: '-2', height: '720' }])
    expect(sizesOf({}, 481)).toEqual([{ kind: 'scale', width: '-2', height: '480' }])
  })

  it.each([
    [1919, 1080],
    [1920, 1079],
  ])('of %ix%i, which no encoder takes, loses a line', (width, height) => {
    expect(sizesOf({ width, height })).toMatchObject([{ width: 'trunc(iw/2)*2', height: 'trunc(ih/2)*2' }])
  })

  it('ends with a format that every player knows', () => {
    expect(planOf().video.operations.at(-1)).toEqual({ kind: 'format', pixelFormats: ['yuv420p'] })
  })
})

describe('its timeline', () => {
  const timelineOf = (seconds: number | null, change: Partial<typeof sampleVideo> = {}) =>
    planOf(
      sampleInfo([{ ...sampleVideo, durationSeconds: seconds, ...change }], { durationSeconds: seconds }),
    ).timeline

  it('covers the file', () => {
    const timeline = timelineOf(100)
    expect(timeline).toMatchObject({ firstSlot: 0, firstSegment: 0, expectedEndSlot: 2_500 })
    let frames = 0
    for (let segment = 0; segment < expectedEndSegment(timeline); segment++)
      frames += frameCount(timeline, segment)
    expect(frames).toBe(2_500)
  })

  it.each([
    ['a short file', 10, 1],
    ['a film', 7_200, 2],
  ])('has segments short enough to share %s out', (_name, seconds, segmentSeconds) => {
    expect(timelineOf(seconds).segmentSeconds).toBe(segmentSeconds)
  })

  it('has segments of one picture at least, however slowly they change', () => {
    const slow = { num: 1, den: 5 }
    const timeline = timelineOf(100, { averageRate: slow, realRate: slow })
    expect(timeline.segmentSeconds).toBe(5)
    expect(frameCount(timeline, 0)).toBe(1)
  })

  it('begins at the slot of a picture that comes after the sound', () => {
    const info = sampleInfo([{ ...sampleVideo, startSeconds: 2.1 }, sampleAudio], { startSeconds: 1.4 })
    const plan = planOf(info)
    expect(plan.timeline.firstSlot).toBe(18)
    expect(plan.video).toMatchObject({ fillFromZero: false })
  })

  it('expects nothing where the file does not say how long it is', () => {
    expect(timelineOf(null).expectedEndSlot).toBe(0)
  })
})
