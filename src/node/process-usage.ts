import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in 1/100 s here on every architecture that Node runs on (USER_HZ, proc(5)). */
const ticksPerSecond = 100

/** What the processes of one group do. */
export interface GroupUsage {
  /** User and system CPU seconds, those of children that have ended with them. */
  readonly cpuSeconds: number
  /** Some thread runs, or would if it had a processor. */
  readonly runnable: boolean
  /** Some thread waits for a disk, or for a file server. */
  readonly onDisk: boolean
}

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
  const fields = fieldsOf(line)
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks / ticksPerSecond : undefined
}

/** All processes of a group, with their threads; `undefined` without /proc, or when none of them is there. */
export function groupUsage(group: number): GroupUsage | undefined {
  const members = numbersIn('/proc').flatMap((pid) => {
    const fields = statFields(`/proc/${pid}/stat`)
    return fields !== undefined && Number(fields[2]) === group ? [{ pid, fields }] : []
  })
  if (members.length === 0) return undefined
  const ticks = members.flatMap(({ fields }) => fields.slice(11, 15).map(Number))
  const states = members.flatMap(({ pid }) =>
    numbersIn(`/proc/${pid}/task`).map((thread) => statFields(`/proc/${pid}/task/${thread}/stat`)?.[0]),
  )
  return {
    cpuSeconds: ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond,
    runnable: states.includes('R'),
    onDisk: states.includes('D'),
  }
}

/** What stands behind the name, from field 3, the state, on: field n of proc(5) is at n - 3. */
function fieldsOf(line: string): readonly string[] {
  return line.slice(line.lastIndexOf(')') + 2).split(' ')
}

function statFields(path: string): readonly string[] | undefined {
  try {
    return fieldsOf(readFileSync(path, 'latin1'))
  } catch {
    // It has ended while we looked.
    return undefined
  }
}

function numbersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}
