import { stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../errors.ts'

/** Whoever is at it needs a second at most. */
const patienceMs = 5_000

/**
 * Runs `work` while nobody else changes the transcoder of this folder. The lock is a name that the kernel forgets with
 * the process, so that a run that is killed locks nobody out and leaves no file.
 * PacelineError E_INSTALL_BUSY; rejects with what the system says of the folder, and with what `work` does.
 */
export async function whileLocked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const { dev, ino } = await stat(folder)
  const name = `\0paceline-install-${dev}-${ino}`
  const giveUpAt = performance.now() + patienceMs
  let server = await listenOn(name)
  while (server === null && performance.now() < giveUpAt) {
    await sleep(100)
    server = await listenOn(name)
  }
  if (server === null) throw new PacelineError('E_INSTALL_BUSY', folder)
  try {
    return await work()
  } finally {
    server.close()
  }
}

/** Null when another process has the name. */
function listenOn(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(name, () => resolve(server))
  })
}
