import { z } from 'zod'
import type { LifePhase } from '../../placement/power/node-life.ts'

const phases: readonly LifePhase[] = [
  ...(['off', 'waking', 'ready', 'busy', 'draining', 'going-to-sleep', 'failed'] as const),
]

/** What a head writes is far below these: beyond them the file is none of ours, and reckoning with it would go wrong. */
const time = z.number().min(-8.64e15).max(8.64e15)
const wakeSeconds = z.number().min(0).max(86_400)
const most = { count: 1e6, weeks: 1e5, cores: 1e5, lengthSeconds: 1e8 }

const wakeTime = z.object({ meanSeconds: wakeSeconds, spreadSeconds: wakeSeconds, seen: z.int().min(0) })

const keptNode = z.object({
  phase: z.enum(phases),
  sinceMs: time,
  boot: z.string().max(256).nullable(),
  failures: z.int().min(0),
  retryAtMs: time.nullable(),
  wakeTime,
  /** What it offered when it was there last; a sleeping node is reckoned with for that. */
  platforms: z.array(z.string().max(256)).max(64),
  cores: z.int().min(1).max(most.cores),
  /** Cores of the reference machine that it was measured to be worth. */
  capacity: z.number().positive().max(most.cores).nullable(),
  keptUntilMs: time.nullable(),
})

const policy = z.object({
  forecast: z.object({
    startMs: time,
    weeks: z.int().min(0).max(most.weeks),
    counts: z.array(z.number().min(0).max(most.count)).readonly(),
  }),
  lengths: z.array(z.number().min(0).max(most.lengthSeconds)).readonly(),
})

/** What is kept of one node. Times are of {@link HouseClock.nowMs}. */
export type KeptNode = z.output<typeof keptNode>

/** What is kept of power: who sleeps, how long each takes to wake, and when viewers come. */
export interface PowerMemory {
  readonly version: 1
  /** By name. */
  readonly nodes: Readonly<Record<string, KeptNode>>
  readonly policy: z.output<typeof policy> | null
}

const outline = z.object({
  version: z.literal(1),
  nodes: z.record(z.string(), z.unknown()),
  policy: z.unknown(),
})

export const noMemory: PowerMemory = { version: 1, nodes: {}, policy: null }

/**
 * What a head has written, part by part: one part that is broken costs no other. `dropped` says which were, and why, for
 * people.
 *
 * @throws SyntaxError where it is no JSON, and z.ZodError where it is none of ours
 */
export function readPowerMemory(text: string): {
  readonly memory: PowerMemory
  readonly dropped: readonly string[]
} {
  const { version, nodes: written, policy: viewers } = outline.parse(JSON.parse(text))
  const dropped: string[] = []
  const keep = <T>(what: string, shape: z.ZodType<T>, value: unknown): T | undefined => {
    const read = shape.safeParse(value)
    if (read.success) return read.data
    const [fault] = read.error.issues
    dropped.push(`${what} (${[...(fault?.path ?? []), fault?.message].join(': ')})`)
    return undefined
  }
  const nodes = Object.entries(written).flatMap(([name, value]) => {
    const node = keep(`the node ${name.slice(0, 64)}`, keptNode, value)
    return node ? [[name, node] as const] : []
  })
  const known = keep('when viewers come', policy.nullable(), viewers ?? null) ?? null
  return { memory: { version, nodes: Object.fromEntries(nodes), policy: known }, dropped }
}

/**
 * What the next head could not find out by itself, as a text to compare: who sleeps, what failed, how long a wake takes.
 * A node that works and then does not is the same here, and so is one that is worth a little more or less; see
 * {@link PowerMemoryFile}.
 */
export function lastingPart({ nodes }: Pick<PowerMemory, 'nodes'>): string {
  const parts = Object.entries(nodes).map(([name, node]) => {
    const { phase, boot, failures, retryAtMs, keptUntilMs, wakeTime: wake, platforms, cores } = node
    const life = phase === 'busy' ? 'ready' : phase
    return [name, life, boot, failures, retryAtMs, keptUntilMs, wake.seen, wake.meanSeconds, cores, platforms]
  })
  return JSON.stringify(parts)
}
