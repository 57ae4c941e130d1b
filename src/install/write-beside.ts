import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { besideSuffix } from './place.ts'

/** Whose a file is, and who may do what with it. */
export interface Ownership {
  readonly uid: number
  readonly gid: number
  /** Permission bits. */
  readonly mode: number
}

/**
 * Hears of each change before it is made. A run may be ended at any of them, and leaves a transcoder that works: tests
 * do so.
 */
export type StepListener = (step: string) => void

/** A name beside a file that no other run uses. */
export function nameBeside(path: string): string {
  return `${path}${besideSuffix}${randomBytes(6).toString('hex')}`
}

/** Writes a file beside its place, down to the disk, and returns its name. Rejects with what the system says. */
export async function writeBeside(
  path: string,
  bytes: Uint8Array | string,
  { uid, gid, mode }: Ownership,
): Promise<string> {
  const beside = nameBeside(path)
  const file = await open(beside, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    const now = await file.stat()
    if (now.uid !== uid || now.gid !== gid) await file.chown(uid, gid)
    await file.chmod(mode)
    await file.sync()
    return beside
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** Gives a file its name, at once and for good, in the place of what had it. Rejects with what the system says. */
export async function moveInto(beside: string, path: string): Promise<void> {
  await rename(beside, path)
  await syncFolder(dirname(path))
}

/** Writes a file beside its place and gives it its name. */
export async function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  ownership: Ownership,
): Promise<void> {
  await moveInto(await writeBeside(path, bytes, ownership), path)
}

/** After a crash of the machine too, the names in a folder are those of now. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
