import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'

/**
 * Debian's source package of FFmpeg.
 *
 * @typedef {object} Source
 * @property {string} description the file that describes it, as `…/ffmpeg_5.1.9-0+deb12u1.dsc`
 * @property {string} version as `5.1.9-0+deb12u1`
 */

/**
 * @param {string} root the project's folder
 * @param {import('./debian-archive.js').DebianArchive} archive
 * @returns {Promise<Source>}
 */
export async function fetchSource(root, archive) {
  const folder = join(root, '.cache', 'ffmpeg', 'source')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await archive.get(
    ['source', '--download-only', '--only-source', 'ffmpeg'],
    "Debian's source package of FFmpeg",
    folder,
  )
  const name = readdirSync(folder).find((file) => file.endsWith('.dsc'))
  if (name === undefined) throw new SetupFailure(`apt-get left no source package of FFmpeg in ${folder}.`)
  return { description: join(folder, name), version: name.replace(/^ffmpeg_|\.dsc$/g, '') }
}

/**
 * Unpacks the source with Debian's own patches.
 *
 * @param {string} root the project's folder
 * @param {Source} source
 * @param {string} tree the folder to make
 */
export async function unpackSource(root, source, tree) {
  rmSync(tree, { recursive: true, force: true })
  // apt-get has checked the signature of the list that has the digests of these files.
  const command = ['dpkg-source', '--no-check', '--no-copy', '-x', source.description, tree]
  const { ok, output, log } = await runQuietly(root, 'ffmpeg-source', command, process.env)
  if (!ok)
    throw new SetupFailure(`FFmpeg's source could not be unpacked (${tellingLine(output)}): see ${log}.`)
}
