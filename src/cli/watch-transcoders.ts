import { PacelineError } from '../errors.ts'
import type { InstallReport } from '../install/install-plex.ts'
import { readShims } from '../install/shims.ts'
import { watchInstallations } from '../install/watch-installations.ts'
import { shimPaths } from './shim-path.ts'

/** An update of a media server is noticed after two of these. */
const everyMs = 2_000

/**
 * Puts the shim back whenever an update of a media server has replaced it, and says so. Resolves when the signal is
 * aborted. PacelineError E_SHIM_MISSING.
 */
export async function watchTranscoders(
  dataFolder: string,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const shims = await readShims(shimPaths())
  await watchInstallations({
    ...{ dataFolder, shims, everyMs, signal },
    onRestored: (report) => tell(restoredText(report)),
    onProblem: (where, error) => {
      const hint = error instanceof PacelineError ? ` ${error.hint}` : ''
      tell(`paceline: ${where}: ${error instanceof Error ? error.message : String(error)}.${hint}`)
    },
  })
}

function restoredText({ before, transcoder, original }: InstallReport): string {
  const what = before === 'replaced' || before === 'absent' ? 'was replaced by an update' : `was ${before}`
  return `paceline: ${transcoder} ${what}; the shim is back in place, and ${original} is the new one.`
}
