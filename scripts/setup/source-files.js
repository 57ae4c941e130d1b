import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ path: string, changedMs: number, bytes: number }} SourceFile */

/**
 * What tells whether a file has changed; files that are not there are left out.
 *
 * @param {string} folder
 * @param {readonly string[]} paths relative to the folder
 * @returns {SourceFile[]}
 */
export function sourceFiles(folder, paths) {
  return paths.flatMap((name) => {
    const path = join(folder, name)
    const entry = statSync(path, { throwIfNoEntry: false })
    return entry?.isFile() ? [{ path, changedMs: entry.mtimeMs, bytes: entry.size }] : []
  })
}

/**
 * The same for all files at any depth below a folder whose path passes a test, in the order of their paths.
 *
 * @param {string} folder
 * @param {(path: string) => boolean} isWanted
 */
export function sourceFilesBelow(folder, isWanted) {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return sourceFiles(folder, paths.filter(isWanted).sort())
}
