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
 * below its transcode roots, and through the shim otherwise. Names are always the shim's to give and to change: so
 * nothing appears under a name any more once the job is not the head's, however late the head wakes up, and the shim
 * knows what to remove when a head is lost while it writes.
 */
export async function openJobFiles(job: DoorJob, roots: Roots): Promise<JobFiles> {
  const { files } = job.hands
  const folder = await sameFolder(job, roots)
  return {
    rename: (from, to) => files.rename(from, to),
    remove: (path) => files.remove(path),
    async write(path, bytes) {
      if (!folder || bytes.length === 0 || dirname(path) !== job.cwd) return files.write(path, bytes)
      await files.write(path, new Uint8Array())
      const file = await openThere(folder, basename(path))
      // It may be another user's, who lets nobody else write.
      if (!file) return files.write(path, bytes)
      try {
        await file.writeFile(bytes)
      } finally {
        await file.close()
      }
    },
    close: async () => folder?.close(),
  }
}

/**
 * The empty file that the shim has made, by way of the descriptor: whatever takes the folder's place meanwhile is not
 * written to. Nor is what takes the file's: a pipe would be waited for, and a second name may be that of a file elsewhere.
 */
async function openThere(folder: FileHandle, name: string): Promise<FileHandle | null> {
  const { O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const place = `/proc/self/fd/${folder.fd}/${name}`
  const file = await open(place, O_WRONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null)
  const found = await file?.stat().catch(() => null)
  if (file && found?.isFile() && found.nlink === 1 && found.size === 0) return file
  await file?.close()
  return null
}

async function sameFolder({ cwd, folder }: DoorJob, roots: Roots): Promise<FileHandle | null> {
  const handle = await roots.open(cwd).catch(() => null)
  if (!handle) return null
  const found = await handle.stat({ bigint: true }).catch(() => null)
  if (found && folder?.device === found.dev && folder.inode === found.ino) return handle
  await handle.close()
  return null
}
