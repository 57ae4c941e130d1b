import { PacelineError } from '../errors.ts'
import { codingFailures } from './coded-failure.ts'
import { diversionOf } from './diversion.ts'
import { type FoundTranscoder, findTranscoder, type WhereToLook } from './find-transcoder.ts'
import { foundAgain } from './found-again.ts'
import { whileLocked } from './install-lock.ts'
import { forgetInstallation, readInstallations, rememberInstallation } from './installations.ts'
import { lookAtPlace, type State } from './standing.ts'
import { startUpScriptOf } from './start-up-script.ts'
import { takeAway } from './take-away.ts'
import type { StepListener } from './write-beside.ts'

/** What has been undone in one folder. */
export interface UninstallReport {
  readonly transcoder: string
  /** How it stood before. */
  readonly before: State
}

/**
 * Gives the media server its own transcoder back, in the folder that is named or else wherever this head's data folder
 * knows of an installation. PacelineError E_INSTALL_NOT_FOUND, E_INSTALL_SEVERAL, E_INSTALL_FOREIGN, E_INSTALL_DENIED,
 * E_INSTALL_ORIGINAL_GONE, E_INSTALL_DIVERSION, E_INSTALL_BUSY, E_OUTPUT_WRITE.
 */
export async function uninstallPlex(
  where: WhereToLook,
  dataFolder: string,
  onStep: StepListener,
): Promise<readonly UninstallReport[]> {
  const reports: UninstallReport[] = []
  for (const found of await toUndo(where, dataFolder)) {
    const { folder } = found.place
    reports.push(
      await codingFailures(folder, () => whileLocked(folder, () => undoOne(found, dataFolder, onStep))),
    )
  }
  return reports
}

async function toUndo(where: WhereToLook, dataFolder: string): Promise<readonly FoundTranscoder[]> {
  const known = await readInstallations(dataFolder)
  if (where.folder !== undefined || where.root !== undefined || known.length === 0) {
    const found = await findTranscoder(where)
    const entry = known.find(({ folder }) => folder === found.place.folder)
    return [entry ? foundAgain(entry) : found]
  }
  return known.map(foundAgain)
}

async function undoOne(
  found: FoundTranscoder,
  dataFolder: string,
  onStep: StepListener,
): Promise<UninstallReport> {
  const { place } = found
  const known = (await readInstallations(dataFolder)).find(({ folder }) => folder === place.folder)
  const { state, foreign } = await lookAtPlace(place)
  // Before anything is changed: the rest would be left half-way.
  if (state === 'foreign') throw new PacelineError('E_INSTALL_FOREIGN', `${place.transcoder} (${foreign})`)
  if (known) await rememberInstallation(dataFolder, { ...known, wanted: 'gone' })
  const diversion = diversionOf(found)
  const isDiverted = await diversion.isOn()
  const isAbandoned = isDiverted && (await diversion.owner()) === null
  const script = startUpScriptOf(found)
  if ((await script.path()) !== null) await script.remove(onStep)
  if (isDiverted && (isAbandoned || state !== 'original-gone')) {
    onStep('end the diversion')
    await diversion.turnOff().catch((cause: Error) => {
      throw new PacelineError('E_INSTALL_DIVERSION', place.transcoder, { cause, hint: cause.message.trim() })
    })
  }
  await takeAway(place, onStep, isAbandoned)
  await forgetInstallation(dataFolder, place.folder)
  return { transcoder: place.transcoder, before: state }
}
