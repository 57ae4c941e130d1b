/** Constants of ST 2084. */
const [m1, m2, c1, c2, c3] = [
  2610 / 16_384,
  (2523 / 4096) * 128,
  3424 / 4096,
  (2413 / 4096) * 32,
  (2392 / 4096) * 32,
]

/** Light in nits of a PQ signal from 0 to 1: the EOTF of ST 2084. */
export function pqNits(signal: number): number {
  const power = signal ** (1 / m2)
  return 10_000 * (Math.max(0, power - c1) / (c2 - c3 * power)) ** (1 / m1)
}

const codes = 1024

/** Of a frame so many pixels in a million may be brighter than what is taken for its brightest: noise, a logo's edge. */
const leftOutPerMillion = 100

/**
 * The brightest that a picture gets, in nits: of the largest of R, G and B of each pixel, but for the brightest ten
 * thousandth. `planes` are three planes of 10-bit PQ, one after the other.
 */
export function brightestNits(planes: Uint16Array): number {
  const pixels = Math.floor(planes.length / 3)
  const histogram = new Uint32Array(codes)
  for (let at = 0; at < pixels; at += 1) {
    const code = Math.max(planes[at]!, planes[at + pixels]!, planes[at + 2 * pixels]!)
    histogram[Math.min(code, codes - 1)]! += 1
  }
  let left = Math.floor((pixels * leftOutPerMillion) / 1e6)
  let code = codes - 1
  while (code > 0 && histogram[code]! <= left) {
    left -= histogram[code]!
    code -= 1
  }
  return pqNits(code / (codes - 1))
}

/** Nothing is made of a peak below the white that a tone map aims at (BT.2408), and PQ ends at the other. */
const peakRangeNits = { least: 203, most: 10_000 }

/** Highlights lie between the places that were looked at too: what was found is rounded up to a step of so many nits. */
const stepNits = 50

/** The peak of a film whose brightest places are these, in nits; null where nothing could be looked at. */
export function measuredPeak(places: readonly number[]): number | null {
  if (places.length === 0) return null
  // A hair less, so that what was rounded up once is not rounded up again.
  const nits = Math.ceil((Math.max(...places) - 1e-6) / stepNits) * stepNits
  return Math.min(peakRangeNits.most, Math.max(peakRangeNits.least, nits))
}
