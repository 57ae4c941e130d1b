import { existsSync, readFileSync } from 'node:fs'

/**
 * The processors that this process may use, so ordered that the first of each physical core come before their
 * siblings: nodes of one core each then share none as long as there are enough.
 */
export function processors(): readonly number[] {
  const allowed = parseList(
    /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '',
  )
  const first = allowed.filter(
    (processor) => siblings(processor).find((each) => allowed.includes(each)) === processor,
  )
  return [...first, ...allowed.filter((processor) => !first.includes(processor))]
}

/** Physical cores among these processors, as far as the kernel tells. */
export function physicalCores(among: readonly number[]): number {
  return new Set(among.map((processor) => siblings(processor)[0])).size
}

function siblings(processor: number): readonly number[] {
  const path = `/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`
  return existsSync(path) ? parseList(readFileSync(path, 'utf8').trim()) : [processor]
}

/** `0-3,8` as a list of numbers. */
function parseList(text: string): readonly number[] {
  return text.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number)
    return Array.from({ length: to! - from! + 1 }, (_, index) => from! + index)
  })
}
