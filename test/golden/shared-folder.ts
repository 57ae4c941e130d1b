import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * The folder with the recordings of the real transcoder and the real clips: PACELINE_SHARED, or `../shared` beside
 * the repository. Null where there is none; tests that need it are then skipped.
 */
export const sharedFolder: string | null = find()

/** For the title of a test that may be skipped. */
export const sharedNote = sharedFolder === null ? ' (skipped: no ../shared, set PACELINE_SHARED)' : ''

function find(): string | null {
  const folder = process.env.PACELINE_SHARED ?? resolve(import.meta.dirname, '../../../shared')
  return existsSync(join(folder, 'golden')) ? folder : null
}
