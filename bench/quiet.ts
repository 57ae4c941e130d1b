import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const lookMs = 300
/** Paceline's own idle daemons and the kernel take less than this. */
const mostBusyShare = 0.1

/**
 * Waits until the machine has had next to nothing else to do for a moment, or until the patience is over: others who
 * compute on it would be measured too. Returns the share of all processors that was busy at the last look.
 */
export async function quietMoment(patienceMs: number): Promise<number> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    const before = processorTimes()
    await sleep(lookMs)
    const after = processorTimes()
    const busyShare = 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all)
    if (busyShare <= mostBusyShare || performance.now() > giveUpAt) return busyShare
  }
}

/** Ticks since the machine started, of all processors together (proc(5), the first line of /proc/stat). */
function processorTimes(): { readonly idle: number; readonly all: number } {
  const [user, nice, system, idle, ioWait, ...others] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]!
    .trim()
    .split(/\s+/)
    .slice(1, 9)
    .map(Number)
  const all = [user, nice, system, idle, ioWait, ...others].reduce<number>((sum, ticks) => sum + ticks!, 0)
  return { idle: idle! + ioWait!, all }
}
