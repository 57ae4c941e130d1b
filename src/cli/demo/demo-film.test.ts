import { describe, expect, it } from 'vitest'
import type { AudioStream, MediaInfo, MediaStream, VideoStream } from '../../media/media-info.ts'
import { describeFilm, fittedSize } from './demo-film.ts'

const anyStream = {
  ...{ id: 1, profile: null, language: 'eng', bitRate: null, timeBase: { num: 1, den: 90_000 } },
  ...{ startPts: 0, startSeconds: 0, durationSeconds: 20, dispositions: [] },
}
const picture: VideoStream = {
  ...{ ...anyStream, kind: 'video', index: 0, codec: 'h264', width: 1920, height: 1080 },
  ...{ sampleAspectRatio: null, fieldOrder: null, pixelFormat: 'yuv420p', level: 40, reorderFrames: 2 },
  averageRate: { num: 24_000, den: 1001 },
  realRate: { num: 24_000, den: 1001 },
  color: { range: null, space: null, transfer: null, primaries: null, chromaLocation: null },
  ...{ closedCaptions: false, attachedPicture: false, rotationDegrees: 0, bitsPerRawSample: null },
}
const sound: AudioStream = {
  ...{ ...anyStream, kind: 'audio', index: 1, codec: 'dts', language: null, channels: 6, layout: '5.1' },
  ...{ sampleRate: 48_000, sampleFormat: null, bitsPerSample: null, bitsPerRawSample: null, frameSize: null },
}
const info = (streams: MediaStream[]): MediaInfo => ({
  ...{ formats: ['matroska'], startSeconds: 0, durationSeconds: 20, bitRate: null, sizeBytes: 1 },
  streams,
})

describe('a film as a media server knows it', () => {
  it('has the first picture and the first sound, with the decoders that Plex names', () => {
    expect(describeFilm('/films/a.mkv', info([picture, sound, { ...sound, index: 2 }]))).toEqual({
      path: '/films/a.mkv',
      picture: { index: 0, decoder: 'h264', language: 'eng', width: 1280, height: 720, rate: '23.976' },
      sound: { index: 1, decoder: 'dca', language: null },
      durationSeconds: 20,
    })
  })

  it('may be silent', () => {
    expect(describeFilm('/a', info([picture])).sound).toBeNull()
  })

  it('leaves the choice of a decoder to FFmpeg where the codec is none of the usual', () => {
    expect(describeFilm('/a', info([{ ...picture, codec: 'prores' }])).picture.decoder).toBeNull()
    expect(describeFilm('/a', info([{ ...picture, codec: null }])).picture.decoder).toBeNull()
  })

  it('passes over a cover to the picture behind it', () => {
    const cover = { ...picture, attachedPicture: true }
    expect(describeFilm('/a', info([cover, { ...picture, index: 1 }])).picture.index).toBe(1)
  })

  it('is none without a picture', () => {
    expect(() => describeFilm('/a.mp3', info([sound]))).toThrow(
      expect.objectContaining({ code: 'E_PROBE_INVALID', where: expect.stringContaining('/a.mp3') }),
    )
  })

  it('has no rate where the file names none', () => {
    expect(
      describeFilm('/a', info([{ ...picture, averageRate: null, realRate: null }])).picture.rate,
    ).toBeNull()
  })
})

describe('the size that is asked for', () => {
  it.each([
    ['the frame itself', { width: 1920, height: 1080 }, { width: 1280, height: 720 }],
    ['a wide film by its width', { width: 3840, height: 1600 }, { width: 1280, height: 534 }],
    ['an old one by its height', { width: 1440, height: 1080 }, { width: 960, height: 720 }],
    ['a small one as it is', { width: 640, height: 360 }, { width: 640, height: 360 }],
    ['odd lengths made even', { width: 641, height: 361 }, { width: 642, height: 362 }],
    ['never nothing', { width: 1, height: 1 }, { width: 2, height: 2 }],
    [
      'pixels that are not square',
      { width: 720, height: 576, sampleAspectRatio: { num: 64, den: 45 } },
      { width: 1024, height: 576 },
    ],
    [
      'a film that lies on its side',
      { width: 1920, height: 1080, rotationDegrees: -90 },
      { width: 406, height: 720 },
    ],
    ['a film on its head', { width: 1920, height: 1080, rotationDegrees: 180 }, { width: 1280, height: 720 }],
  ])('is %s', (_what, given, wanted) => {
    expect(fittedSize({ ...picture, ...given })).toEqual(wanted)
  })
})
