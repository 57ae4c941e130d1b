import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { resolve } from 'node:path'

/** Who is at the other end of a Unix socket. */
export interface Peer {
  readonly uid: number
  readonly groups: readonly number[]
}

/** What the kernel knows of the other end of a connection, and Node.js does not tell. */
export interface KernelPeer {
  /** Of a Unix socket; null when there is nobody any more. */
  peerOf(socket: Socket): Peer | null
  /** Of a TCP connection on 127.0.0.1, the user who holds its other end; null when the kernel does not say. */
  ownerOf(socket: Socket): number | null
}

interface Addon {
  peerOf(descriptor: number): number[]
  ownerOf(theirPort: number, ownPort: number): number | undefined
}

/** Built with the shim: native/shim/peer. */
const addonPath = resolve(import.meta.dirname, '../../native/shim/build/peer.node')

/** Throws what loading it throws where it has not been built. */
export function loadKernelPeer(path = addonPath): KernelPeer {
  const addon = createRequire(import.meta.url)(path) as Addon
  return {
    peerOf(socket) {
      const descriptor = (socket as unknown as { _handle?: { fd?: number } })._handle?.fd ?? -1
      const [, uid, ...groups] = addon.peerOf(descriptor)
      return uid === undefined ? null : { uid, groups }
    },
    ownerOf: ({ remotePort, localPort }) => addon.ownerOf(remotePort ?? 0, localPort ?? 0) ?? null,
  }
}
