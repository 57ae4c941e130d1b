import type { ProvedDecoder, ProvedEncoder } from '../../platforms/capabilities.ts'
import { nothingProved } from '../../platforms/proof.ts'
import { measuredDecoding } from '../../platforms/proof-decoders.ts'
import { unlistedIn } from '../../platforms/proof-listing.ts'
import type { PlatformProof } from '../../platforms/proof-result.ts'
import { pacelineProofs, type SoftwareProof, softwareProofs } from '../../platforms/proof-software.ts'
import { ProofRows, speedOf } from './proof-rows.ts'
import type { ProofTools } from './prove-chip.ts'

type Tools = Omit<ProofTools, 'renderNodes' | 'processorFilters' | 'processorSpeed' | 'atOnce'>

/** What the processor can do with this ffmpeg: every clip, filter and library. */
export function proveSoftware(tools: Tools): Promise<PlatformProof> {
  return proveOnProcessor('software', softwareProofs(tools.about.ffmpeg), tools)
}

/** And with our own filter. */
export function proveToneMap(tools: Tools): Promise<PlatformProof> {
  return proveOnProcessor('paceline-tone-map', pacelineProofs(tools.about.ffmpeg), tools)
}

async function proveOnProcessor(
  platform: string,
  proofs: readonly SoftwareProof[],
  { bench, listing, about }: Tools,
): Promise<PlatformProof> {
  const rows = new ProofRows()
  const decoders: ProvedDecoder[] = []
  const encoders: ProvedEncoder[] = []
  const works = new Set<string>()
  const fails = new Set<string>()
  const well: SoftwareProof[] = []
  for (const proof of proofs) {
    const why = unlistedIn(proof.lease, listing) ?? (await bench.prove(proof))
    rows.add(proof.what, why)
    const { proves } = proof
    if ('filter' in proves) (why === null ? works : fails).add(proves.filter)
    if (why === null) well.push(proof)
  }
  // What works counts more than how fast: the time may be up before all is measured.
  for (const proof of well) {
    const { proves } = proof
    if ('encoder' in proves)
      encoders.push({ ...proves.encoder, ...(await speedOf(proves.measured, proof, bench, rows)) })
    if ('decoder' in proves)
      decoders.push({ ...proves.decoder, ...(await speedOf(measuredDecoding(proof), proof, bench, rows)) })
  }
  const filters = [...works].filter((name) => !fails.has(name))
  const isAny = decoders.length + encoders.length + filters.length > 0
  return {
    platform,
    capabilities: isAny
      ? { ...nothingProved(about), decoders, filters, encoders, failed: rows.failed }
      : null,
    rows: rows.all,
    kept: null,
  }
}
