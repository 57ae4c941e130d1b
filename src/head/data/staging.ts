import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Segments of one session on the head's own disk, from their arrival until they are published. They wait here,
 * not in the media server's folder and not in memory.
 */
export interface Staging {
  /** Bytes that wait now. */
  readonly bytes: number
  /** Writes beside and renames, so that a segment is there whole or not at all. */
  put(part: string, segment: number, bytes: Buffer): Promise<void>
  get(part: string, segment: number): Promise<Buffer>
  has(part: string, segment: number): boolean
  /** Forgets a segment; one that is not there is no error. */
  drop(part: string, segment: number): Promise<void>
  /** Removes the folder with all that is in it. */
  close(): Promise<void>
}

/** Creates the folder; it must not be used by anybody else. */
export async function createStaging(folder: string): Promise<Staging> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const sizes = new Map<string, number>()
  let serial = 0
  const pathOf = (part: string, segment: number): string => join(folder, `${part}-${segment}`)
  return {
    get bytes() {
      let sum = 0
      for (const size of sizes.values()) sum += size
      return sum
    },
    async put(part, segment, bytes) {
      const path = pathOf(part, segment)
      const beside = `${path}.${serial++}.tmp`
      await writeFile(beside, bytes, { mode: 0o600 })
      await rename(beside, path)
      sizes.set(path, bytes.length)
    },
    get: (part, segment) => readFile(pathOf(part, segment)),
    has: (part, segment) => sizes.has(pathOf(part, segment)),
    async drop(part, segment) {
      const path = pathOf(part, segment)
      sizes.delete(path)
      await rm(path, { force: true })
    },
    async close() {
      sizes.clear()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
