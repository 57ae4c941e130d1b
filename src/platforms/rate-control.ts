import type { VideoEncoder } from '../plan/plan.ts'

/**
 * What a plan wants of the rate, free of any encoder's names. Rates are bits per second, `bufferBits` is the size of the
 * decoder's buffer.
 */
export type RateControl =
  /** As many bits as the picture takes. */
  | { readonly kind: 'quality'; readonly factor: number }
  /** The same, but never more than the decoder's buffer allows. */
  | {
      readonly kind: 'capped'
      readonly factor: number
      readonly maxrate: number
      readonly bufferBits: number
    }
  /** So many in the mean; with a cap where there is one. */
  | {
      readonly kind: 'average'
      readonly bitrate: number
      readonly maxrate: number
      readonly bufferBits: number
    }
  /** Never more than the mean. */
  | { readonly kind: 'constant'; readonly bitrate: number; readonly bufferBits: number }

/** What libx264, libx265 and SVT-AV1 take when nothing is said (their own `--crf`). */
const usualFactor = { h264: 23, hevc: 28, av1: 35 } as const

/** Seconds of the cap that a decoder's buffer holds where the plan does not say: as Plex and Jellyfin write it. */
const usualBufferSeconds = 2

/** An encoder without a cap in its plan may go so far above the mean for a moment. */
const usualPeak = 2

/** What a plan's encoder wants of the rate. */
export function rateControl(encoder: VideoEncoder): RateControl {
  const maxrate = bitsOf(encoder.maxrate)
  const bitrate = bitsOf(encoder.bitrate)
  const factor = Number(encoder.crf ?? usualFactor[encoder.codec])
  const bufferBits = bitsOf(encoder.bufsize) ?? usualBufferSeconds * (maxrate ?? bitrate ?? 0)
  // A library with both goes by the factor.
  if (bitrate === null || encoder.crf !== undefined) {
    return maxrate === null ? { kind: 'quality', factor } : { kind: 'capped', factor, maxrate, bufferBits }
  }
  if (maxrate !== null && maxrate <= bitrate) return { kind: 'constant', bitrate: maxrate, bufferBits }
  const cap = maxrate ?? usualPeak * bitrate
  return { kind: 'average', bitrate, maxrate: cap, bufferBits: Math.max(bufferBits, cap) }
}

/** The rate that an encoder without a scale of quality is told, and the most it may take. */
export function ratesOf(
  control: RateControl,
  estimate: number | null,
): { mean: number; most: number; bufferBits: number } | null {
  if (control.kind === 'constant') {
    return { mean: control.bitrate, most: control.bitrate, bufferBits: control.bufferBits }
  }
  if (control.kind === 'average') {
    return { mean: control.bitrate, most: control.maxrate, bufferBits: control.bufferBits }
  }
  if (control.kind === 'capped') {
    const mean = estimate === null ? control.maxrate : Math.min(estimate, control.maxrate)
    return { mean, most: control.maxrate, bufferBits: control.bufferBits }
  }
  if (estimate === null) return null
  const most = usualPeak * estimate
  return { mean: estimate, most, bufferBits: usualBufferSeconds * most }
}

/** Bits for a pixel of a usual film by x264 at its usual factor: an estimate, not measured; six steps of the factor halve it. */
const usualBitsPerPixel = 0.09
const stepsToHalf = 6
/** What HEVC needs of the bits of H.264 at the usual factors of both (23 and 28): an estimate. */
const hevcShare = 0.65

/** Bits per second that a factor may come to: what a chip is told that knows no factors. */
export function estimatedRate(encoder: VideoEncoder, pixelsPerSecond: number): number {
  const usual = usualFactor[encoder.codec]
  const factor = Number(encoder.crf ?? usual)
  const share = encoder.codec === 'hevc' ? hevcShare : 1
  const bits = pixelsPerSecond * usualBitsPerPixel * share * 2 ** ((usual - factor) / stepsToHalf)
  return Math.round(bits / 1000) * 1000
}

const units: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, m: 1e6, M: 1e6 }

/** `3419k` as a number of bits; null where there is none. */
export function bitsOf(rate: string | undefined): number | null {
  const match = /^(\d+(?:\.\d+)?)([kKmM]?)$/.exec(rate ?? '')
  if (!match) return null
  const bits = Number(match[1]) * (units[match[2]!] ?? 1)
  return bits > 0 ? Math.round(bits) : null
}
