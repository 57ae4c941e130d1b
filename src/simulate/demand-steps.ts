import { throttleOnSeconds } from './player.ts'
import { stretchesOf, type Viewing } from './viewing.ts'

/** For so long nothing changes: who plays, by kind. */
export interface DemandStep {
  readonly seconds: number
  /** Work a second of each kind, in the order of the kinds; nothing is 0. */
  readonly demands: readonly number[]
}

/** All that is asked of a fleet, free of who makes it and when exactly. */
export interface Demand {
  /** Platforms that can serve each kind. */
  readonly kinds: readonly (readonly string[])[]
  readonly steps: readonly DemandStep[]
  /** By kind: work that may be made at any time while its stream is carried, since it only fills what lies ahead. */
  readonly freeWork: readonly number[]
  readonly seconds: number
}

/** A stream may be ahead of its player by so much: what its server lets it be, and the segments in hand. */
const aheadSeconds = throttleOnSeconds + 4

/**
 * What viewers need at the least. While a stream plays it is carried in real time, but the last minute of each stretch was
 * made ahead: so from its beginning to a minute before its end, though never for less time than the fastest of the nodes
 * needs for all of it. The rest of its work counts where joules are cheapest.
 */
export function demandOfViewings(
  viewings: readonly Viewing[],
  seconds: number,
  mostCapacity: number,
): Demand {
  const kinds = new Map<string, { readonly platforms: readonly string[]; readonly index: number }>()
  const freeWork: number[] = []
  const changes: { readonly atSeconds: number; readonly kind: number; readonly demand: number }[] = []
  for (const viewing of viewings) {
    const { platforms, demand } = viewing
    const key = platforms.join(' ')
    const kind = kinds.get(key)?.index ?? kinds.size
    if (!kinds.has(key)) kinds.set(key, { platforms, index: kind })
    for (const { fromSeconds, toSeconds } of stretchesOf(viewing)) {
      const length = toSeconds - fromSeconds
      const carried = Math.max(length - aheadSeconds, (length * demand) / mostCapacity)
      freeWork[kind] = (freeWork[kind] ?? 0) + Math.max(0, length - carried) * demand
      changes.push({ atSeconds: fromSeconds, kind, demand })
      changes.push({ atSeconds: fromSeconds + carried, kind, demand: -demand })
    }
  }
  return {
    ...{ kinds: [...kinds.values()].map(({ platforms }) => platforms), freeWork, seconds },
    steps: stepsOf(changes, kinds.size, seconds),
  }
}

function stepsOf(
  changes: { readonly atSeconds: number; readonly kind: number; readonly demand: number }[],
  kinds: number,
  seconds: number,
): DemandStep[] {
  changes.sort((a, b) => a.atSeconds - b.atSeconds)
  const steps: DemandStep[] = []
  const present = Array.from({ length: kinds }, () => 0)
  let at = 0
  for (const { atSeconds, kind, demand } of [...changes, { atSeconds: seconds, kind: 0, demand: 0 }]) {
    if (atSeconds > at) {
      steps.push({ seconds: atSeconds - at, demands: present.map(rounded) })
      at = atSeconds
    }
    if (kinds > 0) present[kind] = present[kind]! + demand
  }
  return steps
}

/** Sums of what was added and taken away again are nothing. */
const rounded = (value: number): number => Math.max(0, Math.round(value * 1e9) / 1e9)
