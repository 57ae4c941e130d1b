import type { BlockStore } from './block-store.ts'

/**
 * A block, or why there is none: `gone` (the lease that asked is over), `broken` (asking again will not help),
 * `unreachable` (the head did not answer for too long), `aborted` (nobody waits for it any more).
 */
export type BlockResult =
  | { readonly ok: true; readonly bytes: Buffer }
  | {
      readonly ok: false
      readonly reason: 'gone' | 'broken' | 'unreachable' | 'aborted'
      readonly message: string
    }

export type FetchBlock = (signal: AbortSignal) => Promise<BlockResult>

interface Flight {
  readonly result: Promise<BlockResult>
  readonly controller: AbortController
  waiting: number
}

/**
 * How long a fetch goes on after its last reader left. ffmpeg hops while it opens a file: on a quick network
 * the block then comes in time to be kept, and cutting it off would cost a connection.
 */
const graceMs = 20

/**
 * Picture and sound read each block of a film once; what is read more often is an index, and worth a write to a disk
 * that may be a memory card.
 */
const readsOfAnIndex = 3

const aborted: BlockResult = { ok: false, reason: 'aborted', message: 'nobody waits for it any more' }

/**
 * Blocks of media by key, shared by all leases: at most `limitBytes`, least recently used ones go first, and a
 * block that several readers want is fetched once. A fetch stops soon after its last reader has left. With a disk,
 * blocks that are read again and again are kept there, too, and outlast the memory.
 */
export class BlockCache {
  private readonly limitBytes: number
  private readonly disk: Pick<BlockStore, 'get' | 'put'> | undefined
  private readonly blocks = new Map<string, { readonly bytes: Buffer; reads: number }>()
  private readonly flights = new Map<string, Flight>()
  private heldBytes = 0

  constructor(limitBytes: number, disk?: Pick<BlockStore, 'get' | 'put'>) {
    this.limitBytes = limitBytes
    this.disk = disk
  }

  get bytes(): number {
    return this.heldBytes
  }

  /** The block, from memory or by `fetch`. Aborting `signal` ends this reader's wait only. */
  async read(key: string, fetch: FetchBlock, signal: AbortSignal): Promise<BlockResult> {
    while (!signal.aborted) {
      const cached = this.blocks.get(key)
      if (cached !== undefined) {
        this.blocks.delete(key)
        this.blocks.set(key, cached)
        cached.reads += 1
        if (cached.reads === readsOfAnIndex) void this.disk?.put(key, cached.bytes)
        return { ok: true, bytes: cached.bytes }
      }
      const joined = this.flights.get(key)
      const result = await this.wait(key, joined ?? this.start(key, fetch), signal)
      // Another lease's fetch ends with that lease; this reader's own token may still be good.
      const othersEnd =
        joined !== undefined && !result.ok && (result.reason === 'gone' || result.reason === 'aborted')
      if (!othersEnd) return result
    }
    return aborted
  }

  /** Forgets all blocks; fetches under way go on. */
  clear(): void {
    this.blocks.clear()
    this.heldBytes = 0
  }

  private start(key: string, fetch: FetchBlock): Flight {
    const controller = new AbortController()
    const fetched =
      this.disk === undefined ? fetch(controller.signal) : this.fromDisk(key, fetch, controller.signal)
    const result = fetched.then((block) => {
      if (block.ok) this.keep(key, block.bytes)
      return block
    })
    const flight = { result, controller, waiting: 0 }
    this.flights.set(key, flight)
    const forget = () => this.forget(key, flight)
    result.then(forget, forget)
    return flight
  }

  private async fromDisk(key: string, fetch: FetchBlock, signal: AbortSignal): Promise<BlockResult> {
    const bytes = await this.disk?.get(key)
    return bytes === undefined ? fetch(signal) : { ok: true, bytes }
  }

  private forget(key: string, flight: Flight): void {
    if (this.flights.get(key) === flight) this.flights.delete(key)
  }

  private async wait(key: string, flight: Flight, signal: AbortSignal): Promise<BlockResult> {
    flight.waiting += 1
    let leave: (result: BlockResult) => void = () => {}
    const left = new Promise<BlockResult>((resolve) => {
      leave = resolve
    })
    const onAbort = () => leave(aborted)
    signal.addEventListener('abort', onAbort)
    try {
      return await Promise.race([flight.result, left])
    } finally {
      signal.removeEventListener('abort', onAbort)
      flight.waiting -= 1
      if (flight.waiting === 0 && this.flights.get(key) === flight) this.abandonSoon(key, flight)
    }
  }

  private abandonSoon(key: string, flight: Flight): void {
    const abandon = () => {
      if (flight.waiting > 0) return
      this.forget(key, flight)
      flight.controller.abort()
    }
    setTimeout(abandon, graceMs).unref()
  }

  private keep(key: string, bytes: Buffer): void {
    this.heldBytes += bytes.length - (this.blocks.get(key)?.bytes.length ?? 0)
    this.blocks.set(key, { bytes, reads: 1 })
    for (const [oldest, block] of this.blocks) {
      if (this.heldBytes <= this.limitBytes) return
      this.blocks.delete(oldest)
      this.heldBytes -= block.bytes.length
    }
  }
}
