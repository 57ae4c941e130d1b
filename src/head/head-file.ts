import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writePrivateFile } from '../cluster/private-file.ts'

const headFile = z.object({
  pid: z.number(),
  /** Base address of the API, https://127.0.0.1:port */
  api: z.string(),
  /** unix:/path of the shim's socket */
  door: z.string(),
})

/** How the commands of this machine find the head that runs with this data folder. */
export type HeadAddress = z.infer<typeof headFile>

const pathIn = (dataFolder: string): string => join(dataFolder, 'head.json')

export async function writeHeadFile(dataFolder: string, address: HeadAddress): Promise<void> {
  await writePrivateFile(pathIn(dataFolder), `${JSON.stringify(address)}\n`)
}

/** Null when no head has left its address here. */
export async function readHeadFile(dataFolder: string): Promise<HeadAddress | null> {
  try {
    return headFile.parse(JSON.parse(await readFile(pathIn(dataFolder), 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null
    throw error
  }
}

export async function removeHeadFile(dataFolder: string): Promise<void> {
  await rm(pathIn(dataFolder), { force: true })
}
