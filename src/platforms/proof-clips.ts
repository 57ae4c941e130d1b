import type { Depth } from './chip.ts'

/** A clip of the proofs' picture ({@link patchAt}), 12 of them, as it lies below clips/proof. */
export interface ProofClip {
  /** FFmpeg's name of the codec. */
  readonly codec: string
  readonly bits: Depth
  readonly file: string
  readonly width: number
  readonly height: number
}

const full = { width: 1920, height: 1080 } as const
/** Films in older codecs are smaller, and a key frame in them has bits for every block, however plain it is. */
const small = { width: 640, height: 360 } as const

/** FFmpeg writes no VC-1, so that there is no clip of it, and no proof. */
export const proofClips: readonly ProofClip[] = [
  ...['h264', 'hevc', 'av1', 'vp9'].flatMap((codec) => clipsOf(codec, [8, 10], full)),
  ...clipsOf('vp8', [8], full),
  ...['mpeg1video', 'mpeg2video', 'mpeg4'].flatMap((codec) => clipsOf(codec, [8], small)),
]

function clipsOf(codec: string, depths: readonly Depth[], size: typeof full | typeof small): ProofClip[] {
  return depths.map((bits) => ({ codec, bits, file: `${codec}-${bits}.mkv`, ...size }))
}

/** Speeds are told for pictures of this size. */
export const measuredWidth: number = full.width

/** The clip of a codec and depth, where there is one. */
export function clipOf(codec: string, bits: number): ProofClip | undefined {
  return proofClips.find((clip) => clip.codec === codec && clip.bits === bits)
}
