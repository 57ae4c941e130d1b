import type { SessionNode } from './events.ts'

/** How fast the nodes of a session have been at one part, from what arrived and when. */
export type Paces = Map<string, Pace>

interface Pace {
  sourceSeconds: number
  wallSeconds: number
  /** Over the last few seconds, seconds of source a second. */
  presentSpeed?: number
}

/** Older observations count half once there is so much newer. */
const memorySeconds = 30
/** Less than this says nothing yet: segments arrive in bursts. */
const minWallSeconds = 1
/** The present speed is taken over so short a time that it may be off by a half; slower than that is a change. */
const presentTolerance = 1.5

export function observePace(paces: Paces, node: string, sourceSeconds: number, wallSeconds: number): void {
  const pace = paces.get(node) ?? { sourceSeconds: 0, wallSeconds: 0 }
  paces.set(node, pace)
  pace.sourceSeconds += sourceSeconds
  pace.wallSeconds += Math.max(0, wallSeconds)
  if (pace.wallSeconds > memorySeconds) {
    pace.sourceSeconds /= 2
    pace.wallSeconds /= 2
  }
}

/** Takes how fast a node is now, so that one that has become slow is known for it at once. */
export function observePresent(paces: Paces, node: string, speed: number): void {
  const pace = paces.get(node) ?? { sourceSeconds: 0, wallSeconds: 0 }
  paces.set(node, pace)
  pace.presentSpeed = speed
}

/** Its share of a node has changed by that factor: what was seen of it changes with it, until more is seen. */
export function rescalePace(paces: Paces, node: string, factor: number): void {
  const pace = paces.get(node)
  if (!pace) return
  pace.sourceSeconds *= factor
  if (pace.presentSpeed !== undefined) pace.presentSpeed *= factor
}

/**
 * Seconds of source a second, for each listed node: what was seen in this session, else what the head measured
 * before, else as much a core as the others have, else as if the average node were just fast enough for real time.
 */
export function nodeSpeeds(nodes: readonly SessionNode[], paces: Paces): Map<string, number> {
  const known = new Map<string, number>()
  for (const node of nodes) {
    const speed = seenSpeed(paces.get(node.id)) ?? offeredSpeed(node)
    if (speed !== undefined && speed > 0) known.set(node.id, speed)
  }
  const sample = known.size > 0 ? nodes.filter((node) => known.has(node.id)) : nodes
  const sampleSpeed = sum(sample, (node) => known.get(node.id) ?? 1)
  const speedPerCore = sampleSpeed / Math.max(1, sum(sample, coresOf))
  return new Map(nodes.map((node) => [node.id, known.get(node.id) ?? coresOf(node) * speedPerCore]))
}

function offeredSpeed({ speed, share = 1 }: SessionNode): number | undefined {
  return speed === undefined ? undefined : speed * share
}

function seenSpeed(pace: Pace | undefined): number | undefined {
  if (!pace) return undefined
  const { sourceSeconds, wallSeconds, presentSpeed } = pace
  if (wallSeconds < minWallSeconds || sourceSeconds === 0) return presentSpeed
  return Math.min(sourceSeconds / wallSeconds, presentTolerance * (presentSpeed ?? Number.POSITIVE_INFINITY))
}

function coresOf(node: SessionNode): number {
  return Math.max(1, node.cores)
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
