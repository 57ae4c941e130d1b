import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filterFiles } from './filters.js'

/** Where what is built lies. */
export function outFolder(/** @type {string} */ root) {
  return join(root, '.cache', 'ffmpeg', 'out')
}

/**
 * What a build of ours is made from: the filters, the patches, and how and against what FFmpeg is configured. A newer
 * source package of Debian's does not count: `rm -r .cache/ffmpeg` asks for it.
 *
 * @param {string} root the project's folder
 * @param {readonly string[]} more files and words that belong to it
 * @returns {string} twelve hexadecimal digits
 */
export function sourceKey(root, more) {
  const digest = createHash('sha256')
  const patches = join(root, 'native', 'tonemap', 'patches')
  const scripts = join(root, 'scripts', 'build-ffmpeg')
  const files = [
    ...filterFiles(root),
    ...readdirSync(patches).map((name) => join(patches, name)),
    ...readdirSync(scripts).map((name) => join(scripts, name)),
  ].sort()
  for (const file of files) digest.update(`${file.slice(root.length)}\n`).update(readFileSync(file))
  for (const word of more) digest.update(`${word}\n`)
  return digest.digest('hex').slice(0, 12)
}

/**
 * Whether that very thing has been built before.
 *
 * @param {string} root the project's folder
 * @param {string} name
 * @param {string} key as sourceKey() gives it
 * @returns {string | undefined} the file that was made, as long as it is there
 */
export function builtBefore(root, name, key) {
  const list = join(outFolder(root), `${name}.key`)
  if (!existsSync(list)) return undefined
  const [before, file] = readFileSync(list, 'utf8').split('\n')
  return before === key && file !== undefined && existsSync(file) ? file : undefined
}

/**
 * @param {string} root the project's folder
 * @param {string} name
 * @param {string} key as sourceKey() gives it
 * @param {string} file that was made
 */
export function remember(root, name, key, file) {
  mkdirSync(outFolder(root), { recursive: true })
  writeFileSync(join(outFolder(root), `${name}.key`), `${key}\n${file}`)
}
