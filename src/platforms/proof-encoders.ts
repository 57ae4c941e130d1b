import type { Capabilities, ProvedEncoder } from './capabilities.ts'
import type { Chip } from './chip.ts'
import { type Proof, proofLease, tolerances } from './proof.ts'
import { clipOf } from './proof-clips.ts'
import { formatOf } from './proof-plan.ts'

export interface EncoderProof extends Proof {
  readonly encoder: ProvedEncoder
  /** The same, going on and on, for its speed. */
  readonly measured: readonly string[]
}

/** Every encoder with every depth, of pictures that the processor decodes. */
export function encoderProofs(chip: Chip, about: Capabilities): readonly EncoderProof[] {
  const all = chip.encoders.flatMap(({ codecs }) =>
    Object.entries(codecs).flatMap(([codec, { name, depths }]) =>
      depths.map((bits) => ({ codec, name, bits })),
    ),
  )
  return all.flatMap(({ codec, name, bits }) => {
    // AV1 has no encoder of a node's (noLibrary in software.ts).
    if (codec !== 'h264' && codec !== 'hevc') return []
    const clip = clipOf(bits === 10 ? 'hevc' : 'h264', bits)!
    const capabilities = { ...about, encoders: [{ name, bits }] }
    const work = { chip, capabilities, clip, operations: [formatOf(bits)], depth: bits, codec } as const
    const lease = proofLease({ ...work, rung: 'encode' })
    const measured = proofLease({ ...work, rung: 'encode', measured: true })
    if (!lease || !measured) return []
    return [
      {
        ...{ what: `encoding ${bits} bits by ${name}`, encoder: { name, bits }, clip, lease, measured },
        ...{ args: lease, writes: 'segments' as const },
        expected: { depth: bits, tolerance: tolerances.encoded },
      },
    ]
  })
}
