import { PacelineError } from '../../errors.ts'
import type { AskAgent } from '../../power/drivers/agent.ts'
import type { PowerDriver } from '../../power/drivers/driver.ts'
import { type DriverSettings, makeDriver } from '../../power/drivers/settings.ts'
import type { Fleet } from '../fleet.ts'

/** Asks the agent of a node over the connection that it keeps to the head anyway. */
export function askAgentOf(fleet: Pick<Fleet, 'order'>, idOf: () => string): AskAgent {
  return async (action) => {
    const outcome = await fleet.order(idOf(), { type: 'power', action })
    // A machine may sleep before its agent has answered, and would read a second order when it wakes. Whether it went is
    // seen by its silence.
    if (!outcome.answered && outcome.why === 'timeout') return
    if (!outcome.answered) throw new PacelineError('E_POWER_UNREACHABLE', `the agent: ${outcome.message}`)
    if (outcome.reply.ok) return
    const { code, message } = outcome.reply
    if (code === 'bad-order') throw new PacelineError('E_POWER_CANNOT', 'the agent is of a former release')
    if (code === 'power-denied') throw new PacelineError('E_POWER_DENIED', `the agent: ${message}`)
    throw new PacelineError('E_POWER_REFUSED', `the agent: ${message}`)
  }
}

/** The driver of one node, and whether it only says what it would do. */
export function openDriver(
  settings: DriverSettings,
  {
    idOf,
    isDry,
    fleet,
  }: { readonly idOf: () => string; readonly isDry: boolean; readonly fleet: Pick<Fleet, 'order'> },
): { readonly driver: PowerDriver; readonly isDry: boolean } {
  // Half a pair that is dry would leave the node off for ever, or on.
  const parts = settings.driver === 'pair' ? [settings.on, ...settings.off] : []
  const asked = isDry || parts.some(({ dryRun }) => dryRun) ? { ...settings, dryRun: true } : settings
  return { driver: makeDriver(asked, { askAgent: askAgentOf(fleet, idOf) }), isDry: asked.dryRun }
}
