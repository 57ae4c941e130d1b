import type { AudioPart, Plan } from '../plan.ts'

/** Sound that begins with the picture, as AAC at 48 kHz. */
export const sampleSound: AudioPart = {
  source: { input: 0, stream: 1 },
  firstSampleSeconds: 0,
  seekSeconds: 0,
  operations: [{ kind: 'resample', async: '1', rate: '48000' }],
  encoder: { codec: 'aac', bitrate: '128k', rate: 48_000 },
}

/** A plan of a film of 12 s at 25 frames a second, in segments of 2 s, as a whole-file job has one. */
export const samplePlan: Plan = {
  inputs: [{ path: '/media/film.mkv', seekMarginSeconds: 0.25 }],
  video: {
    source: { input: 0, stream: 0 },
    operations: [{ kind: 'format', pixelFormats: ['yuv420p'] }],
    rate: { num: 25, den: 1 },
    fillFromZero: true,
    encoder: { codec: 'h264', crf: '21', preset: 'veryfast', tuning: [] },
  },
  audio: sampleSound,
  packaging: { kind: 'mpegts', maxDelayMicroseconds: 5_000_000, outputOffsetSeconds: 10 },
  timeline: {
    rate: { num: 25, den: 1 },
    firstSlot: 0,
    firstSegment: 0,
    segmentSeconds: 2,
    expectedEndSlot: 300,
  },
}
