import type { PictureOperation, Plan, VideoEncoder } from '../plan/plan.ts'
import type { Depth } from './chip.ts'
import type { ProofClip } from './proof-clips.ts'
import { lookSize, type Turn } from './proof-judge.ts'
import { proofFrames, proofRate } from './proof-pattern.ts'

/** Segments of a proof: two, so that a key frame in the middle is proved as well. */
export const proofSegments = 2

/** Pictures of each. */
export const framesPerSegment: number = proofFrames / proofSegments

/** Segments of a lease by which a speed is measured: more than anything makes while it is. */
export const measuredSegments = 200

const measuredSegmentSeconds = 2

/** What a proof makes of a clip, as a session would. `measured` is one that goes on and on, over the same clip. */
export function proofPlan(
  clip: ProofClip,
  operations: readonly PictureOperation[],
  encoder: VideoEncoder,
  measured = false,
): Plan {
  const { codec, bits, file, width, height } = clip
  const frames = measured ? measuredSegments * measuredSegmentSeconds * proofRate.num : proofFrames
  return {
    inputs: [{ path: file, seekMarginSeconds: 0 }],
    video: {
      ...{ source: { input: 0, stream: 0 }, decoded: { codec, bits }, size: { width, height } },
      ...{ operations, rate: proofRate, fillFromZero: true, encoder },
    },
    audio: null,
    packaging: { kind: 'mpegts', maxDelayMicroseconds: 5_000_000, outputOffsetSeconds: 10 },
    timeline: {
      ...{ rate: proofRate, firstSlot: 0, firstSegment: 0, expectedEndSlot: frames },
      segmentSeconds: measured ? measuredSegmentSeconds : framesPerSegment / proofRate.num,
    },
  }
}

/** Pictures of a depth, in the formats that plans have. */
export const formatOf = (depth: Depth): PictureOperation => ({
  kind: 'format',
  pixelFormats: depth === 10 ? ['yuv420p10le'] : ['yuv420p'],
})

/** An encoder as most sessions want one: a quality under a cap. */
export function wantedEncoder(codec: 'h264' | 'hevc', preset: string): VideoEncoder {
  return { codec, crf: '20', maxrate: '12M', bufsize: '24M', preset, tuning: [] }
}

/**
 * The front of a lease, up to where its pictures would be encoded, which writes small copies of them instead, for
 * {@link judgePictures}. They go to the file `{output}/pictures`.
 */
export function lookInstead(args: readonly string[], turn?: Turn): readonly string[] {
  const end = args.findIndex((word) => word === '-fps_mode' || word === '-vsync')
  const front = args.slice(0, end + 2)
  const chain = front.lastIndexOf('-vf') + 1
  const look = [...front]
  look[chain] = `${front[chain]},${smallCopies(turn)}`
  return [...look, ...rawPictures, '-progress', '{progress}', '{output}/pictures']
}

/** Filters that make of pictures in memory what {@link judgePictures} takes. */
export function smallCopies(turn?: Turn): string {
  const isTurned = turn === 'clock' || turn === 'cclock'
  const [width, height] = isTurned ? [lookSize.height, lookSize.width] : [lookSize.width, lookSize.height]
  return `scale=w=${width}:h=${height}:flags=area,format=pix_fmts=yuv444p10le`
}

export const rawPictures: readonly string[] = ['-f', 'rawvideo']
