import { place } from '../../placement/place.ts'
import type { Plan } from '../../plan/plan.ts'
import { platforms } from '../../platforms/all.ts'
import type { FleetNode } from '../fleet.ts'

/** Who would make a plan, and how fast. */
export interface Expectation {
  /** Names of the nodes, fastest first: the first one begins. */
  readonly nodes: readonly string[]
  /** Seconds of film a second, all nodes together; null where neither measured nor to be modelled. */
  readonly speed: number | null
  /** `measured` where all of these nodes have worked before. */
  readonly basis: 'measured' | 'modelled' | null
}

/**
 * What one processor makes of 1080p with x264's `veryfast`: 720p at 25 frames a second, 1.74 times as fast as it plays
 * (docs/benchmarks.md). Smaller pictures are taken for as dear, since the film is decoded all the same.
 */
const knownSpeed = 1.74
const knownPixels = 1280 * 720
const knownRate = 25

/** What can be said of a plan before anybody works on it, with these nodes all free for it. */
export function expectationFor(plan: Plan, nodes: readonly FleetNode[]): Expectation {
  const session = { id: 'observed', platforms: platforms.map(({ name }) => name), leadSeconds: 0, nodes: [] }
  const ids = place([session], nodes).get(session.id) ?? []
  const placed = ids.flatMap((id) => nodes.find((node) => node.id === id) ?? [])
  const speeds = placed.map((node) => node.speed ?? modelledSpeed(plan, node))
  const isKnown = speeds.length > 0 && speeds.every((speed) => speed !== null)
  const basis = placed.every(({ speed }) => speed !== undefined) ? 'measured' : 'modelled'
  return {
    nodes: placed.map(({ name }) => name),
    speed: isKnown ? round(speeds.reduce((sum: number, speed) => sum + (speed ?? 0), 0)) : null,
    basis: isKnown ? basis : null,
  }
}

function modelledSpeed({ video }: Plan, { cores }: FleetNode): number | null {
  const scale = video.operations.findLast((operation) => operation.kind === 'scale')
  // Without a scale pictures stay as large as they are.
  const { width, height } = scale
    ? { width: Number(scale.width), height: Number(scale.height) }
    : (video.size ?? { width: 0, height: 0 })
  if (!(width > 0 && height > 0)) return null
  const rate = video.rate.num / video.rate.den
  return cores * knownSpeed * (knownRate / rate) * Math.min(1, knownPixels / (width * height))
}

const round = (value: number): number => Math.round(value * 100) / 100
