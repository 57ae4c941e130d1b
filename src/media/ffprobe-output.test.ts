import { describe, expect, it } from 'vitest'
import { ffprobeOutput, mediaInfo } from './ffprobe-output.ts'
import type { AudioStream, MediaStream, VideoStream } from './media-info.ts'

const format = {
  format_name: 'matroska,webm',
  start_time: '0.000000',
  duration: '10.500000',
  size: '1000',
  bit_rate: '761',
}

function streamOf(fields: Record<string, unknown>): MediaStream {
  const output = ffprobeOutput.parse({ format, streams: [{ index: 0, time_base: '1/1000', ...fields }] })
  return mediaInfo(output).streams[0]!
}
const video = (fields: Record<string, unknown> = {}) =>
  streamOf({ codec_type: 'video', codec_name: 'h264', ...fields }) as VideoStream
const audio = (fields: Record<string, unknown> = {}) =>
  streamOf({ codec_type: 'audio', codec_name: 'aac', ...fields }) as AudioStream

describe('the container', () => {
  it('has every name, and numbers for what ffprobe prints as text', () => {
    expect(mediaInfo(ffprobeOutput.parse({ format, streams: [] }))).toEqual({
      formats: ['matroska', 'webm'],
      startSeconds: 0,
      durationSeconds: 10.5,
      bitRate: 761,
      sizeBytes: 1_000,
      streams: [],
    })
  })

  it('starts at 0 and has no duration, size or bit rate where ffprobe knows none', () => {
    const info = mediaInfo(ffprobeOutput.parse({ format: { format_name: 'h264', duration: 'N/A' } }))
    expect(info).toMatchObject({
      startSeconds: 0,
      durationSeconds: null,
      sizeBytes: null,
      bitRate: null,
      streams: [],
    })
  })

  it('keeps its duration apart from the streams own', () => {
    const info = mediaInfo(
      ffprobeOutput.parse({
        format,
        streams: [{ index: 0, time_base: '1/90000', codec_type: 'video', duration: '9.9' }],
      }),
    )
    expect([info.durationSeconds, info.streams[0]!.durationSeconds]).toEqual([10.5, 9.9])
  })

  it('is plain data that survives JSON', () => {
    const info = mediaInfo(ffprobeOutput.parse({ format, streams: [{ index: 0, time_base: '1/1000' }] }))
    expect(JSON.parse(JSON.stringify(info))).toEqual(info)
  })
})

describe('any stream', () => {
  it('has the number that the container gives it, which ffprobe prints in hexadecimal', () => {
    expect(video({ id: '0x100' }).id).toBe(256)
    expect(video().id).toBe(0)
  })

  it('has no profile where FFmpeg has no name for it', () => {
    expect(video({ profile: 'Constrained Baseline' }).profile).toBe('Constrained Baseline')
    expect(video({ profile: '578' }).profile).toBeNull()
    expect(video({ profile: '-99' }).profile).toBeNull()
    expect(video({ profile: 'unknown' }).profile).toBeNull()
    expect(video().profile).toBeNull()
  })

  it('takes its duration from the Matroska tag where it has no other', () => {
    const tags = { DURATION: '01:02:03.500000000', LANGUAGE: 'ger' }
    expect(video({ tags })).toMatchObject({ durationSeconds: 3_723.5, language: 'ger' })
    expect(video({ tags, duration: '4.000000' }).durationSeconds).toBe(4)
    expect(video({ tags: { DURATION: 'long' } })).toMatchObject({ durationSeconds: null, language: null })
  })

  it('lists the dispositions that are set, in the order of ffprobe', () => {
    const disposition = { default: 1, dub: 0, forced: 1, hearing_impaired: 1, captions: 0 }
    expect(audio({ disposition }).dispositions).toEqual(['default', 'forced', 'hearing_impaired'])
    expect(audio().dispositions).toEqual([])
  })

  it('keeps its exact start beside the seconds', () => {
    const stream = video({ time_base: '1/90000', start_pts: 137_250, start_time: '1.525000' })
    expect(stream).toMatchObject({
      startPts: 137_250,
      startSeconds: 1.525,
      timeBase: { num: 1, den: 90_000 },
    })
    expect(video()).toMatchObject({ startPts: null, startSeconds: null })
  })

  it('is told by kind, also those that are neither seen nor heard', () => {
    expect(streamOf({ codec_type: 'subtitle', codec_name: 'subrip' })).toMatchObject({
      kind: 'subtitle',
      codec: 'subrip',
    })
    expect(streamOf({ codec_type: 'data' })).toMatchObject({ kind: 'other', type: 'data', codec: null })
    expect(streamOf({})).toMatchObject({ kind: 'other', type: null })
  })

  it('cannot do without a time base', () => {
    expect(() => streamOf({ time_base: '0/0' })).toThrow(RangeError)
  })
})

describe('a video stream', () => {
  it('has rates and shapes as fractions, none where FFmpeg prints 0', () => {
    const stream = video({
      sample_aspect_ratio: '64:45',
      avg_frame_rate: '24000/1001',
      r_frame_rate: '1000/1',
    })
    expect(stream.sampleAspectRatio).toEqual({ num: 64, den: 45 })
    expect(stream.averageRate).toEqual({ num: 24_000, den: 1_001 })
    expect(stream.realRate).toEqual({ num: 1_000, den: 1 })
    const unknown = video({ sample_aspect_ratio: '0:1', avg_frame_rate: '0/0' })
    expect(unknown).toMatchObject({ sampleAspectRatio: null, averageRate: null, realRate: null })
  })

  it('knows levels, fields, colours, captions and turns', () => {
    const stream = video({
      level: 41,
      field_order: 'tt',
      pix_fmt: 'yuv420p10le',
      color_range: 'tv',
      color_space: 'bt2020nc',
      color_transfer: 'smpte2084',
      color_primaries: 'bt2020',
      chroma_location: 'left',
      has_b_frames: 2,
      closed_captions: 1,
      bits_per_raw_sample: '10',
      side_data_list: [{ side_data_type: 'DOVI configuration record' }, { rotation: -90 }],
    })
    expect(stream).toMatchObject({
      level: 41,
      fieldOrder: 'tt',
      pixelFormat: 'yuv420p10le',
      color: {
        range: 'tv',
        space: 'bt2020nc',
        transfer: 'smpte2084',
        primaries: 'bt2020',
        chromaLocation: 'left',
      },
      reorderFrames: 2,
      closedCaptions: true,
      bitsPerRawSample: 10,
      rotationDegrees: -90,
    })
  })

  it.each([
    ['MaxCLL', [{ max_content: 812 }, { max_luminance: '10000000/10000' }], 812],
    [
      'the mastering display, where MaxCLL is 0',
      [{ max_content: 0 }, { max_luminance: '40000000/10000' }],
      4000,
    ],
    ['the mastering display', [{ max_luminance: '6037000/10000' }], 603.7],
    ['nothing, where it cannot be', [{ max_luminance: '1000/10000' }, { max_content: 65_535 }], undefined],
    ['nothing, where it is 0', [{ max_luminance: '0/10000' }], undefined],
    ['nothing, where there is no such data', [], undefined],
  ])('takes the brightest from %s', (_what, side_data_list, peak) => {
    expect(video({ side_data_list }).peakNits).toBe(peak)
  })

  it.each([
    [5, 0, 'none'],
    [5, undefined, 'none'],
    [7, 6, 'hdr10'],
    [7, undefined, 'hdr10'],
    [8, 1, 'hdr10'],
    [8, 2, 'sdr'],
    [8, 4, 'hlg'],
    [10, 0, 'none'],
    [10, 1, 'hdr10'],
    [9, 2, 'sdr'],
    [8, undefined, undefined],
    [8, 3, undefined],
  ])('knows what Dolby Vision of profile %s with base %s is to others: %s', (profile, base, what) => {
    const data = { dv_profile: profile, dv_bl_signal_compatibility_id: base }
    const stream = video({ side_data_list: [{ rotation: 0 }, data] })
    expect([stream.dolbyVisionProfile, stream.dolbyVisionBase]).toEqual([profile, what])
  })

  it('knows of no Dolby Vision where there is none', () => {
    const stream = video({ side_data_list: [{ rotation: 0 }, { max_content: 900 }] })
    expect(stream).not.toHaveProperty('dolbyVisionProfile')
    expect(stream).not.toHaveProperty('dolbyVisionBase')
  })

  it('leaves open what the file does not say', () => {
    const stream = video({ level: -99, field_order: 'unknown', color_space: 'unknown' })
    expect(stream).toMatchObject({ level: null, fieldOrder: null, reorderFrames: 0, closedCaptions: false })
    expect(stream.color).toEqual({
      range: null,
      space: null,
      transfer: null,
      primaries: null,
      chromaLocation: null,
    })
    expect(stream.rotationDegrees).toBe(0)
  })

  it('may be a cover', () => {
    expect(video({ disposition: { attached_pic: 1 } }).attachedPicture).toBe(true)
    expect(video({ disposition: { attached_pic: 0 } }).attachedPicture).toBe(false)
  })
})

describe('an audio stream', () => {
  it('has channels, layout, rate and depth', () => {
    const fields = { channels: 6, channel_layout: '5.1(side)', sample_rate: '48000', bits_per_sample: 24 }
    expect(audio({ ...fields, codec_name: 'pcm_s24le' })).toMatchObject({
      channels: 6,
      layout: '5.1(side)',
      sampleRate: 48_000,
      bitsPerSample: 24,
    })
    expect(audio({ channels: 3, bits_per_sample: 0, bits_per_raw_sample: '0' })).toMatchObject({
      layout: null,
      bitsPerSample: null,
      bitsPerRawSample: null,
    })
  })

  it.each([
    ['aac', 'LC', '48000', 1_024],
    ['aac', 'HE-AACv2', '48000', 2_048],
    ['aac', 'ELD', '48000', null],
    ['aac', undefined, '48000', null],
    ['ac3', undefined, '48000', 1_536],
    ['mp2', undefined, '44100', 1_152],
    ['mp3', undefined, '44100', 1_152],
    ['mp3', undefined, '22050', 576],
    ['flac', undefined, '48000', null],
  ])('packs %s %s at %s Hz as %s samples', (codec_name, profile, sample_rate, frameSize) => {
    expect(audio({ codec_name, profile, sample_rate }).frameSize).toBe(frameSize)
  })
})
