import { chmod, lstat, mkdir, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { PacelineError } from '../../errors.ts'

/** Bytes of a socket's path that every Linux takes: sun_path holds 108 with the zero at its end (unix(7)). */
const longestPathBytes = 107

const codeOf = (error: unknown) =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined

/**
 * Makes the path ready to listen on: its folder is there (0750 where it had to be made) and no dead socket is
 * in the way. PacelineError E_DOOR_IN_USE when somebody answers, E_DOOR_PATH when the path cannot be used.
 */
export async function clearSocketPath(path: string): Promise<void> {
  const bytes = Buffer.byteLength(path)
  if (bytes > longestPathBytes) {
    throw new PacelineError('E_DOOR_PATH', `${path} (${bytes} bytes, at most ${longestPathBytes})`)
  }
  try {
    const folder = dirname(path)
    const made = await mkdir(folder, { recursive: true, mode: 0o750 })
    // The process's umask may have taken away what the group of the media server needs.
    if (made !== undefined) await chmod(folder, 0o750)
    const found = await lstat(path).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    })
    if (!found) return
    if (!found.isSocket()) throw new PacelineError('E_DOOR_PATH', `${path} (something else is there)`)
    if (await answers(path)) throw new PacelineError('E_DOOR_IN_USE', path)
    await unlink(path)
  } catch (error) {
    if (error instanceof PacelineError) throw error
    throw new PacelineError('E_DOOR_PATH', `${path} (${codeOf(error) ?? String(error)})`, { cause: error })
  }
}

/** Whether a process listens; a hung one with a full queue counts, since it lives. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error) => {
      const code = codeOf(error)
      if (code === 'EAGAIN') resolve(true)
      else if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve(false)
      else reject(error)
    })
  })
}
