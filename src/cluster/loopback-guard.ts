import type { Server, Socket } from 'node:net'
import { errorTable } from '../errors.ts'
import { type KernelPeer, loadKernelPeer } from './kernel-peer.ts'

interface GuardLog {
  warn(fields: object, message: string): void
}

/**
 * Keeps other users of this machine from a server on 127.0.0.1 whose addresses stand in lists of processes: a connection
 * of anybody but this process's own user and root is closed at once, and logged once for each user. Where the kernel
 * cannot be asked, which is logged once, the addresses alone have to do.
 */
export function guardLoopback(
  server: Server,
  log: GuardLog,
  load: () => Pick<KernelPeer, 'ownerOf'> = loadKernelPeer,
): void {
  const own = process.getuid!()
  const turnedAway = new Set<number>()
  let kernel: Pick<KernelPeer, 'ownerOf'>
  try {
    kernel = load()
  } catch (error) {
    log.warn({ error }, 'users of this machine are not told apart: npm run shim builds what asks the kernel')
    return
  }
  let hasAsked = false
  // Before whoever speaks to it.
  server.prependListener('connection', (socket: Socket) => {
    const uid = kernel.ownerOf(socket)
    if (uid === null && !hasAsked)
      log.warn({}, 'users of this machine are not told apart: the kernel does not say')
    hasAsked = true
    if (uid === null || uid === own || uid === 0) return
    socket.destroy()
    if (turnedAway.has(uid)) return
    turnedAway.add(uid)
    log.warn({ code: 'E_LOOPBACK_USER', uid }, errorTable.E_LOOPBACK_USER.what)
  })
}
