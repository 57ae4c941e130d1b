import { cpSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'
import { allLibraries } from './libraries.js'
import { outFolder } from './out.js'
import { loader, prefix } from './target.js'

/**
 * What a board's libcuda asks for, being older than our C library: were these not beside that, the loader would take
 * the board's own, which belong to another C library.
 */
const forDrivers = [
  'libdl.so.2',
  'libgcc_s.so.1',
  'libpthread.so.0',
  'libresolv.so.2',
  'librt.so.1',
  'libstdc++.so.6',
  'libutil.so.1',
]

/**
 * Puts the programs and every library they need, the loader and the C library among them, into one folder, as they
 * shall lie below `/opt/paceline`.
 *
 * @param {string} root the project's folder
 * @param {readonly string[]} programs
 * @param {import('./target.js').Target} target
 * @param {import('./sysroot.js').Sysroot} sysroot
 * @param {readonly string[]} [fromBoard] libraries that the board has
 * @returns {Promise<string>} the folder
 */
export async function arm64Folder(root, programs, target, sysroot, fromBoard = []) {
  const folder = join(outFolder(root), `stage-${target.name}`)
  rmSync(folder, { recursive: true, force: true })
  for (const name of ['bin', 'lib']) mkdirSync(join(folder, name), { recursive: true })
  for (const program of programs) cpSync(program, join(folder, 'bin', basename(program)))

  const libraries = await allLibraries(root, programs, target, sysroot, fromBoard)
  for (const name of [loader, ...forDrivers])
    libraries.set(name, join(sysroot.folder, 'usr', 'lib', target.triplet, name))
  for (const [name, file] of libraries) cpSync(realpathSync(file), join(folder, 'lib', name))
  return folder
}

/**
 * The folder as an archive that is unpacked in `/`.
 *
 * @param {string} root the project's folder
 * @param {string} folder as arm64Folder() made it
 * @param {string} name
 * @returns {Promise<string>} the archive
 */
export async function arm64Archive(root, folder, name) {
  const file = join(outFolder(root), `paceline-ffmpeg-${name}.tar.xz`)
  const unfinished = `${file}.new`
  const place = `s,^\\.,.${prefix},`
  // Not the targets of links, of which there are none.
  const command = [
    'env',
    'XZ_OPT=-3',
    'tar',
    '-cJf',
    unfinished,
    '--owner=0',
    '--group=0',
    '--transform',
    place,
  ]
  const { ok, output, log } = await runQuietly(
    root,
    'ffmpeg-bundle',
    [...command, '-C', folder, '.'],
    process.env,
  )
  if (!ok) throw new SetupFailure(`The bundle could not be packed (${tellingLine(output)}): see ${log}.`)
  renameSync(unfinished, file)
  return file
}
