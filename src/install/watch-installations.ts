import { lstat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../errors.ts'
import { foundAgain } from './found-again.ts'
import { type InstallReport, restoreInstallation } from './install-plex.ts'
import { type Installation, readInstallations } from './installations.ts'
import { placeIn } from './place.ts'
import type { Shim } from './put-in-place.ts'
import { lookAtPlace } from './standing.ts'

export interface WatchOptions {
  readonly dataFolder: string
  readonly shims: readonly Shim[]
  /** Between two looks; a file that an update writes is taken when it is the same at two of them. */
  readonly everyMs: number
  readonly onRestored: (report: InstallReport) => void
  /** Something is wrong that nobody here can put right. Told once for each change of the folder. */
  readonly onProblem: (where: string, error: unknown) => void
  readonly signal: AbortSignal
}

/**
 * Looks again and again whether an update of the media server has replaced the shim; then the new transcoder becomes
 * the original, and the shim is put back. Resolves when the signal is aborted.
 */
export async function watchInstallations(options: WatchOptions): Promise<void> {
  const { dataFolder, onProblem, signal } = options
  const seen = new Map<string, string>()
  const settled = new Map<string, string>()
  let problem = ''
  while (!signal.aborted) {
    const entries = await readInstallations(dataFolder).catch((error: Error) => {
      if (error.message !== problem) onProblem(dataFolder, error)
      problem = error.message
      return []
    })
    for (const entry of entries.filter(({ wanted }) => wanted === 'installed')) {
      const now = await trace(entry)
      if (settled.get(entry.folder) === now) continue
      const isStill = seen.get(entry.folder) === now
      seen.set(entry.folder, now)
      if (isStill && (await mend(entry, options))) settled.set(entry.folder, await trace(entry))
    }
    await sleep(options.everyMs, undefined, { signal }).catch(() => undefined)
  }
}

/** False when it has to be tried again, though nothing changes. */
async function mend(entry: Installation, options: WatchOptions): Promise<boolean> {
  const { dataFolder, shims, onRestored, onProblem } = options
  try {
    const { state } = await lookAtPlace(placeIn(entry.folder))
    if (state === 'installed' || state === 'no-transcoder') return true
    const order = { dataFolder, shims, socket: entry.socket, onStep: () => undefined }
    const report = await restoreInstallation(foundAgain(entry), order)
    if (report) onRestored(report)
    return true
  } catch (error) {
    if (error instanceof PacelineError && error.code === 'E_INSTALL_BUSY') return false
    onProblem(entry.folder, error)
    return true
  }
}

/** Tells one state of a transcoder's place from another without reading it. */
async function trace({ folder }: Installation): Promise<string> {
  const about = await lstat(placeIn(folder).transcoder, { bigint: true }).catch(() => null)
  return about ? `${about.ino}:${about.size}:${about.mtimeNs}` : 'missing'
}
