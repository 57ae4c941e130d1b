import { PacelineError } from '../errors.ts'
import { codingFailures } from './coded-failure.ts'
import { type Diversion, diversionOf } from './diversion.ts'
import { type FoundTranscoder, findTranscoder, type WhereToLook } from './find-transcoder.ts'
import { foundAgain } from './found-again.ts'
import { whileLocked } from './install-lock.ts'
import {
  forgetInstallation,
  type Installation,
  readInstallations,
  rememberInstallation,
} from './installations.ts'
import { putInPlace, type Shim } from './put-in-place.ts'
import { lookAtPlace, type State } from './standing.ts'
import { startUpScriptOf } from './start-up-script.ts'
import { takeAway } from './take-away.ts'
import type { StepListener } from './write-beside.ts'

export interface InstallOrder {
  /** The head's, where it is written down what was installed. */
  readonly dataFolder: string
  /** Path of the head's socket as the media server sees it. */
  readonly socket: string
  /** Compiled ones: the one for the original's machine is taken. */
  readonly shims: readonly Shim[]
  readonly onStep: StepListener
}

/** What an installation has come to. */
export interface InstallReport {
  readonly transcoder: string
  readonly original: string
  readonly socket: string
  /** How it stood before. */
  readonly before: State
  /** The package whose updates now go to `.orig`; null where there is none. */
  readonly divertedFrom: string | null
  readonly startUpScript: string | null
  /** What is not as it should be, though the shim is in place: sentences. */
  readonly notes: readonly string[]
}

/**
 * Finds Plex's transcoder and puts the shim in its place; again after an update or an interruption, and nothing changes
 * where all is as it should be. PacelineError E_INSTALL_NOT_FOUND, E_INSTALL_SEVERAL, E_INSTALL_FOREIGN,
 * E_INSTALL_DENIED, E_INSTALL_ARCHITECTURE, E_INSTALL_ORIGINAL_GONE, E_INSTALL_BUSY, E_OUTPUT_WRITE.
 */
export async function installPlex(
  where: WhereToLook,
  order: Omit<InstallOrder, 'socket'> & { readonly socket: string | null; readonly usualSocket: string },
): Promise<InstallReport> {
  const { found, known } = await findOrRecall(where, order.dataFolder)
  const { folder } = found.place
  const socket = order.socket ?? known?.socket ?? order.usualSocket
  return codingFailures(folder, () => whileLocked(folder, () => install(found, { ...order, socket })))
}

/** Without a place being named, what is installed already is meant; and what is known of a folder goes on to hold. */
async function findOrRecall(
  where: WhereToLook,
  dataFolder: string,
): Promise<{ found: FoundTranscoder; known?: Installation }> {
  const all = (await readInstallations(dataFolder)).filter(({ wanted }) => wanted === 'installed')
  const isNamed = where.folder !== undefined || where.root !== undefined
  if (!isNamed && all.length > 1) {
    throw new PacelineError('E_INSTALL_SEVERAL', all.map(({ folder }) => folder).join(', '))
  }
  const [only] = all
  if (!isNamed && only) return { found: foundAgain(only), known: only }
  const found = await findTranscoder(where)
  const known = all.find(({ folder }) => folder === found.place.folder)
  if (!known) return { found }
  return { found: where.root === undefined ? foundAgain(known) : found, known }
}

/**
 * The same for an installation that an update has undone; null, and nothing changes, when it is not wanted any more.
 */
export async function restoreInstallation(
  found: FoundTranscoder,
  order: InstallOrder,
): Promise<InstallReport | null> {
  const { folder } = found.place
  return codingFailures(folder, () =>
    whileLocked(folder, async () => {
      const known = (await readInstallations(order.dataFolder)).find((entry) => entry.folder === folder)
      return known?.wanted === 'installed' ? install(found, order) : null
    }),
  )
}

async function install(found: FoundTranscoder, order: InstallOrder): Promise<InstallReport> {
  const { place } = found
  const { shims, socket, onStep } = order
  const before = await rememberFirst(found, order)
  const notes: string[] = []
  const { state } = await putInPlace(place, { shims, socket, onStep }).catch(async (error: unknown) => {
    if (before === undefined) await undo(found, order)
    throw error
  })
  const divertedFrom = await divert(diversionOf(found), onStep, notes)
  const startUpScript = await addStartUpScript(found, order, notes)
  return {
    ...{ transcoder: place.transcoder, original: place.original, socket, before: state },
    ...{ divertedFrom, startUpScript, notes },
  }
}

/** Written down before anything is changed, so that an interruption is seen. Returns what was known of it before. */
async function rememberFirst(found: FoundTranscoder, order: InstallOrder): Promise<Installation | undefined> {
  const { place, root, inside } = found
  const { dataFolder, socket } = order
  const known = (await readInstallations(dataFolder)).find((entry) => entry.folder === place.folder)
  const entry = { server: 'plex', folder: place.folder, root, inside, socket, wanted: 'installed' } as const
  const isSame =
    known && Object.entries(entry).every(([key, value]) => known[key as keyof Installation] === value)
  if (!isSame) await rememberInstallation(dataFolder, entry)
  return known
}

/** What failed is not left half-way, unless it was found so. */
async function undo({ place }: FoundTranscoder, { dataFolder, onStep }: InstallOrder): Promise<void> {
  const { state, original } = await lookAtPlace(place)
  if (state === 'interrupted' && original.kind === 'missing') await takeAway(place, onStep)
  await forgetInstallation(dataFolder, place.folder)
}

async function divert(diversion: Diversion, onStep: StepListener, notes: string[]): Promise<string | null> {
  const owner = await diversion.owner()
  if (owner === null || (await diversion.isOn())) return owner
  onStep('divert the updates of the package')
  try {
    await diversion.turnOn()
    return owner
  } catch (error) {
    const words = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
    notes.push(`dpkg-divert failed (${words}): after an update of ${owner}, install again.`)
    return null
  }
}

async function addStartUpScript(
  found: FoundTranscoder,
  { shims, socket, onStep }: InstallOrder,
  notes: string[],
): Promise<string | null> {
  const script = startUpScriptOf(found)
  if (!(await script.fits())) return null
  const { original } = await lookAtPlace(found.place)
  const shim = shims.find(({ machine }) => machine === original.machine) ?? shims[0]!
  const path = await script.put(shim, socket, onStep)
  if (!(await script.outlivesContainer()))
    notes.push('Mount a folder at /custom-cont-init.d and install again: then it outlives the container.')
  return path
}
