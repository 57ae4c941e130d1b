import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from './write-beside.ts'

const installation = z.object({
  server: z.literal('plex'),
  /** The transcoder's folder on this machine. */
  folder: z.string(),
  root: z.string(),
  /** The transcoder's path as the media server sees it. */
  inside: z.string(),
  /** Path of the head's socket as the media server sees it. */
  socket: z.string(),
  /** `gone` from the moment that taking it away has begun: nobody shall put it back. */
  wanted: z.enum(['installed', 'gone']),
})

const book = z.object({ installations: z.array(installation) })

/** What was installed where; `status`, `doctor` and `up --watch` look there. */
export type Installation = z.infer<typeof installation>

const pathIn = (dataFolder: string): string => join(dataFolder, 'installations.json')

/** All that is known in a data folder; none where nothing was ever installed. Throws what else the file system says. */
export async function readInstallations(dataFolder: string): Promise<readonly Installation[]> {
  const text = await readFile(pathIn(dataFolder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? [] : book.parse(JSON.parse(text)).installations
}

/** Writes one down in the place of what was known of its folder. Throws what the file system says. */
export async function rememberInstallation(dataFolder: string, entry: Installation): Promise<void> {
  const others = await without(dataFolder, entry.folder)
  await write(dataFolder, [...others, entry])
}

/** Forgets what was installed in a folder. Throws what the file system says. */
export async function forgetInstallation(dataFolder: string, folder: string): Promise<void> {
  const known = await readInstallations(dataFolder)
  const others = await without(dataFolder, folder)
  if (others.length < known.length) await write(dataFolder, others)
}

async function without(dataFolder: string, folder: string): Promise<Installation[]> {
  return (await readInstallations(dataFolder)).filter((entry) => entry.folder !== folder)
}

/** It belongs to whom the data folder does: the head's user reads it, whoever installed. */
async function write(dataFolder: string, installations: readonly Installation[]): Promise<void> {
  if (installations.length === 0) return rm(pathIn(dataFolder), { force: true })
  await mkdir(dataFolder, { recursive: true, mode: 0o711 })
  const { uid, gid } = await stat(dataFolder)
  const text = `${JSON.stringify({ installations }, null, 2)}\n`
  await writeWhole(pathIn(dataFolder), text, { uid, gid, mode: 0o644 })
}
