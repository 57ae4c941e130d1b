import { readFileSync } from 'node:fs'
import { childrenOf, cpuSeconds, residentBytes } from '../process-facts.ts'

/** What processes have taken since it began to watch; children count once they have ended. */
export interface Watch {
  /** Cores kept busy, by name, and the most and the last memory that was seen, bytes. */
  read(): Readonly<Record<string, { readonly cores: number; readonly most: number; readonly last: number }>>
  stop(): void
}

const lookMs = 250

/** Watches groups of processes; the memory of a group is that of its processes together. */
export function startWatch(groups: Readonly<Record<string, readonly number[]>>): Watch {
  const beganMs = performance.now()
  const cpuOf = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + (cpuSeconds(pid) ?? 0), 0)
  const memoryOf = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + (residentBytes(pid) ?? 0), 0)
  const before = Object.entries(groups).map(([name, pids]) => [name, cpuOf(pids)] as const)
  const most = new Map<string, number>()
  const look = () => {
    for (const [name, pids] of Object.entries(groups))
      most.set(name, Math.max(most.get(name) ?? 0, memoryOf(pids)))
  }
  look()
  const timer = setInterval(look, lookMs)
  return {
    read() {
      look()
      const seconds = (performance.now() - beganMs) / 1000
      return Object.fromEntries(
        before.map(([name, cpu]) => {
          const pids = groups[name] ?? []
          return [
            name,
            { cores: (cpuOf(pids) - cpu) / seconds, most: most.get(name) ?? 0, last: memoryOf(pids) },
          ]
        }),
      )
    },
    stop: () => clearInterval(timer),
  }
}

/** The nats-server that a head has started. */
export function natsServerOf(head: number): number {
  const server = childrenOf(head).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('nats-server'),
  )
  if (server === undefined) throw new Error('the head has no nats-server')
  return server
}
