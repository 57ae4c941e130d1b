import { describe, expect, it } from 'vitest'
import type {
  AudioStream,
  MediaInfo,
  MediaStream,
  SubtitleStream,
  VideoStream,
} from '../../media/media-info.ts'
import { reportedDuration, streamReports } from './stream-report.ts'

const common = {
  id: 0,
  profile: null,
  language: null,
  bitRate: null,
  timeBase: { num: 1, den: 1000 },
  startPts: 0,
  startSeconds: 0,
  durationSeconds: null,
  dispositions: [],
}

function video(difference: Partial<VideoStream> = {}): VideoStream {
  return {
    ...common,
    kind: 'video',
    index: 0,
    codec: 'h264',
    width: 1920,
    height: 1080,
    sampleAspectRatio: null,
    fieldOrder: 'progressive',
    averageRate: { num: 24000, den: 1001 },
    realRate: { num: 24000, den: 1001 },
    pixelFormat: 'yuv420p',
    level: 41,
    color: { range: null, space: null, transfer: null, primaries: null, chromaLocation: null },
    reorderFrames: 2,
    closedCaptions: false,
    attachedPicture: false,
    rotationDegrees: 0,
    bitsPerRawSample: 8,
    ...difference,
  }
}

function audio(difference: Partial<AudioStream> = {}): AudioStream {
  return {
    ...common,
    kind: 'audio',
    index: 1,
    codec: 'ac3',
    channels: 6,
    layout: '5.1(side)',
    sampleRate: 48000,
    sampleFormat: 'fltp',
    bitsPerSample: null,
    bitsPerRawSample: null,
    frameSize: 1536,
    ...difference,
  }
}

function subtitle(difference: Partial<SubtitleStream> = {}): SubtitleStream {
  return { ...common, kind: 'subtitle', index: 2, codec: 'subrip', ...difference }
}

function info(streams: readonly MediaStream[], difference: Partial<MediaInfo> = {}): MediaInfo {
  const about = {
    formats: ['mpegts'],
    startSeconds: 0,
    durationSeconds: 60,
    bitRate: null,
    sizeBytes: null,
  }
  return { ...about, streams, ...difference }
}

describe('stream calls', () => {
  it('name each film and sound stream before its profile is known', () => {
    const reports = streamReports(
      info([video({ profile: 'High' }), audio({ codec: 'dts', profile: 'DTS-HD MA' })]),
    )
    expect(reports.slice(0, 2)).toEqual([
      '/stream?index=0&id=0&codec=h264&type=video',
      '/stream?index=1&id=0&codec=dts&type=audio',
    ])
  })

  it('come after probing for AAC, with the profile, behind all others', () => {
    const streams = [
      audio({ index: 0, codec: 'aac', profile: 'HE-AAC v2', id: 1 }),
      video({ index: 1, id: 2 }),
    ]
    expect(streamReports(info(streams)).slice(0, 2)).toEqual([
      '/stream?index=1&id=2&codec=h264&type=video',
      '/stream?index=0&id=1&codec=aac&type=audio&profile=HE-AAC%20v2',
    ])
  })

  it('are not made for subtitles, data and cover pictures', () => {
    const other: MediaStream = { ...common, kind: 'other', index: 3, codec: null, type: 'data' }
    const cover = video({ index: 4, codec: 'mjpeg', attachedPicture: true, dispositions: ['attached_pic'] })
    const reports = streamReports(info([video(), audio(), subtitle(), other, cover]))
    expect(reports.filter((report) => report.startsWith('/stream?'))).toHaveLength(2)
    expect(reports.filter((report) => report.startsWith('/streamDetail?'))).toHaveLength(3)
    expect(reports.join()).not.toMatch(/mjpeg|data/)
  })
})

describe('stream details', () => {
  const detail = (stream: MediaStream) =>
    streamReports(info([stream])).find((report) => report.startsWith('/streamDetail?'))

  it('have every parameter of a picture in order', () => {
    const full = video({
      id: 256,
      bitRate: 5_000_000,
      profile: 'Main 10',
      language: 'eng',
      fieldOrder: 'tt',
      sampleAspectRatio: { num: 64, den: 45 },
      closedCaptions: true,
      dispositions: ['default', 'original'],
    })
    expect(detail(full)).toBe(
      '/streamDetail?index=0&id=256&codec=h264&type=video&bitrate=5000000&profile=Main%2010&language=eng' +
        '&width=1920&height=1080&interlaced=1&sar=64:45&level=41&frameRate=23.976&closedCaptions=1' +
        '&disp_default=1&disp_original=1',
    )
  })

  it('leave out what is not known of a picture', () => {
    expect(detail(video({ level: null, averageRate: null, fieldOrder: null }))).toBe(
      '/streamDetail?index=0&id=0&codec=h264&type=video&width=1920&height=1080&interlaced=0',
    )
  })

  it('have every parameter of a sound in order', () => {
    const full = audio({
      codec: 'flac',
      bitRate: 900_000,
      language: 'pt-BR',
      bitsPerSample: 0,
      bitsPerRawSample: 24,
      dispositions: ['visual_impaired', 'comment', 'dub'],
    })
    expect(detail(full)).toBe(
      '/streamDetail?index=1&id=0&codec=flac&type=audio&bitrate=900000&language=pt-BR' +
        '&channels=6&layout=5.1%28side%29&sampleRate=48000&bitDepth=24&disp_dub=1&disp_comment=1&disp_visual_impaired=1',
    )
  })

  it('are English in Matroska where nothing is said, as Plex reads it', () => {
    const streams = [video({ language: 'und' }), audio(), subtitle()]
    const languages = (formats: string[]) =>
      streamReports(info(streams, { formats })).flatMap((report) => /language=(\w+)/.exec(report)?.[1] ?? [])
    expect(languages(['matroska', 'webm'])).toEqual(['und', 'eng', 'eng'])
    expect(languages(['mpegts'])).toEqual(['und'])
  })

  it('count the channels of a sound without a layout', () => {
    expect(detail(audio({ channels: 9, layout: null }))).toContain('&channels=9&layout=9%20channels&')
  })

  it('have language and dispositions of a subtitle, the forced one too', () => {
    expect(detail(subtitle({ language: 'deu', dispositions: ['forced', 'hearing_impaired'] }))).toBe(
      '/streamDetail?index=2&id=0&codec=subrip&type=subtitle&language=deu&disp_forced=1&disp_hearing_impaired=1',
    )
  })

  it('are left out for a stream that FFmpeg did not understand', () => {
    expect(detail(video({ width: 0, height: 0 }))).toBeUndefined()
    expect(detail(audio({ sampleRate: 0 }))).toBeUndefined()
    expect(streamReports(info([audio({ codec: null })]))[0]).toContain('codec=none')
  })
})

describe('the reported duration', () => {
  it('is the container’s word', () => {
    expect(reportedDuration(info([video({ durationSeconds: 59 })]))).toBe(60)
    expect(reportedDuration(info([], { durationSeconds: null }))).toBeNull()
  })

  it('is the span of pictures and sound in MP4 and MOV', () => {
    const mp4 = { formats: ['mov', 'mp4', 'm4a'], durationSeconds: 60.5 }
    const streams = [video({ startSeconds: 0.08, durationSeconds: 60.2 }), audio({ durationSeconds: 60.1 })]
    expect(reportedDuration(info([...streams, subtitle({ durationSeconds: 90 })], mp4))).toBeCloseTo(60.28, 9)
    expect(reportedDuration(info([video(), audio()], mp4))).toBe(60.5)
  })
})
