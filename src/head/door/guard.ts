import { chown, readFile, stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { dirname } from 'node:path'
import { type KernelPeer, loadKernelPeer } from '../../cluster/kernel-peer.ts'
import { errorTable, PacelineError } from '../../errors.ts'
import type { DoorLogger } from './door-job.ts'

/** Decides who may speak at the door; the permissions of its socket are the first to be asked, and this the second. */
export interface DoorGuard {
  /** User id of who knocks: null where the kernel is not asked, false for a stranger, who is logged once. */
  admit(socket: Socket): number | null | false
  /** Gives the socket and its folder to the group, and keeps that group from then on. */
  takeOver(socketPath: string): Promise<void>
}

/** Null, and a warning, where the addon has not been built: then the permissions of the socket decide alone. */
export function loadPeerOf(log: DoorLogger, path?: string): KernelPeer['peerOf'] | null {
  try {
    return loadKernelPeer(path).peerOf
  } catch (error) {
    log.warn(
      { error },
      'only its permissions guard the socket: npm run shim builds what asks the kernel who is there',
    )
    return null
  }
}

/** `group` by name or number; that of the head's process unless told. PacelineError E_DOOR_GROUP. */
export async function openGuard(
  group: string | undefined,
  log: DoorLogger,
  peerOf: KernelPeer['peerOf'] | null = loadPeerOf(log),
): Promise<DoorGuard> {
  const wanted = group === undefined ? null : await groupNumber(group)
  const turnedAway = new Set<number>()
  let gid = wanted ?? process.getgid!()
  return {
    admit(socket) {
      const peer = peerOf?.(socket)
      if (peer === undefined) return null
      if (peer && (peer.uid === 0 || peer.uid === process.getuid!() || peer.groups.includes(gid)))
        return peer.uid
      const uid = peer?.uid ?? -1
      if (!turnedAway.has(uid)) {
        turnedAway.add(uid)
        log.warn({ code: 'E_DOOR_PEER', uid }, errorTable.E_DOOR_PEER.what)
      }
      return false
    },
    async takeOver(path) {
      try {
        if (wanted !== null) for (const place of [dirname(path), path]) await chown(place, -1, wanted)
        gid = (await stat(path)).gid
      } catch (error) {
        throw new PacelineError('E_DOOR_GROUP', group ?? path, { cause: error })
      }
    },
  }
}

async function groupNumber(group: string): Promise<number> {
  if (/^\d{1,10}$/.test(group)) return Number(group)
  const line = (await readFile('/etc/group', 'utf8'))
    .split('\n')
    .find((entry) => entry.startsWith(`${group}:`))
  const number = line?.split(':')[2]
  if (number === undefined) throw new PacelineError('E_DOOR_GROUP', group)
  return Number(number)
}
