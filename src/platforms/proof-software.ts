import type { PictureOperation } from '../plan/plan.ts'
import type { FfmpegFacts, ProvedDecoder, ProvedEncoder } from './capabilities.ts'
import type { Depth } from './chip.ts'
import { pacelineFilters } from './paceline-tone-map.ts'
import type { ProcessorFilters } from './processor-filters.ts'
import { type Proof, tolerances } from './proof.ts'
import { clipOf, type ProofClip, proofClips } from './proof-clips.ts'
import { lookAt, operationText, provedOperations } from './proof-filters.ts'
import { burnProofText, type ComparedWork, comparedWork } from './proof-paths.ts'
import {
  formatOf,
  lookInstead,
  measuredSegments,
  proofPlan,
  proofSegments,
  wantedEncoder,
} from './proof-plan.ts'
import { onProcessor } from './software.ts'
import { softwareFilters } from './software-filters.ts'

/** What of the processor's own work a proof is about. */
export interface SoftwareProof extends Proof {
  readonly proves:
    | { readonly decoder: ProvedDecoder }
    | { readonly encoder: ProvedEncoder; readonly measured: readonly string[] }
    | { readonly filter: string }
}

const libraries = { h264: 'libx264', hevc: 'libx265' } as const

/** Encoders first: without them there is nothing to be offered. */
export function softwareProofs(facts: FfmpegFacts): readonly SoftwareProof[] {
  return [
    ...(['h264', 'hevc'] as const).flatMap((codec) =>
      ([8, 10] as const).map((bits) => encoderProof(codec, bits, facts)),
    ),
    ...[...provedOperations, [burnProofText, 8] as const].flatMap(([operation, depth]) =>
      filterProof(operation, depth, softwareFilters, facts),
    ),
    ...proofClips.map((clip) => decoderProof(clip, facts)),
  ]
}

/** Our own filter, of every curve that it is asked for. */
export function pacelineProofs(facts: FfmpegFacts): readonly SoftwareProof[] {
  return provedOperations
    .filter(([{ kind }]) => kind === 'tone-map')
    .flatMap(([operation, depth]) => filterProof(operation, depth, pacelineFilters, facts))
}

/** A lease that goes on and on, as {@link filterMeasured}, by the processor alone. */
export function processorMeasured(
  facts: FfmpegFacts,
  work: ComparedWork,
  isOurs: boolean,
): { readonly measured: readonly string[]; readonly clip: ProofClip } {
  const { codec, bits } = comparedWork[work]
  const clip = clipOf(codec, bits)!
  const operations = [...comparedWork[work].operations, formatOf(8)]
  const filters = isOurs ? pacelineFilters : softwareFilters
  return { clip, measured: leaseOf({ clip, operations, codec: 'h264', filters, measured: true }, facts)! }
}

interface Work {
  readonly clip: ProofClip
  readonly operations: readonly PictureOperation[]
  readonly codec: 'h264' | 'hevc'
  readonly filters?: ProcessorFilters
  readonly measured?: boolean
}

/** The fastest presets: what is proved is that it works; a slow board would be long about anything else. */
function leaseOf(work: Work, facts: FfmpegFacts): readonly string[] | null {
  const { clip, operations, codec, filters = softwareFilters, measured = false } = work
  const preset = measured && codec === 'h264' ? 'veryfast' : 'ultrafast'
  const plan = proofPlan(clip, operations, wantedEncoder(codec, preset), measured)
  const range = { from: 0, to: measured ? measuredSegments : proofSegments, open: false, failures: 0 }
  const node = { capabilities: { fingerprint: '', ffmpeg: facts, decoders: [], filters: [], encoders: [] } }
  const lease = onProcessor(plan, range, filters, node)
  return 'args' in lease ? lease.args : null
}

function encoderProof(codec: 'h264' | 'hevc', bits: Depth, facts: FfmpegFacts): SoftwareProof {
  const clip = clipOf(bits === 10 ? 'hevc' : 'h264', bits)!
  const work = { clip, operations: [formatOf(bits)], codec }
  const lease = leaseOf(work, facts)!
  const name = libraries[codec]
  return {
    ...{ what: `encoding ${bits} bits by ${name}`, clip, lease, args: lease, writes: 'segments' },
    expected: { depth: bits, tolerance: tolerances.encoded },
    proves: { encoder: { name, bits }, measured: leaseOf({ ...work, measured: true }, facts)! },
  }
}

function decoderProof(clip: ProofClip, facts: FfmpegFacts): SoftwareProof {
  const { codec, bits } = clip
  const lease = leaseOf({ clip, operations: [formatOf(bits)], codec: bits === 10 ? 'hevc' : 'h264' }, facts)!
  return {
    ...{
      what: `decoding ${codec} of ${bits} bits`,
      clip,
      lease,
      args: lookInstead(lease),
      writes: 'pictures',
    },
    expected: { depth: bits, tolerance: tolerances.exact },
    proves: { decoder: { name: 'processor', codec, bits } },
  }
}

/** None where these filters have nothing for it. */
function filterProof(
  operation: PictureOperation,
  depth: Depth,
  filters: ProcessorFilters,
  facts: FfmpegFacts,
): readonly SoftwareProof[] {
  const clip = clipOf(depth === 10 ? 'hevc' : 'h264', depth)!
  const to = operation.kind === 'tone-map' ? 8 : depth
  const operations = [operation, formatOf(to)]
  const lease = leaseOf({ clip, operations, codec: to === 10 ? 'hevc' : 'h264', filters }, facts)
  if (!lease) return []
  const filter = mainFilter(filters.filter(operation))
  return [
    {
      ...{ what: `${operationText(operation, depth)} by ${filter}`, clip, lease, writes: 'pictures' },
      ...{ ...lookAt(lease, operation, depth), proves: { filter } },
    },
  ]
}

/** The filter of a chain that does the work, not what says or changes formats for it. */
function mainFilter(text: string): string {
  const names = text.split(',').map((filter) => filter.split('=')[0]!)
  return names.find((name) => !besides.has(name)) ?? text
}

const besides: ReadonlySet<string> = new Set(['setparams', 'format', 'zscale'])
