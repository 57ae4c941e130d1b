import { readFile } from 'node:fs/promises'
import { PacelineError } from '../errors.ts'
import { machineOf } from './elf.ts'
import type { Shim } from './put-in-place.ts'

/**
 * Reads compiled shims; those that are not there are left out. PacelineError E_SHIM_MISSING without any.
 */
export async function readShims(paths: readonly string[]): Promise<readonly Shim[]> {
  const read = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(path).catch(() => null)
      return bytes && { path, bytes, machine: machineOf(bytes) }
    }),
  )
  const shims = read.filter((shim) => shim !== null)
  if (shims.length === 0) throw new PacelineError('E_SHIM_MISSING', paths.join(', '))
  return shims
}
