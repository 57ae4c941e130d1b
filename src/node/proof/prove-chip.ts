import type { Capabilities, ProvedDecoder, ProvedEncoder } from '../../platforms/capabilities.ts'
import type { Chip } from '../../platforms/chip.ts'
import { nothingProved, type Proof } from '../../platforms/proof.ts'
import { type DecoderProof, measuredDecoding } from '../../platforms/proof-decoders.ts'
import { type EncoderProof, encoderProofs } from '../../platforms/proof-encoders.ts'
import { filterProof, provedOperations, rarerFilters } from '../../platforms/proof-filters.ts'
import { type Listing, unlistedIn } from '../../platforms/proof-listing.ts'
import { type ComparedWork, filterMeasured, type PathProof, pathProofs } from '../../platforms/proof-paths.ts'
import { type PlatformProof, untried } from '../../platforms/proof-result.ts'
import { slownessOf } from '../../platforms/proof-worth.ts'
import { leasesAtOnce } from './at-once.ts'
import type { Bench } from './bench.ts'
import { inTurns } from './in-turns.ts'
import { ProofRows, speedOf } from './proof-rows.ts'
import { type Attempt, proveDecoders, provedOf } from './prove-decoders.ts'

/** What proofs are made with. */
export interface ProofTools {
  readonly bench: Bench
  readonly listing: Listing
  /** Of the ffmpeg and the machine. */
  readonly about: Pick<Capabilities, 'fingerprint' | 'ffmpeg'>
  /** Render nodes of graphics. */
  readonly renderNodes: readonly string[]
  /** The processor's filters that were proved: what a chip leaves to it is done by these. */
  readonly processorFilters: readonly string[]
  /** So many proofs are carried out at the same time; speeds are measured alone. */
  readonly atOnce: number
  /** Pictures per second by the processor; null where that cannot be measured. */
  readonly processorSpeed: (work: ComparedWork) => Promise<number | null>
}

/** The usual name of the only render node, which FFmpeg finds by itself. */
const usualNode = '/dev/dri/renderD128'

/** Tries everything that a chip's tables can put into a command, and nothing of it whose device does not open. */
export async function proveChip(chip: Chip, tools: ProofTools): Promise<PlatformProof> {
  const rows = new ProofRows()
  const { about, device } = await openDevice(chip, tools)
  if (device) rows.add('its device', device)
  const attempt = async (proof: Proof): Promise<string | null> => {
    const unlisted = unlistedIn(proof.lease, tools.listing)
    // What it does not even list is not worth a row.
    if (unlisted) return unlisted
    const needsDevice = proof.lease.includes('-init_hw_device')
    const row = rows.reserve(proof.what)
    const why = device && needsDevice ? device : await tools.bench.prove(proof)
    // One row says that there is no device; of what needs it encoders alone, which people look for, are told by name.
    if (!device || !needsDevice || proof.writes === 'segments') row(why)
    return why
  }
  const decoding = await proveDecoders(chip, about, tools, rows, attempt)
  const encoding = await provedOf(encoderProofs(chip, about), tools.atOnce, attempt)
  const platform = chip.name
  const decoders: readonly ProvedDecoder[] = decoding.map(({ decoder }) => decoder)
  const encoders: readonly ProvedEncoder[] = encoding.map(({ encoder }) => encoder)
  const onlyFilters = decoders.length + encoders.length === 0
  const claimed = { ...about, filters: [...claimedFilters(chip, tools)] }
  const slow = onlyFilters && !device ? await slowness(chip, claimed, tools, ['scale']) : null
  if (slow) return { platform, capabilities: null, rows: rows.all, kept: slow }
  if (!device) await tryFiltersAtOnce(chip, about, tools)
  const filters = await proveFilters(chip, about, tools, attempt)
  if (onlyFilters && filters.length === 0) return { platform, capabilities: null, rows: rows.all, kept: null }
  const proved = { ...about, decoders, filters: [...filters, ...tools.processorFilters], encoders }
  const kept = onlyFilters ? await slowness(chip, proved, tools, ['toneMap']) : null
  const ways = kept ? [] : await provePaths(chip, proved, tools, attempt)
  const { atOnce, ...speeds } = await measure({ ways, decoding, encoding }, tools.bench, rows)
  const measured = { ...proved, ...speeds, failed: rows.failed }
  return {
    ...{ platform, rows: rows.all, kept },
    capabilities: { ...measured, ...(atOnce !== undefined && { atOnce }) },
  }
}

interface ToBeMeasured {
  readonly ways: readonly PathProof[]
  readonly decoding: readonly DecoderProof[]
  readonly encoding: readonly EncoderProof[]
}

/** Once it is known what works, which counts more: how fast, as far as there is time, and how much at once. */
async function measure(
  { ways, decoding, encoding }: ToBeMeasured,
  bench: Bench,
  rows: ProofRows,
): Promise<Required<Pick<Capabilities, 'decoders' | 'encoders'>> & Pick<Capabilities, 'atOnce'>> {
  const decoders: ProvedDecoder[] = decoding.map(({ decoder }) => decoder)
  const encoders: ProvedEncoder[] = []
  const speedOfDecoder = async (proof: DecoderProof): Promise<void> => {
    const speed = await speedOf(measuredDecoding(proof), proof, bench, rows)
    decoders[decoding.indexOf(proof)] = { ...proof.decoder, ...speed }
  }
  for (const proof of encoding)
    encoders.push({ ...proof.encoder, ...(await speedOf(proof.measured, proof, bench, rows)) })
  const [usual, rarer] = [decoding.filter(isUsual), decoding.filter((proof) => !isUsual(proof))]
  for (const proof of usual) await speedOfDecoder(proof)
  for (const way of ways) await speedOf(way.measured, way, bench, rows)
  const atOnce = ways[0] ? await leasesAtOnce(ways[0], bench) : undefined
  for (const proof of rarer) await speedOfDecoder(proof)
  return { decoders, encoders, ...(atOnce !== undefined && { atOnce }) }
}

/** What most films are. */
const isUsual = ({ decoder: { codec } }: DecoderProof): boolean => codec === 'h264' || codec === 'hevc'

/** Why a chip without decoders and encoders is not offered, by these kinds of work; null where it is. */
async function slowness(
  chip: Chip,
  claimed: Capabilities,
  { bench, processorSpeed }: ProofTools,
  kinds: readonly ComparedWork[],
): Promise<string | null> {
  for (const kind of kinds) {
    const way = filterMeasured(chip, claimed, kind)
    const speed = way && (await bench.speeds(way.measured, way.clip, 1))?.[0]
    if (speed === null || speed === undefined) continue
    const why = slownessOf(kind, { chip: speed, processor: await processorSpeed(kind) })
    if (why) return why
  }
  return null
}

/** With several render nodes the first that opens is the chip's; what fails with every one has no device here. */
async function openDevice(
  chip: Chip,
  { about, renderNodes, listing, bench }: ProofTools,
): Promise<{ about: Capabilities; device: string | null }> {
  const plain = nothingProved(about)
  const isNodes = chip.devices(plain).join() !== chip.devices({ ...plain, renderNode: 'x' }).join()
  const others = renderNodes.some((node) => node !== usualNode)
  const choices = isNodes && others ? renderNodes.map((renderNode) => ({ ...plain, renderNode })) : [plain]
  let first: string | null = null
  for (const choice of choices) {
    const devices = chip.devices(choice)
    if (devices.length === 0) return { about: choice, device: null }
    const why = unlistedIn(devices, listing) ?? (await bench.opens(devices))
    if (why === null) return { about: choice, device: null }
    first ??= why
  }
  return { about: plain, device: first }
}

/** What a chip's tables may rely on, as far as the binary lists it and the processor has no part in it. */
function claimedFilters(chip: Chip, { listing, processorFilters }: ProofTools): Set<string> {
  const processors = new Set([...processorFilters, 'tonemap_paceline'])
  const candidates = [...chip.usual.filters, ...rarerFilters].filter((name) => !processors.has(name))
  return new Set(candidates.filter((name) => listing.filters.has(name.split(':')[0]!)))
}

/** The bench remembers what comes of it, so that what follows is one look after the other. */
async function tryFiltersAtOnce(chip: Chip, about: Capabilities, tools: ProofTools): Promise<void> {
  if (tools.atOnce === 1) return
  const claimed = { ...about, filters: [...claimedFilters(chip, tools)] }
  const proofs = provedOperations
    .map(([operation, depth]) => filterProof(chip, operation, depth, claimed))
    .filter((proof) => proof !== null)
    .filter(({ lease }) => !unlistedIn(lease, tools.listing))
  await inTurns(proofs, tools.atOnce, (proof) => tools.bench.prove(proof))
}

/** Names of the filters that work. What fails takes those names with it on which it alone relies, or all of its own. */
async function proveFilters(
  chip: Chip,
  about: Capabilities,
  tools: ProofTools,
  attempt: Attempt,
): Promise<readonly string[]> {
  const proved = new Set<string>()
  const claimed = claimedFilters(chip, tools)
  for (const [operation, depth] of provedOperations) {
    let proof = filterProof(chip, operation, depth, { ...about, filters: [...claimed] })
    while (proof) {
      const { relies } = proof
      const why = await attempt(proof)
      if (why === untried) break
      const works = why === null
      const blamed = relies.some((name) => !proved.has(name))
        ? relies.filter((name) => !proved.has(name))
        : relies
      for (const name of works ? relies : blamed) {
        if (works) proved.add(name)
        else claimed.delete(name)
      }
      if (works || blamed.length === 0) break
      proof = filterProof(chip, operation, depth, { ...about, filters: [...claimed] })
    }
  }
  return [...proved].filter((name) => claimed.has(name))
}

/** The best way of each journey that works; those above it are told as failed. */
async function provePaths(
  chip: Chip,
  proved: Capabilities,
  { atOnce }: ProofTools,
  attempt: Attempt,
): Promise<readonly PathProof[]> {
  const ways = await inTurns(pathProofs(chip, proved), atOnce, async (choices) => {
    for (const way of choices) {
      const why = await attempt(way)
      if (why === null) return way
      if (why === untried) return null
    }
    return null
  })
  return ways.filter((way) => way !== null)
}
