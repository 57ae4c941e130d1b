import { toNumber } from '../media/rational.ts'
import type { Plan, VideoEncoder } from '../plan/plan.ts'
import type { FfmpegFacts } from './capabilities.ts'
import { filterTicks } from './ffmpeg-words.ts'

/**
 * Pictures by which libx264 or libx265 decodes ahead of showing, with what a plan tells it: what every lease of a session
 * has to have, or times of decoding would go backwards where two meet. Two where B-frames may lean on B-frames, as both
 * do unless told otherwise (x264 encoder.c `i_bframe_delay`, x265 encoder.cpp `m_bframeDelay`).
 */
export function reorderDelay({ codec, preset, tune, profile, tuning }: VideoEncoder): number {
  const told = (name: string): string | null | undefined =>
    tuning.findLast(([written]) => written.replaceAll('_', '-') === name)?.[1]
  const named = told('bframes')
  const none = profile === 'baseline' || tune === 'zerolatency'
  const usual = codec === 'h264' && preset === 'ultrafast' ? 0 : 3
  const most = none ? 0 : Number(named ?? usual)
  if (most === 0) return 0
  const leaning = told('b-pyramid') ?? 'normal'
  return most > 1 && leaning !== 'none' && leaning !== '0' ? 2 : 1
}

/** Gives pictures without B-frames the delay of the session's: they are decoded so much before they are shown. */
export function delayFilter({ video }: Plan, encoder: VideoEncoder, facts: FfmpegFacts): readonly string[] {
  const delay = reorderDelay(encoder)
  if (delay === 0) return []
  const rate = toNumber(video.rate)
  const ticks = Math.round((delay * filterTicks(facts, rate)) / rate)
  return ['-bsf:v', `setts=dts=PTS-${ticks}`]
}
