import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from './log.ts'

/** Blocks of media on this node's disk, so that an index that each lease reads is not fetched for each. */
export interface BlockStore {
  /** Undefined when it is not there, or can no longer be read. */
  get(key: string): Promise<Buffer | undefined>
  /** Takes a copy; the oldest go when the quota is full. Never rejects: a disk that fails is left alone for a minute. */
  put(key: string, bytes: Buffer): Promise<void>
  readonly bytes: number
  /** Why nothing is taken now, with its code; null while the disk is well. */
  readonly trouble: string | null
  /** Removes the folder. */
  close(): Promise<void>
}

export interface BlockStoreOptions {
  /** Of this store alone. What an earlier process has left there is removed: nobody knows whether it is whole. */
  readonly folder: string
  readonly quotaBytes: number
  readonly log: Pick<Log, 'warn'>
  readonly now?: () => number
}

/** A full disk may have room again, a broken one will not: neither is asked for each block. */
const restMs = 60_000

export async function openBlockStore(options: BlockStoreOptions): Promise<BlockStore> {
  const { folder, quotaBytes, log, now = () => performance.now() } = options
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  /** Sizes by key, least recently used first; only what was written whole. */
  const sizes = new Map<string, number>()
  const writing = new Set<string>()
  let heldBytes = 0
  let restUntil = Number.NEGATIVE_INFINITY
  let trouble: string | null = null
  const pathOf = (key: string) => join(folder, createHash('sha256').update(key).digest('hex'))

  const drop = async (key: string): Promise<void> => {
    heldBytes -= sizes.get(key) ?? 0
    sizes.delete(key)
    await rm(pathOf(key), { force: true })
  }
  const makeRoom = async (bytes: number): Promise<void> => {
    for (const oldest of sizes.keys()) {
      if (heldBytes + bytes <= quotaBytes) return
      await drop(oldest)
    }
  }
  const write = async (key: string, bytes: Buffer): Promise<void> => {
    try {
      await makeRoom(bytes.length)
      await writeFile(pathOf(key), bytes, { mode: 0o600 })
      sizes.set(key, bytes.length)
      heldBytes += bytes.length
      trouble = null
    } catch (error) {
      restUntil = now() + restMs
      trouble = troubleOf(folder, error)
      log.warn('media is not kept on this disk for a minute', { folder, error })
      await rm(pathOf(key), { force: true }).catch(() => undefined)
    }
  }
  return {
    async get(key) {
      const size = sizes.get(key)
      if (size === undefined) return undefined
      const bytes = await readFile(pathOf(key)).catch(() => undefined)
      const isWhole = bytes?.length === size
      // It was dropped while it was read, and must not be counted as there again.
      if (sizes.get(key) !== size) return isWhole ? bytes : undefined
      if (!isWhole) {
        await drop(key).catch(() => undefined)
        return undefined
      }
      sizes.delete(key)
      sizes.set(key, size)
      return bytes
    },
    async put(key, bytes) {
      const isTooMuch = bytes.length > quotaBytes || now() < restUntil
      if (isTooMuch || sizes.has(key) || writing.has(key)) return
      writing.add(key)
      await write(key, bytes)
      writing.delete(key)
    },
    get bytes() {
      return heldBytes
    },
    get trouble() {
      return trouble
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/** What people are told of a disk that takes nothing, at most 200 characters as a beat carries it. */
export function troubleOf(folder: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  const what = isFull ? `E_DISK_FULL: no media is kept in ${folder}` : `E_NODE_DISK: ${message}`
  return what.slice(0, 200)
}
