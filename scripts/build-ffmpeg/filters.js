import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'

/** The files of FFmpeg that have to know of a new filter. */
const changedFiles = ['configure', 'libavfilter/Makefile', 'libavfilter/allfilters.c']

/**
 * Which patch fits a source: since FFmpeg 8 filters are declared under another type.
 *
 * @param {string} tree a source of FFmpeg
 */
export function patchFor(tree) {
  const declarations = readFileSync(join(tree, 'libavfilter', 'allfilters.c'), 'utf8')
  return declarations.includes('extern const FFFilter ') ? 'ffmpeg-8.patch' : 'ffmpeg-5.1.patch'
}

/**
 * The files that go into libavfilter as they are.
 *
 * @param {string} root the project's folder
 * @returns {string[]} their paths
 */
export function filterFiles(root) {
  const folder = join(root, 'native', 'tonemap')
  const isFilter = (/** @type {string} */ name) => /^(vf_)?tonemap_paceline.*\.(c|h|cu)$/.test(name)
  return readdirSync(folder)
    .filter(isFilter)
    .sort()
    .map((name) => join(folder, name))
}

/**
 * Adds the filters to a source of FFmpeg, or brings them up to date there. Files that would not change are left alone,
 * so that make compiles only what is new.
 *
 * @param {string} root the project's folder
 * @param {string} tree
 */
export async function addFilters(root, tree) {
  for (const file of filterFiles(root)) {
    writeIfChanged(
      join(tree, 'libavfilter', file.slice(file.lastIndexOf('/') + 1)),
      readFileSync(file, 'utf8'),
    )
  }
  const patch = join(root, 'native', 'tonemap', 'patches', patchFor(tree))
  for (const { name, text } of await applied(root, tree, patch)) writeIfChanged(join(tree, name), text)
}

/**
 * What the changed files are after the patch. The originals are kept for the next time, since a patch cannot be applied
 * twice.
 *
 * @param {string} root
 * @param {string} tree
 * @param {string} patch
 */
async function applied(root, tree, patch) {
  const originals = join(tree, '.paceline', 'original')
  const patched = join(tree, '.paceline', 'patched')
  if (!existsSync(originals)) {
    mkdirSync(join(originals, 'libavfilter'), { recursive: true })
    for (const name of changedFiles) cpSync(join(tree, name), join(originals, name))
  }
  rmSync(patched, { recursive: true, force: true })
  cpSync(originals, patched, { recursive: true })
  const command = ['patch', '--silent', '--fuzz=0', '-p1', '-d', patched, '-i', patch]
  const { ok, output } = await runQuietly(root, 'ffmpeg-patch', command, process.env)
  if (!ok) throw new SetupFailure(`${patch} does not fit the source in ${tree} (${tellingLine(output)}).`)
  return changedFiles.map((name) => ({ name, text: readFileSync(join(patched, name), 'utf8') }))
}

/**
 * @param {string} file
 * @param {string} text
 */
function writeIfChanged(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(file, text)
}
