import { setImmediate as turn } from 'node:timers/promises'
import { Random } from './random.ts'
import { type FuzzBounds, type FuzzTarget, usualBounds } from './target.ts'

export interface FuzzOrder {
  readonly target: FuzzTarget
  readonly seconds: number
  readonly seed: number
  /** Only this input of the seed's. */
  readonly input?: number
  readonly bounds?: FuzzBounds
}

export interface FuzzResult {
  readonly inputs: number
  readonly seconds: number
  /** Processor milliseconds of the slowest input. */
  readonly slowestMs: number
  /** Bytes by which the memory in use has grown since it was warm. */
  readonly grownBytes: number
}

/** What was found: which input it was, and what was wrong. */
export class FuzzFinding extends Error {
  readonly input: unknown
  readonly number: number

  constructor(target: string, seed: number, number: number, input: unknown, cause: unknown) {
    super(`${target}, seed ${seed}, input ${number}: ${(cause as Error)?.message ?? cause}`, { cause })
    this.name = 'FuzzFinding'
    this.input = input
    this.number = number
  }
}

/** Memory is looked at, and what is left over, after so long. */
const lookMs = 5_000
/** By then code is compiled, and caches are as large as they get. */
const warmMs = 10_000
/** An input may wait for answers, and on a busy machine for its turn; what takes so long hangs. */
const hangMs = 120_000

/** Gives a target inputs, each made from the seed and its number alone, until the time is over. Throws FuzzFinding. */
export async function fuzz(order: FuzzOrder): Promise<FuzzResult> {
  const { target, seconds, seed, bounds = usualBounds } = order
  const open = await target.open()
  const beganMs = performance.now()
  let [inputs, slowestMs, lookedMs] = [0, 0, beganMs]
  let warmBytes: number | null = null
  let input: unknown
  const keep = (made: unknown) => {
    input = made
  }
  const uncaught: unknown[] = []
  const onUncaught = (error: unknown) => void uncaught.push(error)
  process.on('uncaughtException', onUncaught).on('unhandledRejection', onUncaught)
  const grown = async () => {
    await open.rest()
    const now = await usedBytes()
    if (warmBytes === null && performance.now() - beganMs > warmMs) warmBytes = now
    return now - (warmBytes ?? now)
  }
  try {
    for (let number = order.input ?? 0; performance.now() - beganMs < seconds * 1_000; number++) {
      try {
        const before = process.cpuUsage()
        const random = new Random(Math.imul(seed, 0x9e3779b1) + number)
        await withinTime(async () => open.step(random, keep))
        const { user, system } = process.cpuUsage(before)
        const ms = (user + system) / 1_000
        slowestMs = Math.max(slowestMs, ms)
        if (uncaught.length > 0) throw uncaught[0]
        if (ms > bounds.inputMs) throw new Error(`it took ${ms.toFixed(0)} ms of the processor`)
        if (performance.now() - lookedMs > lookMs) {
          lookedMs = performance.now()
          const bytes = await grown()
          if (bytes > bounds.grownBytes)
            throw new Error(`${bytes} bytes more are in use than when it was warm`)
        }
      } catch (error) {
        throw new FuzzFinding(target.name, seed, number, input, error)
      }
      inputs += 1
      if (order.input !== undefined) break
      if (number % 64 === 0) await turn()
    }
    const grownBytes = await grown()
    return { inputs, seconds: (performance.now() - beganMs) / 1_000, slowestMs, grownBytes }
  } finally {
    await open.close()
    process.off('uncaughtException', onUncaught).off('unhandledRejection', onUncaught)
  }
}

async function withinTime(work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${hangMs} ms`)), hangMs)
  })
  try {
    await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Heap and buffers after a collection; where it cannot be asked for (`--expose-gc`), without. */
async function usedBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.()
    await turn()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
