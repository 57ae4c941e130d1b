import { chmod, chown, copyFile, link, open, rm, stat, utimes } from 'node:fs/promises'
import { PacelineError } from '../errors.ts'
import type { Place } from './place.ts'
import { haveSameBytes } from './same-bytes.ts'
import { lookAtFile } from './transcoder-file.ts'
import { moveInto, nameBeside, type StepListener } from './write-beside.ts'

/** What file systems say that have no second names for a file, or no more of them. */
const noSecondName = new Set(['EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EXDEV'])

/**
 * Gives the server's own transcoder its second name, `.orig`, in the place of an older one: the same file, so that
 * owner, permissions and times are its own when it goes back. Where the file system has no second names it is copied.
 * PacelineError E_INSTALL_BUSY when it is not the server's own any more; rejects with what the system says.
 */
export async function keepOriginal(
  place: Place,
  onStep: StepListener,
  giveSecondName: (path: string, name: string) => Promise<void> = link,
): Promise<void> {
  const beside = nameBeside(place.original)
  onStep('name the original a second time')
  await giveSecondName(place.transcoder, beside).catch((error: NodeJS.ErrnoException) => {
    if (!noSecondName.has(error.code ?? '')) throw error
    return copyWithTimes(place.transcoder, beside).catch(async (failure: unknown) => {
      await rm(beside, { force: true })
      throw failure
    })
  })
  // Somebody else may have put the shim there meanwhile: the original must not be lost to it.
  const { kind } = await lookAtFile(beside)
  if (kind !== 'program' && kind !== 'script') {
    await rm(beside)
    throw new PacelineError('E_INSTALL_BUSY', place.transcoder)
  }
  onStep('keep the original')
  await moveInto(beside, place.original)
  // Renaming a file to another name of its own does nothing.
  await rm(beside, { force: true })
}

/** Whether the original is kept already, as it is. */
export async function isOriginalKept(place: Place): Promise<boolean> {
  const { kind } = await lookAtFile(place.original)
  return kind !== 'missing' && kind !== 'shim' && (await haveSameBytes(place.transcoder, place.original))
}

async function copyWithTimes(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  const { uid, gid, mode, atime, mtime } = await stat(from)
  await chown(to, uid, gid)
  await chmod(to, mode & 0o7777)
  await utimes(to, atime, mtime)
  const file = await open(to, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
