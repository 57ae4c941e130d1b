import { rm } from 'node:fs/promises'
import { PacelineError } from '../errors.ts'
import type { Place } from './place.ts'
import { lookAtPlace, type Standing } from './standing.ts'
import { moveInto, type StepListener, syncFolder } from './write-beside.ts'

/**
 * Leaves a transcoder's folder as the server made it, whatever an earlier run or an update has left, and returns how it
 * stood before. The first step that matters gives the original its own name back, in one rename; all others remove what
 * nobody runs.
 * @param isAbandoned the server itself is gone: the shim goes too, though there is no original.
 * PacelineError E_INSTALL_FOREIGN, E_INSTALL_ORIGINAL_GONE; rejects with what the system says.
 */
export async function takeAway(
  place: Place,
  onStep: StepListener,
  isAbandoned: boolean = false,
): Promise<Standing> {
  const standing = await lookAtPlace(place)
  const { state, address, leftovers } = standing
  if (state === 'foreign') {
    throw new PacelineError('E_INSTALL_FOREIGN', `${place.transcoder} (${standing.foreign})`)
  }
  if (state === 'original-gone') {
    if (!isAbandoned) throw new PacelineError('E_INSTALL_ORIGINAL_GONE', place.original)
    onStep('remove the shim')
    await rm(place.transcoder)
  }
  if (state === 'installed' || state === 'displaced') {
    onStep('put the original back')
    await moveInto(place.original, place.transcoder)
  } else if (standing.original.kind !== 'missing') {
    onStep('remove the second name of the original')
    await rm(place.original)
  }
  for (const path of leftovers) {
    onStep('remove a left-over')
    await rm(path, { force: true })
  }
  if (address !== null) {
    onStep('remove the address of the head')
    await rm(place.head, { force: true })
  }
  if (state !== 'absent' && state !== 'no-transcoder') await syncFolder(place.folder)
  return standing
}
