import type { Capabilities, ProvedDecoder } from './capabilities.ts'
import type { Chip } from './chip.ts'
import { type Proof, proofLease, tolerances } from './proof.ts'
import { clipOf } from './proof-clips.ts'
import { formatOf, lookInstead } from './proof-plan.ts'

/** A way to decode, to be proved with one codec and depth. */
export interface DecoderProof extends Proof {
  readonly decoder: ProvedDecoder
  /**
   * FFmpeg is asked for a chip's help with its own decoder, and goes on without a word where there is none; nothing in the
   * pictures shows who made them.
   */
  readonly mayFallBack: boolean
}

/** What every decoder has that has anything: where both fail nothing else of it is tried. */
export const telling = { codecs: ['h264', 'hevc'], bits: 8 } as const

/** Every way to decode that there is a clip for, of each the most telling first. */
export function decoderProofs(chip: Chip, about: Capabilities): readonly DecoderProof[] {
  const all = chip.decoders.flatMap((decoder) =>
    Object.entries(decoder.codecs).flatMap(([codec, depths]) =>
      depths.map((bits) => ({ decoder, codec, bits, depth: decoder.depth ?? bits })),
    ),
  )
  const rank = ({ codec, bits }: (typeof all)[number]): number =>
    bits === telling.bits && telling.codecs.some((one) => one === codec) ? 0 : 1
  const inOrder = all.toSorted((one, other) => rank(one) - rank(other))
  return inOrder.flatMap(({ decoder: { name, gives }, codec, bits, depth }) => {
    const clip = clipOf(codec, bits)
    const claimed = { name, codec, bits }
    const capabilities = { ...about, decoders: [claimed] }
    const work = { chip, capabilities, operations: [formatOf(depth)], depth, rung: 'decode' } as const
    const lease = clip ? proofLease({ ...work, clip }) : null
    if (!clip || !lease) return []
    return [
      {
        ...{ what: `decoding ${codec} of ${bits} bits by ${name}`, decoder: claimed, clip, lease },
        ...{ args: lookInstead(lease), writes: 'pictures' as const },
        expected: { depth: bits, tolerance: depth < bits ? tolerances.filtered : tolerances.exact },
        mayFallBack: gives === 'memory' && lease.includes('-hwaccel'),
      },
    ]
  })
}

/** The same decoder over the clip and over again, its pictures left where they come out. */
export function measuredDecoding({ lease }: Proof): readonly string[] {
  const front = lease.slice(0, lease.indexOf('-i') + 2)
  return [...front, '-map', '0:v:0', '-f', 'null', '-progress', '{progress}', '-']
}

/** The same once, with FFmpeg telling what it chooses. */
export function talkativeDecoding(proof: Proof): readonly string[] {
  const args = measuredDecoding(proof)
  return args.map((word, index) => (args[index - 1] === '-v' ? 'debug' : word))
}

/**
 * Whether FFmpeg's own decoder had the help it asked for, by what it says of the formats that it chose among (get_format
 * in libavcodec/decode.c, from 3.4 to 8): with help they are those of hardware.
 */
export function hadHelp(words: string): boolean {
  const chosen = [...words.matchAll(/Format (\S+) chosen by get_format/g)].map((match) => match[1]!)
  return chosen.length > 0 && !plainFormats.test(chosen.at(-1)!)
}

const plainFormats = /^(yuv|gray|nv1[26]|p01[06]|gbr)/
