import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PacelineError } from '../errors.ts'

/** Where JetStream keeps its files below the folder of the head's own nats-server. */
export const storeFolderIn = (natsFolder: string): string => join(natsFolder, 'store')

/**
 * Whether nats-server gave up because of what it keeps on the disk: its fatal line is `Can't start JetStream: ...`, and
 * a file that it cannot read at all may end it in a panic of Go.
 */
export function isStoreRefused(error: PacelineError): boolean {
  return error.code === 'E_NATS_START' && /JetStream|storage directory|panic|fatal error/i.test(error.where)
}

/**
 * Puts the store aside, for whoever wants to look at it, in the place of the one put aside before; the server then
 * begins with an empty one. Answers where it lies now. Throws what the file system says.
 */
export async function putStoreAside(natsFolder: string): Promise<string> {
  const aside = join(natsFolder, 'store-refused')
  await rm(aside, { recursive: true, force: true })
  await rename(storeFolderIn(natsFolder), aside)
  return aside
}
