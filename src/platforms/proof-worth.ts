import type { Capabilities } from './capabilities.ts'
import type { ComparedWork } from './proof-paths.ts'
import type { PlatformProof } from './proof-result.ts'

/**
 * Several tables may fit one machine: Intel's and AMD's VAAPI, NVIDIA's cards and boards. One that can do nothing that
 * another cannot is not offered.
 * @param proofs of chips, best first
 */
export function withoutTwins(proofs: readonly PlatformProof[]): readonly PlatformProof[] {
  return proofs.map((proof, index) => {
    const twin = proofs.find((other, at) => {
      if (at === index || !proof.capabilities || !other.capabilities || other.kept) return false
      const isWithin = within(proof.capabilities, other.capabilities)
      // Of two that can do the same the better one stays.
      return isWithin && (at < index || !within(other.capabilities, proof.capabilities))
    })
    return proof.kept || !twin ? proof : { ...proof, kept: `${twin.platform} can do all of it` }
  })
}

/** Whether whatever the first one can do the second one can. */
function within(one: Capabilities, other: Capabilities): boolean {
  const names = ({ decoders, filters, encoders }: Capabilities): string[] => [
    ...decoders.map(({ name, codec, bits }) => `${name} ${codec} ${bits}`),
    ...filters.map((name) => `filter ${name}`),
    ...encoders.map(({ name, bits }) => `${name} ${bits}`),
  ]
  const has = new Set(names(other))
  return names(one).every((name) => has.has(name))
}

/** Pictures per second of the same work. */
export interface SpeedsOfWork {
  readonly chip: number
  /** Null where that was not measured. */
  readonly processor: number | null
}

/** For plain work a chip may be so much slower than the processor, for what it saves at other work. */
const mayTake = { scale: 2, toneMap: 1 } as const satisfies Record<ComparedWork, number>

const words = { scale: 'scales', toneMap: 'makes HDR SDR of' } as const

/**
 * Why a chip that does nothing but filter is not worth the copying: where the processor maps tones as fast, or scales much
 * faster, as it does wherever the driver is a program on that very processor. Null where it is worth it, or nothing is known.
 */
export function slownessOf(work: ComparedWork, { chip, processor }: SpeedsOfWork): string | null {
  if (processor === null || chip * mayTake[work] > processor) return null
  const told = [chip, processor].map((speed) => Math.round(speed))
  return `it only filters, and is slow: it ${words[work]} ${told[0]} pictures a second, the processor ${told[1]}`
}
