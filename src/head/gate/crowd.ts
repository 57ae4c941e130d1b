/** A connection as it is counted here. */
export interface Guest {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  destroy(): unknown
  once(event: 'close', listener: () => void): unknown
}

/**
 * Connections that have not said yet who they are. There is room for some of them only, and the one that came first
 * makes room for the next: whoever opens a thousand loses his own, and a node that comes has the time of all that come
 * after it to show its certificate.
 */
export interface Crowd {
  /** Somebody has come. */
  enter(guest: Guest): void
  /** It has shown who it is, and is no longer counted. */
  vouch(guest: Guest): void
  readonly size: number
}

export interface CrowdOptions {
  readonly room: number
  /** So long may somebody stay without saying who he is. */
  readonly patienceMs: number
  /** Somebody had to go: the room was full, or the patience over. */
  onTurnedAway(address: string, why: 'full' | 'silent'): void
}

export function createCrowd({ room, patienceMs, onTurnedAway }: CrowdOptions): Crowd {
  const guests = new Map<string, { readonly guest: Guest; readonly timer: NodeJS.Timeout }>()
  const forget = (key: string): void => {
    clearTimeout(guests.get(key)?.timer)
    guests.delete(key)
  }
  const turnAway = (key: string, why: 'full' | 'silent'): void => {
    const { guest } = guests.get(key)!
    forget(key)
    onTurnedAway(guest.remoteAddress ?? 'unknown', why)
    guest.destroy()
  }
  return {
    enter(guest) {
      const key = keyOf(guest)
      const timer = setTimeout(() => turnAway(key, 'silent'), patienceMs).unref()
      forget(key)
      guests.set(key, { guest, timer })
      guest.once('close', () => {
        if (guests.get(key)?.guest === guest) forget(key)
      })
      const [oldest] = guests.keys()
      if (guests.size > room && oldest !== undefined) turnAway(oldest, 'full')
    },
    vouch: (guest) => forget(keyOf(guest)),
    get size() {
      return guests.size
    },
  }
}

/** TLS gives a connection a second object; what both have is where it comes from. */
function keyOf({ remoteAddress, remotePort }: Guest): string {
  return `${remoteAddress}:${remotePort}`
}
