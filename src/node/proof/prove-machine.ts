import { availableParallelism } from 'node:os'
import type { FfmpegFacts } from '../../platforms/capabilities.ts'
import { chips } from '../../platforms/chips.ts'
import type { MachineFacts } from '../../platforms/proof-fingerprint.ts'
import type { ComparedWork } from '../../platforms/proof-paths.ts'
import type { MachineProof, PlatformProof } from '../../platforms/proof-result.ts'
import { processorMeasured } from '../../platforms/proof-software.ts'
import { withoutTwins } from '../../platforms/proof-worth.ts'
import { askFfmpeg } from './ask-ffmpeg.ts'
import { type Bench, type BenchOptions, openBench } from './bench.ts'
import { fingerprintOf, renderNodes } from './machine-facts.ts'
import { type ProofTools, proveChip } from './prove-chip.ts'
import { proveSoftware, proveToneMap } from './prove-software.ts'
import { rememberingBench } from './remembering-bench.ts'

export interface ProveMachineOptions extends Pick<BenchOptions, 'manners'> {
  /** See encoderCommand; its last word is ffmpeg. */
  readonly command: readonly [string, ...string[]]
  readonly machine: MachineFacts
  readonly signal: AbortSignal
  /** Hears of each platform as soon as it is known; of one again when more is. */
  readonly onProved?: (proof: PlatformProof) => void
}

/** What a small board may be kept at work with this. */
const totalMs = 52_000
/** Of it, all chips together, and any of them: the processor's own work shall be proved too. */
const chipsMs = 38_000
const oneChipMs = 30_000

/** Starting a card's driver takes a second, in which a large machine can start others: one at a time on boards. */
const coresForOneProof = 4
const mostAtOnce = 4

/**
 * Proves everything, chips first, since the processor's own work is known to do already. Rejects where ffmpeg cannot even
 * be asked what it has, or the disk is full.
 */
export async function proveMachine(options: ProveMachineOptions): Promise<MachineProof> {
  const { command, machine, signal, onProved, manners } = options
  const { facts, listing } = await askFfmpeg(command.at(-1)!, machine.ffmpeg.version)
  const fingerprint = fingerprintOf(machine)
  const about = { fingerprint, ffmpeg: facts }
  const bench = await openBench({ command, facts, signal, totalMs, ...(manners && { manners }) })
  const tools = { bench, listing, about }
  try {
    const toneMap = await proveToneMap(tools)
    const processorFilters = toneMap.capabilities?.filters ?? []
    const processorSpeed = measureProcessor(bench, facts, processorFilters.length > 0)
    const atOnce = Math.max(1, Math.min(mostAtOnce, Math.floor(availableParallelism() / coresForOneProof)))
    const forChips = { ...tools, processorFilters, processorSpeed, renderNodes: await renderNodes(), atOnce }
    const chipBench = rememberingBench(bench.within(chipsMs))
    const proved = await proveChips({ ...forChips, bench: chipBench }, onProved)
    const software = await proveSoftware(tools)
    const all = [...proved, withLibraries(toneMap, software), software]
    for (const proof of all) onProved?.(proof)
    return { fingerprint, machine, platforms: all }
  } finally {
    await bench.close()
  }
}

async function proveChips(
  tools: ProofTools,
  onProved: ProveMachineOptions['onProved'],
): Promise<readonly PlatformProof[]> {
  const proofs: PlatformProof[] = []
  for (const chip of chips) {
    proofs.push(await proveChip(chip, { ...tools, bench: tools.bench.within(oneChipMs) }))
    onProved?.(withoutTwins(proofs).at(-1)!)
  }
  return withoutTwins(proofs)
}

/** How fast the processor is at what a chip is compared by; measured once, and only where somebody asks. */
function measureProcessor(bench: Bench, facts: FfmpegFacts, isOurs: boolean): ProofTools['processorSpeed'] {
  const known = new Map<ComparedWork, Promise<number | null>>()
  const measure = async (work: ComparedWork): Promise<number | null> => {
    const { measured, clip } = processorMeasured(facts, work, isOurs)
    return (await bench.speeds(measured, clip, 1))?.[0] ?? null
  }
  return (work) => {
    const speed = known.get(work) ?? measure(work)
    known.set(work, speed)
    return speed
  }
}

/** Our filter's platform decodes and encodes as the processor does. */
function withLibraries(toneMap: PlatformProof, { capabilities }: PlatformProof): PlatformProof {
  if (!toneMap.capabilities || !capabilities) return toneMap
  const filters = [...capabilities.filters, ...toneMap.capabilities.filters]
  return { ...toneMap, capabilities: { ...capabilities, filters } }
}
