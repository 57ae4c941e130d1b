import { access, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from './write-beside.ts'

const pathIn = (dataFolder: string): string => join(dataFolder, 'observe-only')

/** Whether the head of this data folder only observes: every job is the original's, and written down. */
export async function isObserveOnly(dataFolder: string): Promise<boolean> {
  return access(pathIn(dataFolder)).then(
    () => true,
    () => false,
  )
}

/** For heads that start from now on; one that runs is told by its API. Rejects with what the file system says. */
export async function setObserveOnly(dataFolder: string, on: boolean): Promise<void> {
  if (!on) return rm(pathIn(dataFolder), { force: true })
  await mkdir(dataFolder, { recursive: true, mode: 0o711 })
  const { uid, gid } = await stat(dataFolder)
  const words = 'While this file is here, the head runs no job and writes down what it would do.\n'
  await writeWhole(pathIn(dataFolder), words, { uid, gid, mode: 0o644 })
}
