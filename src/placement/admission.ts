/** A node as far as it matters to who may still come in. */
export interface AdmissionNode {
  readonly platforms: readonly string[]
  /** Cores of the reference machine; see demandOf. */
  readonly capacity: number
}

/** A stream that runs, or that has been promised to. */
export interface AdmittedDemand {
  readonly platforms: readonly string[]
  readonly demand: number
}

/** A stream that would like to begin. */
export interface Newcomer {
  readonly platforms: readonly string[]
  /** As the job asks for it first, then what it may be lowered to, cheapest last. */
  readonly wishes: readonly { readonly demand: number; readonly preset: string | null }[]
  readonly waitedMs: number
}

export type Decision =
  /** `preset`: instead of the job's own; null for that. */
  | { readonly how: 'start'; readonly preset: string | null }
  | { readonly how: 'wait' }
  /** The nodes cannot carry it. */
  | { readonly how: 'full'; readonly why: string }

/**
 * What is kept free of the nodes' capacity, so that those who play gain a lead: segments differ, a viewer seeks, and a
 * measured capacity is a mean.
 */
export const admissionMargin = 1.2

/** A player shows a first picture after about so long anyway; whoever waits longer is better off with the original. */
export const mostQueueMs = 3_000

/**
 * Whether a stream may begin beside those that run: as it was asked for, with a faster preset, after a short wait, or not
 * at all. Those that run come first, whatever the newcomer is.
 *
 * Streams can be shared out among nodes in any pieces, so that it is the sum that counts, of the nodes that can do it.
 */
export function decide(
  newcomer: Newcomer,
  running: readonly AdmittedDemand[],
  nodes: readonly AdmissionNode[],
): Decision {
  const left = roomFor(newcomer.platforms, running, nodes)
  // An idle fleet does what it can: even if it is too slow for that film, nobody else suffers, and nothing is kept free.
  if (running.length === 0) {
    const able = newcomer.wishes.find(({ demand }) => demand <= left) ?? newcomer.wishes.at(-1)
    return { how: 'start', preset: able?.preset ?? null }
  }
  const wish = newcomer.wishes.find(({ demand }) => demand * admissionMargin <= left)
  if (wish) return { how: 'start', preset: wish.preset }
  if (newcomer.waitedMs < mostQueueMs) return { how: 'wait' }
  const least = Math.min(...newcomer.wishes.map(({ demand }) => demand * admissionMargin))
  return {
    how: 'full',
    why: `it needs ${cores(least)}, and ${cores(left)} of ${cores(sum(nodes))} are free beside ${running.length} that play`,
  }
}

/** Capacity that those who run leave over on nodes with any of these platforms. */
export function roomFor(
  platforms: readonly string[],
  running: readonly AdmittedDemand[],
  nodes: readonly AdmissionNode[],
): number {
  const free = nodes.map((node) => ({ node, left: node.capacity }))
  const isShared = ({ node }: (typeof free)[number]) => canDo(platforms, node)
  // Who has least choice chooses first, and first what the newcomer cannot use.
  const byChoice = running.toSorted((a, b) => choices(a, nodes) - choices(b, nodes))
  for (const { platforms: own, demand } of byChoice) {
    let needed = demand * admissionMargin
    const usable = free.filter(({ node }) => canDo(own, node))
    for (const place of usable.toSorted((a, b) => Number(isShared(a)) - Number(isShared(b)))) {
      const taken = Math.min(place.left, needed)
      place.left -= taken
      needed -= taken
    }
  }
  return free.filter(isShared).reduce((total, { left }) => total + left, 0)
}

const canDo = (platforms: readonly string[], node: AdmissionNode): boolean =>
  node.platforms.some((platform) => platforms.includes(platform))

const choices = ({ platforms }: AdmittedDemand, nodes: readonly AdmissionNode[]): number =>
  nodes.filter((node) => canDo(platforms, node)).length

const sum = (nodes: readonly AdmissionNode[]): number =>
  nodes.reduce((total, { capacity }) => total + capacity, 0)

const cores = (value: number): string => `${Math.round(value * 100) / 100} cores`
