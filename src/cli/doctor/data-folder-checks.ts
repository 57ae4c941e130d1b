import { mkdir, mkdtemp, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Check, type Finding, ill, well } from './check.ts'

/** Bytes of a socket's path that every Linux takes: sun_path holds 108 with the zero at its end (unix(7)). */
const longestSocketPathBytes = 107

/** A minute of film ahead of each viewer waits on disk: 150 MB at 20 Mbit/s. */
const leastRoomBytes = 512 * 1024 * 1024

const chooseAnother = 'Choose another folder with --data or PACELINE_DATA.'

/** Whether the head can keep its things in the folder. */
export function dataFolderCheck(folder: string): Check {
  return { name: 'the data folder', look: async () => (await lookAtPath(folder)) ?? lookAtRights(folder) }
}

async function lookAtPath(folder: string): Promise<Finding | null> {
  const socketPath = join(folder, 'door', 'head.sock')
  const bytes = Buffer.byteLength(socketPath)
  if (bytes <= longestSocketPathBytes) return null
  return ill(
    `the shim's socket would be ${socketPath}: ${bytes} bytes, and ${longestSocketPathBytes} are possible`,
    'Choose a folder with a shorter path: --data or PACELINE_DATA.',
  )
}

/** By doing it: rights, read-only disks and full ones all show. Nothing is left. */
async function lookAtRights(folder: string): Promise<Finding> {
  let made: string | undefined
  try {
    made = await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(join(await mkdtemp(join(folder, tryPrefix)), 'file'), 'x')
    return well(made === undefined ? folder : `${folder}, which will be made`)
  } catch (error) {
    return ill(`${folder} cannot be written to (${codeOf(error)})`, `Run this as its owner. ${chooseAnother}`)
  } finally {
    await removeTrial(folder, made)
  }
}

const tryPrefix = '.doctor-'

async function removeTrial(folder: string, made: string | undefined): Promise<void> {
  if (made !== undefined) return rm(made, { recursive: true, force: true })
  const names = await readdir(folder).catch(() => [])
  const trials = names.filter((name) => name.startsWith(tryPrefix))
  await Promise.all(trials.map((name) => rm(join(folder, name), { recursive: true, force: true })))
}

/** Whether there is room for segments on their way. */
export function diskRoomCheck(folder: string): Check {
  return {
    name: 'disk room',
    async look() {
      try {
        const { bavail, bsize } = await statfs(await nearestFolder(folder))
        return judgeRoom(bavail * bsize, folder)
      } catch (error) {
        return ill(`${folder} cannot be looked at (${codeOf(error)})`, chooseAnother)
      }
    },
  }
}

export function judgeRoom(freeBytes: number, folder: string): Finding {
  const found = `${(freeBytes / 1e9).toFixed(1)} GB free for ${folder}`
  if (freeBytes >= leastRoomBytes) return well(found)
  return ill(found, `Make room, or choose a folder on another disk with --data: segments wait there.`)
}

/** The folder itself, or the nearest one above it that is there. */
async function nearestFolder(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    (error) => codeOf(error) !== 'ENOENT',
  )
  return isThere || dirname(path) === path ? path : nearestFolder(dirname(path))
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
