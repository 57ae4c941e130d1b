import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'

/**
 * The libraries that a program or library asks for by itself, as `libx264.so.164`.
 *
 * @param {string} root the project's folder
 * @param {string} file
 * @param {string} triplet of the compiler whose tools read it
 * @returns {Promise<string[]>}
 */
export async function neededLibraries(root, file, triplet) {
  const command = [`${triplet}-objdump`, '-p', file]
  const { ok, output } = await runQuietly(root, 'ffmpeg-objdump', command, process.env)
  if (!ok) throw new SetupFailure(`${file} could not be read (${tellingLine(output)}).`)
  return [...output.matchAll(/^ +NEEDED +(\S+)$/gm)].map((match) => match[1] ?? '')
}

/**
 * All that programs need, and what that needs in turn, out of a sysroot.
 *
 * @param {string} root the project's folder
 * @param {readonly string[]} programs
 * @param {import('./target.js').Target} target
 * @param {import('./sysroot.js').Sysroot} sysroot
 * @param {readonly string[]} without libraries that come from elsewhere
 * @returns {Promise<Map<string, string>>} their files by name
 */
export async function allLibraries(root, programs, target, sysroot, without) {
  const folder = join(sysroot.folder, 'usr', 'lib', target.triplet)
  /** @type {Map<string, string>} */
  const found = new Map()
  const open = [...programs]
  for (let file = open.pop(); file !== undefined; file = open.pop())
    for (const name of await neededLibraries(root, file, target.triplet)) {
      if (found.has(name) || without.includes(name)) continue
      const library = join(folder, name)
      if (!existsSync(library)) throw new SetupFailure(`${file} needs ${name}, which is not in ${folder}.`)
      found.set(name, library)
      open.push(library)
    }
  return found
}
