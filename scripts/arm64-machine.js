// What the tests of an arm64 agent run on: Node.js for arm64 (an npm package that ships nothing but it) and Debian's ffmpeg
// for arm64 with all that it needs, below .cache, to be run by qemu-user. Nothing of the machine's own packages changes.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { debianArchive } from './build-ffmpeg/debian-archive.js'
import { sysroot } from './build-ffmpeg/sysroot.js'
import { fetchedNode } from './option-tables/ask-both.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What runs programs for arm64, of the Debian package qemu-user-static. */
export const emulator = '/usr/bin/qemu-aarch64-static'

/** Folders of libraries that only an installed Debian would have linked to their usual place. */
const alternatives = ['', '/blas', '/lapack', '/pulseaudio'].map(
  (folder) => `/usr/lib/aarch64-linux-gnu${folder}`,
)

/**
 * Makes it, which takes a minute the first time and downloads 150 MB.
 *
 * @returns {Promise<{ node: string[], ffmpeg: string, shim: string }>} how Node.js is called, and scripts that stand for
 *   ffmpeg and the shim
 */
export async function arm64Machine() {
  if (!existsSync(emulator)) throw new Error(`there is no ${emulator} (apt-get install qemu-user-static)`)
  const target = { name: 'arm64-machine', architecture: /** @type {const} */ ('arm64'), packages: ['ffmpeg'] }
  const archive = await debianArchive(root, target)
  const { folder } = await sysroot(root, target, archive)
  execFileSync('make', ['-s', '-C', join(root, 'native', 'shim'), 'arm64'])
  const scripts = join(root, '.cache', 'arm64-machine')
  mkdirSync(scripts, { recursive: true })
  const libraries = alternatives.join(':')
  const run = `exec ${emulator} -L ${quoted(folder)}`
  const program = (/** @type {string} */ name, /** @type {string} */ text) => {
    const path = join(scripts, name)
    writeFileSync(path, `#!/bin/sh\n${text} "$@"\n`)
    chmodSync(path, 0o755)
    return path
  }
  return {
    node: [emulator, '-L', folder, fetchedNode()],
    ffmpeg: program(
      'ffmpeg',
      `${run} -E LD_LIBRARY_PATH=${libraries} ${quoted(join(folder, 'usr/bin/ffmpeg'))}`,
    ),
    shim: program(
      'paceline-shim',
      `exec ${emulator} ${quoted(join(root, 'native/shim/build/paceline-shim-arm64'))}`,
    ),
  }
}

/** @param {string} path */
const quoted = (path) => `'${path.replaceAll("'", "'\\''")}'`
