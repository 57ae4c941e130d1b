import { readFile, rm, stat } from 'node:fs/promises'
import { PacelineError } from '../errors.ts'
import { isOriginalKept, keepOriginal } from './keep-original.ts'
import type { Place } from './place.ts'
import { lookAtPlace, type Standing } from './standing.ts'
import { moveInto, type StepListener, writeBeside, writeWhole } from './write-beside.ts'

/** A compiled shim. */
export interface Shim {
  readonly path: string
  readonly bytes: Buffer
  readonly machine: string | null
}

/**
 * Puts the shim in the transcoder's place, whatever an earlier run or an update of the server has left, and returns how
 * it stood before. No order of these steps but this one leaves a working transcoder wherever it is broken off: the
 * address first, then the original's second name, and the shim over the first name at the end.
 * PacelineError E_INSTALL_NOT_FOUND, E_INSTALL_FOREIGN, E_INSTALL_ORIGINAL_GONE, E_INSTALL_ARCHITECTURE, E_INSTALL_BUSY;
 * rejects with what the system says.
 */
export async function putInPlace(
  place: Place,
  { shims, socket, onStep }: { shims: readonly Shim[]; socket: string; onStep: StepListener },
): Promise<Standing> {
  const standing = await lookAtPlace(place)
  refuse(place, standing)
  for (const path of standing.leftovers) {
    onStep('remove a left-over')
    await rm(path, { force: true })
  }
  if (standing.state === 'displaced') {
    onStep('put the original back')
    await moveInto(place.original, place.transcoder)
  }
  const isShim = standing.transcoder.kind === 'shim'
  const shim = fittingShim(
    place,
    isShim || standing.state === 'displaced' ? standing.original : standing.transcoder,
    shims,
  )
  const { uid, gid, mode } = await stat(isShim ? place.original : place.transcoder)
  const address = `unix:${socket}\n`
  if (standing.address !== address) {
    onStep('tell the shim its head')
    await writeWhole(place.head, address, { uid, gid, mode: 0o644 })
  }
  if (isShim && shim.bytes.equals(await readFile(place.transcoder))) return standing
  onStep('write the shim')
  const beside = await writeBeside(place.transcoder, shim.bytes, { uid, gid, mode: mode & 0o7777 })
  try {
    if (!isShim && !(await isOriginalKept(place))) await keepOriginal(place, onStep)
    onStep('put the shim in place')
    await moveInto(beside, place.transcoder)
    return standing
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

function refuse(place: Place, { state, foreign }: Standing): void {
  if (state === 'no-transcoder') throw new PacelineError('E_INSTALL_NOT_FOUND', place.transcoder)
  if (state === 'original-gone') throw new PacelineError('E_INSTALL_ORIGINAL_GONE', place.original)
  if (state === 'foreign') throw new PacelineError('E_INSTALL_FOREIGN', `${place.transcoder} (${foreign})`)
}

/** What the machine of the original cannot be told of (a script) gets the first shim. */
function fittingShim(place: Place, { machine }: { machine: string | null }, shims: readonly Shim[]): Shim {
  const fitting = machine === null ? shims[0] : shims.find((shim) => shim.machine === machine)
  if (fitting) return fitting
  const have = shims.map((shim) => shim.machine ?? 'no program').join(', ')
  throw new PacelineError(
    'E_INSTALL_ARCHITECTURE',
    `${place.transcoder} is for ${machine ?? 'no machine that is known'}, the shim for ${have}`,
  )
}
