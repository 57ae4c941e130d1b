import { readdirSync, readFileSync } from 'node:fs'

export interface TreeProcess {
  readonly pid: number
  /** The words of its command line. */
  readonly words: readonly string[]
}

/** The running processes below `ancestor`, however deep; zombies do not count. */
export function processesBelow(ancestor: number): TreeProcess[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : ''
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state && state !== 'Z') parents.set(Number(name), Number(parent))
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && parent > 0 && (parent === ancestor || isBelow(parent))
  }
  return [...parents.keys()]
    .filter(isBelow)
    .map((pid) => ({ pid, words: read(`/proc/${pid}/cmdline`).split('\0').slice(0, -1) }))
}

/** The ffmpeg processes below `ancestor`. */
export function encodersBelow(ancestor: number): TreeProcess[] {
  return processesBelow(ancestor).filter(
    ({ words }) => words[0] === 'ffmpeg' || words[0]?.endsWith('/ffmpeg'),
  )
}

/** Empty for a process that has ended while we looked. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}
