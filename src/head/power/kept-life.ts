import { type NodeLife, newLife } from '../../placement/power/node-life.ts'
import type { NodePowerSettings } from '../../power/power-settings.ts'
import type { KeptNode } from './power-memory.ts'

/** The life with which a head begins, from what the last one kept; one of which nothing is known has been off for ever. */
export function lifeFrom(past: KeptNode | undefined, nowMs: number, isSwitched: boolean): NodeLife {
  if (!past) return { ...newLife('off', nowMs), sinceMs: Number.NEGATIVE_INFINITY }
  const { phase, boot, failures, retryAtMs } = past
  const sinceMs = Math.min(past.sinceMs, nowMs)
  if (!isSwitched) return { ...newLife('off', nowMs), sinceMs, boot }
  // A head that was ended in the middle tries once more; what has been off for longer than a restart is another agent's beat.
  const tries = phase === 'waking' ? 1 : 0
  const known = newLife('off', nowMs, phase === 'off' ? null : boot)
  return { ...known, ...{ phase, sinceMs, failures, retryAtMs, tries } }
}

/** Whether the same agent wakes up again: the last step of off leaves the node suspended. */
export function suspends(driver: NonNullable<NodePowerSettings['driver']>): boolean {
  const last = driver.driver === 'pair' ? driver.off.at(-1) : driver
  return (last?.driver === 'agent' || last?.driver === 'ssh') && last.action === 'suspend'
}
