import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/** Folders below which the head opens files itself. Links may lead from one place below them to another. */
export interface Roots {
  readonly folders: readonly string[]
  /**
   * A descriptor of the file or folder for reading, if it lies below a folder of these, links followed; null if not.
   * What changes on the way meanwhile does not matter: it is the opened file's own place that counts. Rejects with
   * what the system says.
   */
  open(path: string): Promise<FileHandle | null>
  /** Whether a new file of this path would lie below a folder of these. */
  hasRoomFor(path: string): Promise<boolean>
}

/** Roots that need not be there yet: a disk may be mounted later. */
export function createRoots(folders: readonly string[]): Roots {
  const covers = async (real: string): Promise<boolean> => {
    for (const folder of folders) {
      const root = await realpath(folder).catch(() => null)
      if (root !== null && isBelow(root, real)) return true
    }
    return false
  }
  return {
    folders,
    async open(path) {
      if (folders.length === 0) return null
      const real = await realpath(path)
      if (!(await covers(real))) return null
      // A pipe would be waited for, perhaps for ever.
      const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      if (await covers(await readlink(`/proc/self/fd/${handle.fd}`))) return handle
      await handle.close()
      return null
    },
    async hasRoomFor(path) {
      const parent = await realpath(dirname(path)).catch(() => null)
      return parent !== null && basename(path) !== '..' && (await covers(`${parent}/${basename(path)}`))
    },
  }
}

const isBelow = (root: string, path: string): boolean =>
  path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`)
