import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import type { Device } from './driver.ts'
import { switchSettings } from './switch-settings.ts'

export const agentSettings = z.strictObject({
  driver: z.literal('agent'),
  /** Suspend only boards that were seen to wake again. */
  action: z.enum(['poweroff', 'suspend']).default('poweroff'),
  ...switchSettings,
})

/** Asks the node's own agent; ends when it has said that it will. */
export type AskAgent = (action: 'poweroff' | 'suspend', signal: AbortSignal) => Promise<void>

/** Off by the node's own agent, over the connection that it keeps to the head anyway: no key, no password. */
export function agentDevice({ action }: z.output<typeof agentSettings>, ask: AskAgent | undefined): Device {
  return {
    kind: 'agent',
    name: 'the agent of the node',
    describe: (power) =>
      power === 'off' ? `the agent is asked to ${action}` : 'nothing: it only switches off',
    command: async (power, signal) => {
      if (power === 'on' || ask === undefined)
        throw new PacelineError(
          'E_POWER_CANNOT',
          'the agent of the node: it only switches off, while it is connected',
        )
      await ask(action, signal)
    },
  }
}
