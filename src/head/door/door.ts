import { chmod } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { resolve } from 'node:path'
import { PacelineError } from '../../errors.ts'
import { createRefusalLog, type RefusalLog } from '../refusal-log.ts'
import { Connection } from './connection.ts'
import type { DoorJob, DoorLogger } from './door-job.ts'
import type { DoorGuard } from './guard.ts'
import { clearSocketPath } from './socket-path.ts'

export interface DoorOptions {
  /** Where the socket shall be; at most 107 bytes. */
  readonly path: string
  /** Who may come in, besides what the permissions say. */
  readonly guard?: DoorGuard
  /** Permissions of the socket, 0o660 unless given. */
  readonly mode?: number
  /** Called for each job. When it fails, or does not answer in time, the original does the job. */
  readonly onJob: (job: DoorJob) => void | Promise<void>
  /** Told of every job that becomes the original's, with its arguments and the reason that the shim was told. */
  readonly onLocal?: (args: readonly string[], reason: string) => void
  readonly logger?: DoorLogger
  /** Told of who breaks the protocol; `logger` is, unless there is one. */
  readonly refusals?: RefusalLog
}

/** The head's side of the shim's socket. */
export interface Door {
  readonly path: string
  /** Stops listening, hands unanswered jobs to the original, and drops the others. */
  close(): Promise<void>
}

/**
 * Opens the door that shims knock at; native/shim/PROTOCOL.md is what is spoken there. A socket file that a dead
 * head left is replaced. PacelineError E_DOOR_IN_USE when a live head answers there, E_DOOR_PATH when the path
 * cannot be used.
 */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const path = resolve(options.path)
  await clearSocketPath(path)
  const connections = new Set<Connection>()
  const { onJob, onLocal, logger } = options
  const silent = { warn: () => undefined }
  const refusals = options.refusals ?? createRefusalLog(logger ?? silent, () => performance.now())
  const server = createServer((socket) => {
    const uid = options.guard?.admit(socket) ?? null
    if (uid === false) return void socket.destroy()
    const connection = new Connection({ socket, uid, onJob, onLocal, logger, refusals })
    connections.add(connection)
    connection.closed.addEventListener('abort', () => connections.delete(connection), { once: true })
  })
  await listen(server, path)
  server.on('error', (error) => options.logger?.error({ error }, 'the door had an error'))
  await chmod(path, options.mode ?? 0o660)
  await options.guard?.takeOver(path)
  return {
    path,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        for (const connection of connections) connection.drop()
      }),
  }
}

/**
 * Connections that wait to be taken, as far as the system allows (net.core.somaxconn): a shim that finds no place becomes
 * the original at once.
 */
const mostWaiting = 4096

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        error.code === 'EADDRINUSE'
          ? new PacelineError('E_DOOR_IN_USE', path, { cause: error })
          : new PacelineError('E_DOOR_PATH', `${path} (${error.code})`, { cause: error }),
      ),
    )
    server.listen({ path, backlog: mostWaiting }, () => {
      server.removeAllListeners('error')
      done()
    })
  })
}
