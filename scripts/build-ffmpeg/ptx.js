import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { SetupFailure } from '../setup/setup-failure.js'

/** The PTX that JetPack 4 with its CUDA 10.2 can read. */
const newestIsa = 6.5

/**
 * The version of the instruction set that a kernel is written in, as 4.2.
 *
 * @param {string} ptx a kernel's text
 * @returns {number | undefined} undefined for a text without one
 */
export function ptxIsa(ptx) {
  const version = /^\.version\s+(\d+\.\d+)\s*$/m.exec(ptx)?.[1]
  return version === undefined ? undefined : Number(version)
}

/**
 * Refuses kernels that JetPack 4 could not load.
 *
 * @param {string} tree a compiled source of FFmpeg
 * @returns {number} how many kernels there are
 */
export function checkKernels(tree) {
  const folder = join(tree, 'libavfilter')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const kernels = names.filter((name) => /\.ptx(\.gz)?$/.test(name))
  if (kernels.length === 0) throw new SetupFailure(`No compiled CUDA kernel was found in ${folder}.`)
  for (const name of kernels) {
    const bytes = readFileSync(join(folder, name))
    const isa = ptxIsa((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
    if (isa === undefined || isa > newestIsa)
      throw new SetupFailure(
        `${join(folder, name)} is PTX ${isa ?? 'of no version'}, and JetPack 4 reads up to ${newestIsa}: compile it with clang-16 and --cuda-path=/nonexistent.`,
      )
  }
  return new Set(kernels.map((name) => name.replace(/\.gz$/, ''))).size
}
