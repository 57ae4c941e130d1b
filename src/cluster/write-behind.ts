import type { LedgerBucket } from './ledger-bucket.ts'
import type { LedgerFailure, LedgerResult } from './ledger-result.ts'

export interface WriteBehindOptions {
  /**
   * Told of every write that will not happen (`conflict`, `refused`), and once at the beginning of a time in
   * which the server is `unavailable`; those writes are tried again until they succeed.
   */
  readonly onTrouble: (key: string, failure: LedgerFailure) => void
  /** Milliseconds between tries while the server is unavailable. */
  readonly retryMs?: number
}

/** Writes to a bucket that nobody waits for. Only the latest state of each key is written. */
export interface WriteBehind<T> {
  readonly put: (key: string, value: T) => void
  readonly remove: (key: string) => void
  /** Resolves when nothing is left to write, or after `timeoutMs`, with the number of keys left. */
  readonly flush: (timeoutMs: number) => Promise<number>
  /** Writes nothing more from now on. */
  readonly close: () => void
}

const writersAtOnce = 8

export function createWriteBehind<T>(bucket: LedgerBucket<T>, options: WriteBehindOptions): WriteBehind<T> {
  return new WriteBehindQueue(bucket, options)
}

type Wanted<T> = { readonly value: T } | 'removed'

class WriteBehindQueue<T> implements WriteBehind<T> {
  readonly #bucket: LedgerBucket<T>
  readonly #options: WriteBehindOptions
  /** Keys to be written, oldest first, with the state wanted now. */
  readonly #wanted = new Map<string, Wanted<T>>()
  readonly #writing = new Set<string>()
  #waiters: (() => void)[] = []
  #retry: NodeJS.Timeout | undefined
  #unavailable = false
  #closed = false

  constructor(bucket: LedgerBucket<T>, options: WriteBehindOptions) {
    this.#bucket = bucket
    this.#options = options
  }

  readonly put = (key: string, value: T): void => this.#want(key, { value })

  readonly remove = (key: string): void => this.#want(key, 'removed')

  readonly flush = async (timeoutMs: number): Promise<number> => {
    if (this.#left > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs)
        this.#waiters.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
    return this.#left
  }

  readonly close = (): void => {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#wanted.clear()
    this.#wakeWaiters()
  }

  get #left(): number {
    return new Set([...this.#wanted.keys(), ...this.#writing]).size
  }

  #want(key: string, wanted: Wanted<T>): void {
    if (this.#closed) return
    this.#wanted.set(key, wanted)
    this.#startWriters()
  }

  #startWriters(): void {
    if (this.#retry !== undefined || this.#closed) return
    for (const [key, wanted] of this.#wanted) {
      if (this.#writing.size >= writersAtOnce) return
      // A key is written by one writer at a time: its revisions follow each other.
      if (this.#writing.has(key)) continue
      this.#wanted.delete(key)
      this.#writing.add(key)
      void this.#write(key, wanted)
    }
  }

  async #write(key: string, wanted: Wanted<T>): Promise<void> {
    const result = await this.#attempt(key, wanted)
    this.#writing.delete(key)
    if (result.ok) this.#unavailable = false
    else this.#fail(key, wanted, result)
    if (this.#left === 0) this.#wakeWaiters()
    else this.#startWriters()
  }

  async #attempt(key: string, wanted: Wanted<T>): Promise<LedgerResult> {
    try {
      if (wanted !== 'removed') {
        return await (this.#bucket.knows(key)
          ? this.#bucket.update(key, wanted.value)
          : this.#bucket.create(key, wanted.value))
      }
      const removed = await this.#bucket.remove(key)
      return !removed.ok && removed.code === 'missing' ? { ok: true } : removed
    } catch (error) {
      return { ok: false, code: 'refused', message: String(error) }
    }
  }

  #fail(key: string, wanted: Wanted<T>, failure: LedgerFailure): void {
    if (this.#closed) return
    if (failure.code !== 'unavailable') {
      this.#options.onTrouble(key, failure)
      return
    }
    if (!this.#wanted.has(key)) this.#wanted.set(key, wanted)
    if (!this.#unavailable) this.#options.onTrouble(key, failure)
    this.#unavailable = true
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined
      this.#startWriters()
    }, this.#options.retryMs ?? 500)
  }

  #wakeWaiters(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }
}
