import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfThere, writePrivateFile } from '../../cluster/private-file.ts'
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

const memory = z.object({
  version: z.literal(1),
  /** By name. */
  nodes: z.record(z.string(), keptNode),
  policy: policy.nullable(),
})

/** What is kept of one node. Times are of {@link HouseClock.nowMs}. */
export type KeptNode = z.output<typeof keptNode>

/** What is kept of power: who sleeps, how long each takes to wake, and when viewers come. */
export type PowerMemory = z.output<typeof memory>

export interface PowerMemoryFile {
  /** As the last head left it. */
  readonly past: PowerMemory
  /** Something has changed: what is current then is written down a moment later, however much it was. */
  touch(current: () => Omit<PowerMemory, 'version'>): void
  /** Writes down what has not been yet. */
  close(): Promise<void>
}

export interface PowerMemoryOptions {
  readonly dataFolder: string
  readonly onTrouble: (message: string) => void
  readonly behindMs?: number
}

const usualBehindMs = 500

/**
 * Opens `power.json` in the data folder. A file that cannot be read costs what was learnt and no more: it is told of, and
 * begun anew, since a node that is there is heard, and one that is not counts as off.
 */
export async function openPowerMemory(options: PowerMemoryOptions): Promise<PowerMemoryFile> {
  const { dataFolder, onTrouble, behindMs = usualBehindMs } = options
  const path = join(dataFolder, 'power.json')
  let timer: NodeJS.Timeout | undefined
  let written: Promise<void> = Promise.resolve()
  let current: (() => Omit<PowerMemory, 'version'>) | undefined

  const write = (): Promise<void> => {
    timer = undefined
    const text = `${JSON.stringify({ version: 1, ...current?.() })}\n`
    written = written
      .then(() => writePrivateFile(path, text))
      .catch((error: unknown) => onTrouble(`${path} could not be written: ${String(error)}`))
    return written
  }
  return {
    past: await readPast(path, onTrouble),
    touch(latest) {
      current = latest
      if (timer !== undefined) return
      timer = setTimeout(() => void write(), behindMs)
      timer.unref()
    },
    async close() {
      if (timer !== undefined) {
        clearTimeout(timer)
        await write()
      }
      await written
    },
  }
}

async function readPast(path: string, onTrouble: (message: string) => void): Promise<PowerMemory> {
  const empty: PowerMemory = { version: 1, nodes: {}, policy: null }
  try {
    const text = await readFileIfThere(path)
    if (text === undefined) return empty
    return memory.parse(JSON.parse(text))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    onTrouble(`${path} cannot be read, and is begun anew: ${why}`)
    return empty
  }
}
