import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSeconds, residentBytes } from '../process-facts.ts'

export interface IdleFacts {
  readonly residentMegabytes: number
  /** Share of one core, 1 being all of it. */
  readonly cpuShare: number
}

/** Watches a process that has nothing to do. */
export async function watchIdle(pid: number, seconds: number): Promise<IdleFacts> {
  const before = cpuSeconds(pid)
  await sleep(seconds * 1000)
  const [after, bytes] = [cpuSeconds(pid), residentBytes(pid)]
  if (before === null || after === null || bytes === null) throw new Error(`process ${pid} is gone`)
  return { residentMegabytes: bytes / 1e6, cpuShare: (after - before) / seconds }
}
