import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Time that nobody sets: it runs on through a restart of the head, and begins anew when the machine does. */
export interface BootClock {
  /** Of this run of the machine. */
  readonly boot: string
  /** Seconds since then, with those asleep. */
  seconds(): number
}

/**
 * The kernel's own (Linux: proc(5), /proc/uptime and /proc/sys/kernel/random/boot_id). Where it has none to show, a
 * clock of this process.
 */
export function openBootClock(): BootClock {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    readUptime()
    return { boot, seconds: readUptime }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return { boot: randomBytes(8).toString('hex'), seconds: () => performance.now() / 1000 }
  }
}

function readUptime(): number {
  return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0])
}
