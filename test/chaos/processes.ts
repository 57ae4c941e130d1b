import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export interface SeenProcess {
  readonly pid: number
  /** The words of its command line. */
  readonly words: readonly string[]
}

/**
 * Every running process that has `folder` as its folder for temporary files, whoever its parent is by now. All that a
 * cluster starts inherits it, ffmpeg too; so nothing of a cluster escapes. Zombies do not count.
 */
export function processesOf(folder: string): SeenProcess[] {
  const mark = `\0TMPDIR=${folder}\0`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => `\0${textOf(`/proc/${pid}/environ`)}`.includes(mark) && isRunning(pid))
    .map((pid) => ({ pid, words: textOf(`/proc/${pid}/cmdline`).split('\0').slice(0, -1) }))
}

/** Whether it is an ffmpeg at work, and not one that still waits for its arguments. */
export const isEncoder = ({ words }: SeenProcess): boolean => /(^|\/)ffmpeg$/.test(words[0] ?? '')

/** Letter of /proc/PID/stat: R, S, T...; null when there is none. */
export function stateOf(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat === '' ? null : (stat[stat.lastIndexOf(')') + 2] ?? null)
}

export function parentOf(pid: number): number | null {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat === '' ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

export function isRunning(pid: number): boolean {
  const state = stateOf(pid)
  return state !== null && state !== 'Z' && state !== 'X'
}

/** Sends a signal; false when there is nobody any more. */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** Asks again and again; false when it has not come true in time. */
export async function comesTrue(ask: () => boolean, withinMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + withinMs
  while (!ask()) {
    if (performance.now() > giveUpAt) return false
    await sleep(20)
  }
  return true
}

/** Empty for a process that is gone, or somebody else's. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}
