import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { FolderFiles } from '../../dialects/plex/segment-folder.ts'
import type { DoorJob } from '../door/door-job.ts'
import type { Roots } from './roots.ts'

/** How a job's files are written, until it is closed. */
export interface JobFiles extends FolderFiles {
  close(): Promise<void>
}

/**
 * Files of a job's working directory. The bytes are written by the head itself where it finds the very same folder
 * below its transcode roots, and through the shim otherwise. Names are always the shim's to change: so nothing
 * appears under a name any more once the job is not the head's, however late the head wakes up.
 */
export async function openJobFiles(job: DoorJob, roots: Roots): Promise<JobFiles> {
  const { files } = job.hands
  const folder = await sameFolder(job, roots)
  return {
    rename: (from, to) => files.rename(from, to),
    remove: (path) => files.remove(path),
    async write(path, bytes) {
      if (!folder || bytes.length === 0 || dirname(path) !== job.cwd) return files.write(path, bytes)
      // By way of the descriptor: whatever takes the folder's place meanwhile is not written to.
      const place = `/proc/self/fd/${folder.fd}/${basename(path)}`
      const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants
      const file = await open(place, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o666)
      try {
        await file.writeFile(bytes)
      } finally {
        await file.close()
      }
    },
    close: async () => folder?.close(),
  }
}

async function sameFolder({ cwd, folder }: DoorJob, roots: Roots): Promise<FileHandle | null> {
  const handle = await roots.open(cwd).catch(() => null)
  if (!handle) return null
  const found = await handle.stat({ bigint: true }).catch(() => null)
  if (found && folder?.device === found.dev && folder.inode === found.ino) return handle
  await handle.close()
  return null
}
