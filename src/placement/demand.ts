import type { Plan, VideoEncoder } from '../plan/plan.ts'

/**
 * What work is measured in: what one core of a reference machine makes in a second. A stream that asks for a demand of
 * 0.5 keeps half of such a core busy while it is made as fast as it plays.
 */

/** Pictures of the source, where they are known. */
export interface SourcePictures {
  readonly width: number
  readonly height: number
}

/**
 * One core makes 1.74 s of 720p at 25 frames a second in a second from 1080p in H.264, with x264's `veryfast`
 * (docs/benchmarks.md), so a second of it is 0.57 of a core; a third of that goes to decoding and scaling.
 */
const referenceDemand = 1 / 1.74
const decodingShare = 1 / 3
const referenceSource = 1920 * 1080
const referencePicture = 1280 * 720
const referenceRate = 25

/**
 * Processor time of x264's presets beside `veryfast`: of the two that are faster measured on one thread with the tuning
 * that Plex writes (subme=2, me=hex), 1080p to 720p of a noisy test picture, decoding taken off. Those that are slower are
 * rough: with them a job is never lowered to another slow one.
 */
const presetCost: Readonly<Record<string, number>> = {
  ultrafast: 0.52,
  superfast: 0.88,
  veryfast: 1,
  faster: 1.5,
  fast: 1.9,
  medium: 2.3,
  slow: 3.5,
  slower: 6,
  veryslow: 10,
}

/** x265 does about so much more for each picture, whatever the preset. */
const hevcCost = 4
const toneMapCost = 1
/** Packets are copied, nothing is decoded. */
const copyDemand = 0.02
/** One track of sound, decoded and encoded. */
const soundDemand = 0.03

/** Cores of the reference machine that a plan keeps busy while it is made in real time. */
export function demandOf(plan: Plan, source?: SourcePictures): number {
  const { video, audio } = plan
  const sound = audio ? soundDemand : 0
  if (video.encoder.codec === 'copy') return copyDemand + sound
  const rate = video.rate.num / video.rate.den / referenceRate
  const sourcePixels = source ? source.width * source.height : referenceSource
  const decoding = decodingShare * (sourcePixels / referenceSource) * (1 + mapping(plan))
  const encoding = (1 - decodingShare) * (outputPixels(plan, sourcePixels) / referencePicture)
  return referenceDemand * rate * (decoding + encoding * encoderCost(video.encoder)) + sound
}

function mapping({ video }: Plan): number {
  return video.operations.some(({ kind }) => kind === 'tone-map') ? toneMapCost : 0
}

function encoderCost({ codec, preset = 'medium' }: VideoEncoder): number {
  return (presetCost[preset] ?? presetCost.medium!) * (codec === 'hevc' ? hevcCost : 1)
}

/** Sizes may be expressions that only FFmpeg works out: then it is taken for as large as the source. */
function outputPixels({ video }: Plan, sourcePixels: number): number {
  const scale = video.operations.findLast((operation) => operation.kind === 'scale')
  const [width, height] = [Number(scale?.width), Number(scale?.height)]
  return width > 0 && height > 0 ? width * height : sourcePixels
}

/** Presets that are faster than what Plex asks for and change neither size nor rate nor which frames there are. */
const faster = ['superfast', 'ultrafast'] as const

/**
 * The same plan with a faster preset, fastest last; none where the job allows none. One session has one preset from
 * the first lease to the last, since encoders with other settings look different.
 */
export function fasterPlans(plan: Plan): readonly { readonly preset: string; readonly plan: Plan }[] {
  const { encoder } = plan.video
  if (encoder.codec !== 'h264') return []
  const own = presetCost[encoder.preset ?? 'medium']
  if (own === undefined) return []
  return faster
    .filter((preset) => presetCost[preset]! < own)
    .map((preset) => ({
      preset,
      plan: { ...plan, video: { ...plan.video, encoder: { ...encoder, preset } } },
    }))
}
