import type { PictureOperation, ToneCurve } from '../plan/plan.ts'
import type { Capabilities } from './capabilities.ts'
import type { Chip, ChipFilter, Depth } from './chip.ts'
import { type Proof, proofLease, tolerances } from './proof.ts'
import { clipOf } from './proof-clips.ts'
import type { ExpectedPictures } from './proof-judge.ts'
import { formatOf, lookInstead } from './proof-plan.ts'

/** An operation to be proved; which names of filters stand for it depends on what is claimed. */
export interface FilterProof extends Proof {
  /** Filters, by the names of {@link Capabilities}, without which the command would be another. */
  readonly relies: readonly string[]
}

/** What is asked to be done to pictures, the plainest first. */
export const provedOperations: readonly (readonly [operation: PictureOperation, depth: Depth])[] = [
  [{ kind: 'scale', width: '1280', height: '720' }, 8],
  [{ kind: 'scale', width: '1280', height: '720' }, 10],
  ...(['yadif', 'bwdif'] as const).map((method) => [fields(method), 8] as const),
  [{ kind: 'turn', how: 'clock' }, 8],
  ...(['hable', 'bt2390'] as const).map((curve) => [toneMap(curve, 'pq'), 10] as const),
  [toneMap('hable', 'hlg'), 10],
]

function fields(method: 'yadif' | 'bwdif'): PictureOperation {
  return { kind: 'deinterlace', method, fieldRate: false, markedOnly: false, parity: 'tff' }
}

export function toneMap(curve: ToneCurve, transfer: 'pq' | 'hlg'): PictureOperation {
  return { kind: 'tone-map', curve, transfer, peakNits: 1000, gradedNits: 1000 }
}

/** Names that tables may rely on beside those of the usual machine. */
export const rarerFilters: readonly string[] = [
  ...['tonemap_cuda', 'tonemap_videotoolbox', 'tonemap_opencl:bt2390'],
]

/** An operation on the chip with the filters that are claimed; null where it has none for it. */
export function filterProof(
  chip: Chip,
  operation: PictureOperation,
  depth: Depth,
  claimed: Capabilities,
): FilterProof | null {
  const filter = (filters: readonly string[]): ChipFilter | null => {
    const done = chip.filters?.filter(operation, depth, { ...claimed, filters }) ?? null
    return done?.needs.every((name) => filters.includes(name)) ? done : null
  }
  const done = filter(claimed.filters)
  const clip = clipOf(depth === 10 ? 'hevc' : 'h264', depth)!
  const to = operation.kind === 'tone-map' ? 8 : depth
  const operations = [operation, formatOf(to)]
  const lease =
    done && proofLease({ chip, capabilities: claimed, clip, operations, depth: to, rung: 'filter' })
  if (!done || !lease?.some((word) => word.includes(done.text))) return null
  const without = (name: string) => filter(claimed.filters.filter((other) => other !== name))
  return {
    what: `${operationText(operation, depth)} by ${done.needs.join(' and ')}`,
    ...{ clip, lease, writes: 'pictures', ...lookAt(lease, operation, depth) },
    relies: claimed.filters.filter((name) => isAbout(name, operation) && without(name)?.text !== done.text),
  }
}

/** A name for a curve of a filter stands for that curve alone, whatever else it says of the filter. */
function isAbout(name: string, operation: PictureOperation): boolean {
  const curve = operation.kind === 'tone-map' ? operation.curve : ''
  return !name.includes(':') || name.endsWith(`:${curve}`)
}

/** An operation in plain words. */
export function operationText(operation: PictureOperation, depth: Depth): string {
  const words = operation.kind === 'tone-map' ? ` (${operation.transfer}, ${operation.curve})` : ''
  return `${operation.kind}${words} of ${depth} bits`
}

/** What is run for an operation, and what its pictures have to be. */
export function lookAt(
  lease: readonly string[],
  operation: PictureOperation,
  depth: Depth,
): { readonly args: readonly string[]; readonly expected: ExpectedPictures } {
  const turn = operation.kind === 'turn' ? operation.how : undefined
  return {
    args: lookInstead(lease, turn),
    expected: {
      ...{ depth, tolerance: tolerances.filtered },
      ...(turn && { turn }),
      ...(operation.kind === 'tone-map' && { toneMapped: true }),
      ...(operation.kind === 'burn-text' && { burnt: true }),
    },
  }
}
