import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'

/**
 * Writes a file that only its owner can read (mode 0600), whole or not at all: written beside its place,
 * flushed to the disk and renamed. Throws what the file system says.
 */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(beside, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
    await file.close()
    await rename(beside, path)
  } catch (error) {
    await file.close()
    await rm(beside, { force: true })
    // What fails while it is written has no path.
    const failure = error as NodeJS.ErrnoException
    failure.path ??= path
    throw failure
  }
}

/** The text of a file, or undefined when there is none. Throws what else the file system says. */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
