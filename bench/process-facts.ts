import { readdirSync, readFileSync } from 'node:fs'

/** Ticks of the clock that /proc counts CPU time in; 100 a second on every Linux that Node runs on. */
const ticksPerSecond = 100

/** CPU seconds of a process and of the children that it has waited for, or null when it is gone. */
export function cpuSeconds(pid: number): number | null {
  const fields = statFields(pid)
  return fields && [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0) / ticksPerSecond
}

/** The same with the children that it has not waited for yet, dead or alive. */
export function cpuSecondsWithChildren(pid: number): number {
  const pids = [pid, ...childrenOf(pid, { dead: true })]
  return pids.reduce((sum, each) => sum + (cpuSeconds(each) ?? 0), 0)
}

/** Resident memory in bytes, or null when it is gone. */
export function residentBytes(pid: number): number | null {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status') ?? '')
  return line && Number(line[1]) * 1024
}

/** Processes that a process has started itself; those that are dead and not waited for only when asked for. */
export function childrenOf(
  parent: number,
  also: { readonly dead: boolean } = { dead: false },
): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      const fields = Number.isInteger(pid) ? statFields(pid) : null
      return fields !== null && Number(fields[1]) === parent && (also.dead || fields[0] !== 'Z')
    })
}

/** What an agent keeps ready: shells that become encoders, and one that looks behind path maps. */
const waiting = /paceline-(waiting|proving)/

/** Encoders of an agent: its children without those that wait for something to do. */
export function encodersOf(agent: number): readonly number[] {
  return childrenOf(agent).filter((pid) => !waiting.test(readProc(pid, 'cmdline') ?? ''))
}

/** Whether a process still runs; one that is dead and not waited for does not. */
export function isAlive(pid: number): boolean {
  const state = statFields(pid)?.[0]
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** The fields of /proc/PID/stat from the state on; the name before may contain anything. */
function statFields(pid: number): readonly string[] | null {
  const text = readProc(pid, 'stat')
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return null
    throw error
  }
}
