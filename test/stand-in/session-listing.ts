import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ListedFile } from '../golden/recording.ts'

/** Names and sizes of a folder's files, by name; empty for a folder that is not there. Synchronous: one moment. */
export function listFiles(directory: string): ListedFile[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry): ListedFile => [entry.name, statSync(join(directory, entry.name)).size])
      .sort(([a], [b]) => (a < b ? -1 : 1))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** SHA-256 of a file in hexadecimal; null where it cannot be read. */
export function digestOf(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
