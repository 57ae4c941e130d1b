import { chmod, mkdir } from 'node:fs/promises'

/**
 * Makes the head's data folder so that others may pass through it (0711) but not look into it: the media server's
 * user has to reach `door/`. What is secret there is private by a mode of its own. A folder that is there keeps the
 * mode that its owner gave it.
 */
export async function makeDataFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o711 })
  // The process's umask may have taken away the right to pass through.
  if (made !== undefined) await chmod(path, 0o711)
}
