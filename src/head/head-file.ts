import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivateFile } from '../cluster/private-file.ts'

/** How the commands of this machine find the head that runs with a data folder. */
export interface HeadAddress {
  readonly pid: number
  /** Base address of the API, https://127.0.0.1:port */
  readonly api: string
  /** unix:/path of the shim's socket */
  readonly door: string
}

const pathIn = (dataFolder: string): string => join(dataFolder, 'head.json')

/** Leaves the address in `head.json`, whole or not at all. */
export async function writeHeadFile(dataFolder: string, address: HeadAddress): Promise<void> {
  await writePrivateFile(pathIn(dataFolder), `${JSON.stringify(address)}\n`)
}

/** No head runs any more; one that left no address is no error. */
export async function removeHeadFile(dataFolder: string): Promise<void> {
  await rm(pathIn(dataFolder), { force: true })
}
