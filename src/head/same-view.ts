import { readlink } from 'node:fs/promises'

/**
 * Whether a process sees the same files as the head: it is in the same mount namespace and has the same root. Only
 * then is a file that the head does not find missing for the shim too; in a container of its own the media server
 * may well have it. The working directory proves that the number is really that process's, and not of one with the
 * same number in another namespace.
 */
export async function seesSameFiles(pid: number, workingDirectory: string): Promise<boolean> {
  try {
    const [space, ownSpace, root, ownRoot, directory] = await Promise.all([
      readlink(`/proc/${pid}/ns/mnt`),
      readlink('/proc/self/ns/mnt'),
      readlink(`/proc/${pid}/root`),
      readlink('/proc/self/root'),
      readlink(`/proc/${pid}/cwd`),
    ])
    return space === ownSpace && root === ownRoot && directory === workingDirectory
  } catch (error) {
    // Another user's process, or none of this namespace: then nothing is known.
    if (['EACCES', 'EPERM', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
