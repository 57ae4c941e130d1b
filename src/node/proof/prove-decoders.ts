import type { Capabilities } from '../../platforms/capabilities.ts'
import type { Chip } from '../../platforms/chip.ts'
import type { Proof } from '../../platforms/proof.ts'
import {
  type DecoderProof,
  decoderProofs,
  hadHelp,
  talkativeDecoding,
  telling,
} from '../../platforms/proof-decoders.ts'
import { untried } from '../../platforms/proof-result.ts'
import type { Bench } from './bench.ts'
import { inTurns } from './in-turns.ts'
import type { ProofRows } from './proof-rows.ts'

/** Null where it works, else why not. */
export type Attempt = (proof: Proof) => Promise<string | null>

/** The telling ones first: where they fail the others are not tried. */
export async function proveDecoders(
  chip: Chip,
  about: Capabilities,
  { bench, atOnce }: { readonly bench: Bench; readonly atOnce: number },
  rows: ProofRows,
  attempt: Attempt,
): Promise<readonly DecoderProof[]> {
  const tried = async (proof: DecoderProof): Promise<string | null> => {
    const why = (await attempt(proof)) ?? (await fallBackOf(proof, bench))
    if (why) rows.change(proof.what, { why })
    return why
  }
  const isTelling = ({ decoder: { codec, bits } }: DecoderProof): boolean =>
    bits === telling.bits && telling.codecs.some((one) => one === codec)
  const all = decoderProofs(chip, about)
  const failures = new Map<string, number>()
  const first = await provedOf(all.filter(isTelling), atOnce, async (proof) => {
    const why = await tried(proof)
    const { name } = proof.decoder
    if (why !== null && why !== untried) failures.set(name, (failures.get(name) ?? 0) + 1)
    return why
  })
  const others = all.filter(
    (proof) => !isTelling(proof) && failures.get(proof.decoder.name) !== telling.codecs.length,
  )
  return [...first, ...(await provedOf(others, atOnce, tried))]
}

/** Those that work, in order; so many are tried at the same time. */
export async function provedOf<T extends Proof>(
  proofs: readonly T[],
  atOnce: number,
  attempt: (proof: T) => Promise<string | null>,
): Promise<readonly T[]> {
  const reasons = await inTurns(proofs, atOnce, attempt)
  return proofs.filter((_, index) => reasons[index] === null)
}

/** Why a decoder is none, though its pictures are right: they were made by the processor. */
async function fallBackOf(proof: DecoderProof, bench: Bench): Promise<string | null> {
  if (!proof.mayFallBack) return null
  const { words } = await bench.carryOut(talkativeDecoding(proof), proof.clip)
  return hadHelp(words) ? null : 'ffmpeg went on without it, on the processor'
}
