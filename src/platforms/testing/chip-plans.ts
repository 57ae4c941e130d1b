import type { PictureOperation, Plan, VideoEncoder } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'

const format: PictureOperation = { kind: 'format', pixelFormats: ['yuv420p', 'nv12'] }

/** A film in 4K and HDR10 that becomes 1080p in H.264, with quality, a cap, a profile and a level. */
export const hdrPlan: Plan = withVideo({
  decoded: { codec: 'hevc', bits: 10 },
  size: { width: 3840, height: 2160 },
  operations: [
    { kind: 'scale', width: '1920', height: '1080' },
    { kind: 'tone-map', curve: 'mobius', transfer: 'pq', peakNits: 4000, gradedNits: 4000 },
    format,
  ],
  encoder: {
    ...{ codec: 'h264', crf: '21', maxrate: '8M', bufsize: '16M', preset: 'fast' },
    ...{ profile: 'high', level: '4.1', tuning: [] },
  },
})

/** Interlaced television that becomes 720p in HEVC, with a rate of its own. */
export const televisionPlan: Plan = withVideo({
  decoded: { codec: 'h264', bits: 8 },
  operations: [
    { kind: 'deinterlace', method: 'yadif', fieldRate: false, markedOnly: true, parity: 'auto' },
    { kind: 'scale', width: '-2', height: '720', divisibleBy: 2 },
    format,
  ],
  encoder: { codec: 'hevc', bitrate: '2M', maxrate: '3M', bufsize: '6M', tuning: [] },
})

/** The sample plan with another picture. */
export function withVideo(change: Partial<Plan['video']>): Plan {
  return { ...samplePlan, video: { ...samplePlan.video, ...change } }
}

/** With another encoder. */
export function encodedAs(encoder: VideoEncoder, plan: Plan = hdrPlan): Plan {
  return { ...plan, video: { ...plan.video, encoder } }
}
