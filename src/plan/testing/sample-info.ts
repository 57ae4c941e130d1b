import type {
  AudioStream,
  MediaInfo,
  MediaStream,
  SubtitleStream,
  VideoStream,
} from '../../media/media-info.ts'

const common = {
  ...{
    id: 0,
    profile: null,
    language: null,
    bitRate: null,
    startPts: 0,
    startSeconds: 0,
    durationSeconds: 100,
  },
  ...{ timeBase: { num: 1, den: 90_000 }, dispositions: [] },
}

/** A picture of 1080 lines at 25 frames a second. */
export const sampleVideo: VideoStream = {
  ...common,
  ...{ kind: 'video', index: 0, codec: 'h264', width: 1920, height: 1080, level: 40, reorderFrames: 2 },
  ...{ averageRate: { num: 25, den: 1 }, realRate: { num: 25, den: 1 } },
  ...{ sampleAspectRatio: null, fieldOrder: 'progressive', pixelFormat: 'yuv420p', bitsPerRawSample: 8 },
  color: { range: null, space: null, transfer: null, primaries: null, chromaLocation: null },
  ...{ closedCaptions: false, attachedPicture: false, rotationDegrees: 0 },
}

/** Stereo AAC at 48 kHz. */
export const sampleAudio: AudioStream = {
  ...common,
  ...{ kind: 'audio', index: 1, codec: 'aac', profile: 'LC', channels: 2, layout: 'stereo' },
  ...{
    sampleRate: 48_000,
    sampleFormat: 'fltp',
    bitsPerSample: null,
    bitsPerRawSample: null,
    frameSize: 1_024,
  },
}

export const sampleSubtitle: SubtitleStream = { ...common, kind: 'subtitle', index: 2, codec: 'subrip' }

/** A file with these streams; their places become their indexes. */
export function sampleInfo(
  streams: readonly MediaStream[] = [sampleVideo, sampleAudio],
  change: Partial<Omit<MediaInfo, 'streams'>> = {},
): MediaInfo {
  return {
    ...{
      formats: ['mov', 'mp4'],
      startSeconds: 0,
      durationSeconds: 100,
      bitRate: null,
      sizeBytes: 1_000_000,
    },
    ...change,
    streams: streams.map((stream, index) => ({ ...stream, index })),
  }
}
