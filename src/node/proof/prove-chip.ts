import type { Capabilities, ProvedDecoder, ProvedEncoder } from '../../platforms/capabilities.ts'
import type { Chip } from '../../platforms/chip.ts'
import { nothingProved, type Proof } from '../../platforms/proof.ts'
import { measuredWidth, type ProofClip } from '../../platforms/proof-clips.ts'
import {
  type DecoderProof,
  decoderProofs,
  hadHelp,
  measuredDecoding,
  talkativeDecoding,
  telling,
} from '../../platforms/proof-decoders.ts'
import { encoderProofs } from '../../platforms/proof-encoders.ts'
import { filterProof, provedOperations, rarerFilters } from '../../platforms/proof-filters.ts'
import { type Listing, unlistedIn } from '../../platforms/proof-listing.ts'
import { type ComparedWork, filterMeasured, type PathProof, pathProofs } from '../../platforms/proof-paths.ts'
import type { PlatformProof, ProofRow } from '../../platforms/proof-result.ts'
import { slownessOf } from '../../platforms/proof-worth.ts'
import { leasesAtOnce } from './at-once.ts'
import type { Bench } from './bench.ts'

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
    const why = device && needsDevice ? device : await tools.bench.prove(proof)
    // One row says that there is no device; of what needs it encoders alone, which people look for, are told by name.
    if (!device || !needsDevice || proof.writes === 'segments') rows.add(proof.what, why)
    return why
  }
  const decoders = await proveDecoders(chip, about, tools, rows, attempt)
  const encoders: ProvedEncoder[] = []
  for (const proof of encoderProofs(chip, about)) {
    if ((await attempt(proof)) === null) {
      const framesPerSecond = await speedOf(proof.measured, proof, tools.bench, rows)
      encoders.push({ ...proof.encoder, ...framesPerSecond })
    }
  }
  const platform = chip.name
  const onlyFilters = decoders.length + encoders.length === 0
  const claimed = { ...about, filters: [...claimedFilters(chip, tools)] }
  const slow = onlyFilters && !device ? await slowness(chip, claimed, tools, ['scale']) : null
  if (slow) return { platform, capabilities: null, rows: rows.all, kept: slow }
  const filters = await proveFilters(chip, about, tools, attempt)
  if (onlyFilters && filters.length === 0) return { platform, capabilities: null, rows: rows.all, kept: null }
  const proved = { ...about, decoders, filters: [...filters, ...tools.processorFilters], encoders }
  const kept = onlyFilters ? await slowness(chip, proved, tools, ['toneMap']) : null
  const ways = kept ? [] : await provePaths(chip, proved, attempt)
  for (const way of ways) await speedOf(way.measured, way, tools.bench, rows)
  const atOnce = ways[0] ? await leasesAtOnce(ways[0], tools.bench) : undefined
  const capabilities = { ...proved, failed: rows.failed, ...(atOnce !== undefined && { atOnce }) }
  return { platform, capabilities, rows: rows.all, kept }
}

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

type Attempt = (proof: Proof) => Promise<string | null>

async function proveDecoders(
  chip: Chip,
  about: Capabilities,
  { bench }: ProofTools,
  rows: ProofRows,
  attempt: Attempt,
): Promise<readonly ProvedDecoder[]> {
  const decoders: ProvedDecoder[] = []
  const failures = new Map<string, number>()
  for (const proof of decoderProofs(chip, about)) {
    const { name, codec, bits } = proof.decoder
    const isTelling = bits === telling.bits && telling.codecs.some((one) => one === codec)
    if (failures.get(name) === telling.codecs.length) continue
    if ((await attempt(proof)) !== null) {
      if (isTelling) failures.set(name, (failures.get(name) ?? 0) + 1)
      continue
    }
    const why = await fallBackOf(proof, bench)
    if (why) rows.change(proof.what, { why })
    else {
      const framesPerSecond = await speedOf(measuredDecoding(proof), proof, bench, rows)
      decoders.push({ ...proof.decoder, ...framesPerSecond })
    }
  }
  return decoders
}

/** Why a decoder is none, though its pictures are right: they were made by the processor. */
async function fallBackOf(proof: DecoderProof, bench: Bench): Promise<string | null> {
  if (!proof.mayFallBack) return null
  const { words } = await bench.carryOut(talkativeDecoding(proof), proof.clip)
  return hadHelp(words) ? null : 'ffmpeg went on without it, on the processor'
}

/** What a chip's tables may rely on, as far as the binary lists it and the processor has no part in it. */
function claimedFilters(chip: Chip, { listing, processorFilters }: ProofTools): Set<string> {
  const processors = new Set([...processorFilters, 'tonemap_paceline'])
  const candidates = [...chip.usual.filters, ...rarerFilters].filter((name) => !processors.has(name))
  return new Set(candidates.filter((name) => listing.filters.has(name.split(':')[0]!)))
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
      const works = (await attempt(proof)) === null
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
async function provePaths(chip: Chip, proved: Capabilities, attempt: Attempt): Promise<readonly PathProof[]> {
  const ways: PathProof[] = []
  for (const choices of pathProofs(chip, proved)) {
    for (const way of choices) {
      if ((await attempt(way)) !== null) continue
      ways.push(way)
      break
    }
  }
  return ways
}

/** A speed, told in the proof's row as well; nothing where it could not be measured. */
export async function speedOf(
  args: readonly string[],
  { what, clip }: { readonly what: string; readonly clip: ProofClip },
  bench: Bench,
  rows: ProofRows,
): Promise<{ readonly framesPerSecond?: number }> {
  const speeds = clip.width === measuredWidth ? await bench.speeds(args, clip, 1) : null
  if (speeds?.[0] === undefined) return {}
  const framesPerSecond = Math.max(0.1, Math.round(speeds[0] * 10) / 10)
  rows.change(what, { framesPerSecond })
  return { framesPerSecond }
}

/** What was tried, in order. */
export class ProofRows {
  readonly all: ProofRow[] = []

  add(what: string, why: string | null): void {
    this.all.push({ what, why })
  }

  change(what: string, change: Partial<ProofRow>): void {
    const at = this.all.findLastIndex((row) => row.what === what)
    this.all[at] = { ...this.all[at]!, ...change }
  }

  get failed(): readonly { readonly what: string; readonly why: string }[] {
    return this.all.flatMap(({ what, why }) => (why === null ? [] : [{ what, why }]))
  }
}
