import { readFileSync } from 'node:fs'

/** Linux counts in 1/100 s here on every architecture that Node runs on (USER_HZ, proc(5)). */
const ticksPerSecond = 100

/** User and system CPU seconds of a running process; `undefined` without /proc, or when it is gone. */
export function cpuSecondsOf(pid: number): number | undefined {
  try {
    return parseCpuSeconds(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return undefined
  }
}

/** Fields 14 and 15 of a line of /proc/PID/stat; the name in field 2 may hold spaces and brackets. */
export function parseCpuSeconds(line: string): number | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks / ticksPerSecond : undefined
}
