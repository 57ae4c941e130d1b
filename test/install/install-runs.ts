import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { WhereToLook } from '../../src/install/find-transcoder.ts'
import { installPlex } from '../../src/install/install-plex.ts'
import { readShims } from '../../src/install/shims.ts'
import { uninstallPlex } from '../../src/install/uninstall-plex.ts'
import { projectFolder } from '../fixture/paceline.ts'

const run = promisify(execFile)

/** The shim of this machine, as `npm run shim` makes it. */
export const builtShim = join(projectFolder, 'native/shim/build/paceline-shim')

const killedRun = join(import.meta.dirname, 'killed-run.js')
const socket = '/paceline/head.sock'

export type Change = 'install' | 'uninstall'

/** Runs to its end in this process, and returns its steps. */
export async function runWhole(what: Change, dataFolder: string, where: WhereToLook): Promise<string[]> {
  const steps: string[] = []
  const onStep = (step: string) => void steps.push(step)
  if (what === 'uninstall') await uninstallPlex(where, dataFolder, onStep)
  else {
    const shims = await readShims([builtShim])
    await installPlex(where, { dataFolder, socket, usualSocket: socket, shims, onStep })
  }
  return steps
}

/** Runs in a process that is killed before a step; false when there were not so many, and it came to its end. */
export async function runKilled(
  what: Change,
  dataFolder: string,
  { folder, root }: WhereToLook,
  step: number,
): Promise<boolean> {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const place = folder ?? `${root}/`
  const args = [killedRun, what, dataFolder, place, builtShim, socket, String(step)]
  try {
    await run(process.execPath, args, { env })
    return false
  } catch (error) {
    if ((error as { signal?: string }).signal === 'SIGKILL') return true
    throw error
  }
}
