import type { PictureOperation } from '../plan/plan.ts'
import type { Capabilities } from './capabilities.ts'
import type { Chip, Depth } from './chip.ts'
import { type Proof, proofLease, tolerances } from './proof.ts'
import { clipOf, type ProofClip } from './proof-clips.ts'
import { toneMap } from './proof-filters.ts'
import type { ExpectedPictures } from './proof-judge.ts'
import { formatOf } from './proof-plan.ts'
import { type RungName, rungs } from './rungs.ts'

/** A whole way through the chip, as a session would go it. */
export interface PathProof extends Proof {
  readonly rung: RungName
  /** The same, going on and on, for its speed. */
  readonly measured: readonly string[]
}

interface Journey {
  readonly what: string
  readonly codec: string
  readonly bits: Depth
  readonly operations: readonly PictureOperation[]
  readonly to: 'h264' | 'hevc'
  readonly depth: Depth
  readonly expected: Partial<ExpectedPictures>
}

const scale: PictureOperation = { kind: 'scale', width: '1280', height: '720' }

/** Text and a font of the agent's own, which proofs draw white over the first patch. */
export const burnProofText: PictureOperation = {
  ...{ kind: 'burn-text', source: { input: 0, stream: 1 }, style: [], fonts: ['block.ttf'], alone: false },
}

/** The same of the processor and of chips, to be compared. */
export const comparedWork = {
  scale: { codec: 'h264', bits: 8, operations: [scale] },
  toneMap: { codec: 'hevc', bits: 10, operations: [scale, toneMap('hable', 'pq')] },
} as const satisfies Readonly<Record<string, Pick<Journey, 'codec' | 'bits' | 'operations'>>>

export type ComparedWork = keyof typeof comparedWork

/** A lease that goes on and on and does one of these on the chip, between a decoder and an encoder on the processor. */
export function filterMeasured(
  chip: Chip,
  proved: Capabilities,
  work: ComparedWork,
): { readonly measured: readonly string[]; readonly clip: ProofClip } | null {
  const { codec, bits } = comparedWork[work]
  const clip = clipOf(codec, bits)!
  const operations = [...comparedWork[work].operations, formatOf(8)]
  const asked = { chip, capabilities: proved, clip, operations, depth: 8, measured: true } as const
  const measured = proofLease({ ...asked, rung: 'filter', codec: 'h264' })
  return measured && { measured, clip }
}

const journeys: readonly Journey[] = [
  {
    ...{ what: 'h264, scaled, to h264', ...comparedWork.scale },
    ...{ to: 'h264', depth: 8, expected: {} },
  },
  {
    ...{ what: 'HDR10 in hevc, scaled and made SDR, to h264', ...comparedWork.toneMap },
    ...{ to: 'h264', depth: 8 },
    expected: { toneMapped: true },
  },
  {
    ...{ what: 'hevc of 10 bits, scaled, to hevc of 10 bits', codec: 'hevc', bits: 10 },
    ...{ operations: [scale], to: 'hevc', depth: 10, expected: {} },
  },
  {
    ...{ what: 'hevc, scaled, with text burnt in, to h264', codec: 'hevc', bits: 8 },
    ...{ operations: [scale, burnProofText], to: 'h264', depth: 8, expected: { burnt: true } },
  },
]

/** By journey: the ways that a chip has for it with what is proved, best first, without the processor's own. */
export function pathProofs(chip: Chip, proved: Capabilities): readonly (readonly PathProof[])[] {
  return journeys.map((journey) => {
    const seen = new Set<string>()
    return rungs.flatMap(({ name }) => {
      const proof = name === 'software' ? null : pathProof(chip, proved, journey, name)
      if (!proof || seen.has(proof.lease.join('\n'))) return []
      seen.add(proof.lease.join('\n'))
      return [proof]
    })
  })
}

function pathProof(
  chip: Chip,
  capabilities: Capabilities,
  journey: Journey,
  rung: RungName,
): PathProof | null {
  const { what, codec, bits, to, depth, expected } = journey
  const clip = clipOf(codec, bits)!
  const operations = [...journey.operations, formatOf(depth)]
  const work = { chip, capabilities, clip, operations, depth, rung, codec: to }
  const lease = proofLease(work)
  const measured = proofLease({ ...work, measured: true })
  if (!lease || !measured) return null
  return {
    ...{ what: `${what} (${rung})`, rung, clip, lease, measured, args: lease, writes: 'segments' },
    expected: { depth, tolerance: tolerances.encoded, ...expected },
  }
}
