import { longestPauseMs, type NodeLife, newLife, usualLifeSettings } from '../../placement/power/node-life.ts'
import type { NodePowerSettings } from '../../power/power-settings.ts'
import type { KeptNode } from './kept-power.ts'

/** A week, as long as the API takes. */
const longestKeepMs = 7 * 24 * 3_600_000

/** The life with which a head begins, from what the last one kept; one of which nothing is known has been off for ever. */
export function lifeFrom(past: KeptNode | undefined, nowMs: number, isSwitched: boolean): NodeLife {
  if (!past) return { ...newLife('off', nowMs), sinceMs: Number.NEGATIVE_INFINITY }
  const { phase, boot, failures, retryAtMs } = past
  const sinceMs = Math.min(past.sinceMs, nowMs)
  if (!isSwitched) return { ...newLife('off', nowMs), sinceMs, boot }
  // A head that was ended in the middle tries once more, and learns nothing of how long it takes, since clocks may have
  // been set meanwhile; what has been off for longer than a restart is another agent's beat.
  const tries = phase === 'waking' ? usualLifeSettings.mostTries - 1 : 0
  const known = newLife('off', nowMs, phase === 'off' ? null : boot)
  const retryAt = phase === 'failed' ? Math.min(retryAtMs ?? nowMs, nowMs + longestPauseMs) : null
  return { ...known, ...{ phase, sinceMs, failures, retryAtMs: retryAt, tries } }
}

/** Until when a person wants it awake. Of a clock that was ahead only what can have been asked for is believed. */
export function keptUntilFrom(past: KeptNode | undefined, nowMs: number): number | null {
  const untilMs = past?.keptUntilMs ?? null
  return untilMs === null || untilMs - nowMs > longestKeepMs ? null : untilMs
}

/** Whether the same agent wakes up again: the last step of off leaves the node suspended. */
export function suspends(driver: NonNullable<NodePowerSettings['driver']>): boolean {
  const last = driver.driver === 'pair' ? driver.off.at(-1) : driver
  return (last?.driver === 'agent' || last?.driver === 'ssh') && last.action === 'suspend'
}
