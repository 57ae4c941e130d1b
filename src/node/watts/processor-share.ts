import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * How busy the machine's processors were since the question before: 0 to 1; since it started, the first time. Undefined
 * where the kernel does not say.
 *
 * @param proc the mount point of procfs
 */
export function createProcessorShare(proc = '/proc'): () => Promise<number | undefined> {
  let last = { all: 0, idle: 0 }
  let share: number | undefined
  return async () => {
    const ticks = parseProcessorTicks(await readFile(join(proc, 'stat'), 'latin1').catch(() => ''))
    if (ticks === undefined) return undefined
    const all = ticks.all - last.all
    // Asked again within one tick there is nothing new to know.
    if (all > 0) share = Math.min(1, Math.max(0, 1 - (ticks.idle - last.idle) / all))
    last = ticks
    return share
  }
}

/**
 * All ticks, and those in which nothing ran (`idle` and `iowait`), from the first line of /proc/stat. A guest's time is in
 * `user` already: see proc(5).
 */
export function parseProcessorTicks(text: string): { all: number; idle: number } | undefined {
  const fields = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ').slice(0, 8).map(Number)
  if (fields === undefined || fields.length < 4 || !fields.every(Number.isFinite)) return undefined
  const [, , , idle = 0, waiting = 0] = fields
  return { all: fields.reduce((sum, each) => sum + each, 0), idle: idle + waiting }
}
