import type { Plan } from '../plan/plan.ts'
import type { CompiledLease } from './platform.ts'

/**
 * What parameter sets come from: the encoder and its options. How long groups are is in none of them, and differs from
 * lease to lease where an encoder counts them.
 */
export function lookOf(encoder: readonly string[]): string {
  return encoder.filter((word, index) => word !== '-g' && encoder[index - 1] !== '-g').join(' ')
}

/** Filters that map tones, by the names that graphs have them by; libplacebo scales, too. */
const toneFilters = [/(?:^|[,;\]])(tonemap[a-z_]*)=/, /(?:^|[,;\]])(libplacebo)=/]

/**
 * What all leases of a session have in common: their parameter sets, and whose tone map it is where there is one. Ours
 * makes the same pictures on the processor and on a chip, others make others.
 */
export function sessionLook({ video }: Plan, { look = '', args }: CompiledLease): string {
  if (!video.operations.some(({ kind }) => kind === 'tone-map')) return look
  const graph = args.find((_, index) => ['-vf', '-filter_complex'].includes(args[index - 1] ?? '')) ?? ''
  const filter =
    toneFilters.map((pattern) => pattern.exec(graph)?.[1]).find((name) => name !== undefined) ?? 'own'
  return `${filter.startsWith('tonemap_paceline') ? 'tonemap_paceline' : filter}: ${look}`
}
