import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

/** A program that claims to follow native/shim/PROTOCOL.md. */
export interface ShimBuild {
  readonly name: string
  readonly program: string
  /** Built with address and undefined-behaviour checks: slower to start, and loud about any finding. */
  readonly isSanitized: boolean
}

const source = resolve(import.meta.dirname, '../../native/shim')
const another = process.env.PACELINE_TEST_SHIM

/** The shim as it ships and its sanitized twin, or the one program that PACELINE_TEST_SHIM names. */
export const shimBuilds: readonly ShimBuild[] = another
  ? [{ name: another, program: resolve(another), isSanitized: false }]
  : [
      { name: 'the shim', program: `${source}/build/paceline-shim`, isSanitized: false },
      { name: 'the sanitized shim', program: `${source}/build/paceline-shim-sanitized`, isSanitized: true },
    ]

/** Brings the builds up to date; make does nothing where they are. */
export async function buildShims(): Promise<void> {
  if (!another) await promisify(execFile)('make', ['-s', '-C', source, 'all', 'sanitized'])
}
