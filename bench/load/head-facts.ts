import { readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds. */
export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly most: number
}

/** What the head has seen of itself since it was asked before; head-probe.ts writes it. */
export interface HeadFacts {
  /**
   * By kind of event: from the beginning of the turn in which sessions were told of something until this session's
   * orders were handed over to the connection.
   */
  readonly decisions: Readonly<Record<string, Spread>>
  /** All kinds together. */
  readonly all: Spread
  /** The same of the head's processor time, with that of V8's own threads: others on the machine are not measured. */
  readonly processor: Spread
  /** How much later than it should its event loop comes round. */
  readonly loopDelay: Spread
  /** Bytes, as Node counts them. */
  readonly memory: {
    readonly rss: number
    readonly heapUsed: number
    readonly external: number
    readonly arrayBuffers: number
    /** Of the buffers, what is left when all garbage is collected. */
    readonly heldBuffers: number
  }
}

const patienceMs = 10_000

/** Asks the head, which then begins anew. Throws when it does not answer. */
export async function askHead(pid: number, path: string): Promise<HeadFacts> {
  await rm(path, { force: true })
  process.kill(pid, 'SIGUSR2')
  const giveUpAt = performance.now() + patienceMs
  while (performance.now() < giveUpAt) {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (text !== undefined) return JSON.parse(text) as HeadFacts
    await sleep(20)
  }
  throw new Error('the head does not tell how it is')
}
