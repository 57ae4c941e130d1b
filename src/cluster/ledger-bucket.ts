import type { JetStreamManager } from '@nats-io/jetstream'
import type { KV, KvEntry, Kvm } from '@nats-io/kv'
import {
  failureAsValue,
  failureCode,
  type LedgerEntries,
  type LedgerFailure,
  type LedgerResult,
} from './ledger-result.ts'

/**
 * One key-value bucket, written by compare-and-swap only; the revisions are remembered inside. Another process's
 * write is a conflict; within this process the last write counts, so await one before the next of the same key.
 */
export interface LedgerBucket<T> {
  readonly name: string
  /** Everything there is; from now on the caller may update and remove these keys. */
  readonly load: () => Promise<LedgerEntries<T>>
  /** Keys have the characters `A-Z a-z 0-9 _ - = / .` */
  readonly create: (key: string, value: T) => Promise<LedgerResult>
  readonly update: (key: string, value: T) => Promise<LedgerResult>
  readonly remove: (key: string) => Promise<LedgerResult>
  /** Whether the key is there as far as this process knows. */
  readonly knows: (key: string) => boolean
  /** Forgets the keys that the server has lost, so that they can be created again, and counts them. */
  readonly forgetLost: () => Promise<{ readonly ok: true; readonly count: number } | LedgerFailure>
}

export interface BucketOptions<T> {
  readonly name: string
  /** Random for each process: tells our own late writes from another head's. */
  readonly writer: string
  /** What was read back, or undefined when it is nothing this version understands; such keys are left alone. */
  readonly parse: (value: unknown) => T | undefined
  /** Whether the connection stands. */
  readonly isUp: () => boolean
}

interface Envelope {
  readonly writer: string
  readonly value: unknown
}

const readersAtOnce = 32
const bucketBytes = 64 * 2 ** 20

/** Opens the bucket, making it where it is missing. Rejects with the client's errors. */
export async function openBucket<T>(
  kvm: Kvm,
  manager: JetStreamManager,
  options: BucketOptions<T>,
): Promise<LedgerBucket<T>> {
  // Direct reads may be older than the last write; decisions are made on these reads.
  const store = await kvm.create(options.name, { history: 1, max_bytes: bucketBytes, allow_direct: false })
  return new RevisionedBucket(store, manager, options)
}

class RevisionedBucket<T> implements LedgerBucket<T> {
  readonly name: string
  readonly #store: KV
  readonly #manager: JetStreamManager
  readonly #options: BucketOptions<T>
  readonly #revisions = new Map<string, number>()
  /** Keys that may be in the store all the same: a write was never answered, or the server was set back. */
  readonly #unsure = new Set<string>()

  constructor(store: KV, manager: JetStreamManager, options: BucketOptions<T>) {
    this.name = options.name
    this.#store = store
    this.#manager = manager
    this.#options = options
  }

  readonly knows = (key: string): boolean => this.#revisions.has(key)

  readonly load = (): Promise<LedgerEntries<T>> =>
    this.#ask(async () => {
      const info = await this.#manager.streams.info(this.#stream, { subjects_filter: `$KV.${this.name}.>` })
      const keys = Object.keys(info.state.subjects ?? {}).map((subject) =>
        subject.slice(`$KV.${this.name}.`.length),
      )
      this.#revisions.clear()
      this.#unsure.clear()
      const entries = new Map<string, T>()
      for (let start = 0; start < keys.length; start += readersAtOnce) {
        await Promise.all(keys.slice(start, start + readersAtOnce).map((key) => this.#loadOne(key, entries)))
      }
      return { ok: true, entries } as const
    })

  readonly create = (key: string, value: T): Promise<LedgerResult> =>
    this.#write(key, async () => {
      const bytes = this.#encode(value)
      const revision = await this.#overOwnWrite(
        key,
        () => this.#store.create(key, bytes),
        (own) => this.#store.put(key, bytes, { previousSeq: own }),
      )
      this.#revisions.set(key, revision)
      return undefined
    })

  readonly update = (key: string, value: T): Promise<LedgerResult> =>
    this.#write(key, async () => {
      const known = await this.#knownRevision(key)
      if (known === undefined) return missing(key)
      const bytes = this.#encode(value)
      const swap = (revision: number) => this.#store.put(key, bytes, { previousSeq: revision })
      this.#revisions.set(key, await this.#overOwnWrite(key, () => swap(known), swap))
      return undefined
    })

  readonly remove = (key: string): Promise<LedgerResult> =>
    this.#write(key, async () => {
      const known = await this.#knownRevision(key)
      if (known === undefined) return missing(key)
      const remove = (revision: number) => this.#store.delete(key, { previousSeq: revision })
      await this.#overOwnWrite(key, () => remove(known), remove)
      this.#revisions.delete(key)
      await this.#sweep(key, await this.#store.get(key))
      return undefined
    })

  readonly forgetLost = () =>
    this.#ask(async () => {
      const info = await this.#manager.streams.info(this.#stream, { subjects_filter: `$KV.${this.name}.>` })
      const subjects = info.state.subjects ?? {}
      const lost = [...this.#revisions].filter(
        // A revision from the future: the server was set back by a power cut, and what it has is older.
        ([key, revision]) =>
          subjects[`$KV.${this.name}.${key}`] === undefined || revision > info.state.last_seq,
      )
      for (const [key] of lost) {
        this.#revisions.delete(key)
        this.#unsure.add(key)
      }
      return { ok: true, count: lost.length } as const
    })

  get #stream(): string {
    return `KV_${this.name}`
  }

  async #write(key: string, action: () => Promise<LedgerFailure | undefined>): Promise<LedgerResult> {
    const result = await this.#ask(async () => (await action()) ?? ({ ok: true } as const))
    if (result.ok) this.#unsure.delete(key)
    else if (result.code === 'unavailable') this.#unsure.add(key)
    else if (result.code === 'conflict') this.#revisions.delete(key)
    return result
  }

  async #ask<R>(action: () => Promise<R>): Promise<R | LedgerFailure> {
    // The client would keep a write and send it whenever it can; by then it may be wrong.
    if (!this.#options.isUp()) return { ok: false, code: 'unavailable', message: 'not connected' }
    return failureAsValue(action)
  }

  /** A conflict with our own earlier write is none: its answer was lost, or the server lost what came after it. */
  async #overOwnWrite<R>(
    key: string,
    first: () => Promise<R>,
    again: (revision: number) => Promise<R>,
  ): Promise<R> {
    try {
      return await first()
    } catch (error) {
      const own = failureCode(error) === 'conflict' ? await this.#ownRevision(key) : undefined
      if (own === undefined) throw error
      return again(own)
    }
  }

  async #knownRevision(key: string): Promise<number | undefined> {
    return this.#revisions.get(key) ?? (this.#unsure.has(key) ? await this.#ownRevision(key) : undefined)
  }

  /** The key's revision in the store, when this process was the last to write it. */
  async #ownRevision(key: string): Promise<number | undefined> {
    const entry = await this.#store.get(key)
    if (entry === null || entry.operation !== 'PUT') return undefined
    return decode(entry)?.writer === this.#options.writer ? entry.revision : undefined
  }

  async #loadOne(key: string, entries: Map<string, T>): Promise<void> {
    const entry = await this.#store.get(key)
    if (entry === null) return
    if (entry.operation !== 'PUT') return this.#sweep(key, entry)
    const value = this.#options.parse(decode(entry)?.value)
    if (value === undefined) return
    this.#revisions.set(key, entry.revision)
    entries.set(key, value)
  }

  /** A removed key leaves a marker for ever (2.9 cannot expire it), so it is purged, but nothing that came later. */
  async #sweep(key: string, marker: KvEntry | null): Promise<void> {
    if (marker === null || marker.operation === 'PUT') return
    await this.#manager.streams.purge(this.#stream, {
      filter: `$KV.${this.name}.${key}`,
      seq: marker.revision + 1,
    })
  }

  #encode(value: T): Uint8Array {
    return Buffer.from(JSON.stringify({ writer: this.#options.writer, value } satisfies Envelope))
  }
}

function decode(entry: KvEntry): Envelope | undefined {
  try {
    return JSON.parse(entry.string()) as Envelope
  } catch {
    // Not written by us: the caller treats it as somebody else's.
    return undefined
  }
}

const missing = (key: string): LedgerFailure => ({
  ok: false,
  code: 'missing',
  message: `${key} is not known here`,
})
