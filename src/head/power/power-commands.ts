import { PacelineError } from '../../errors.ts'
import type { PowerDriver, PowerOutcome } from '../../power/drivers/driver.ts'
import { pause } from '../../power/pause.ts'
import type { PowerCommand } from './power-state.ts'

/** Gives one node's driver its commands, one at a time. */
export interface PowerCommands {
  /** After what is under way now; a later call takes the place of one that waits. */
  run(what: PowerCommand['what']): void
  /** Ends what is under way, and what waits. */
  close(): Promise<void>
}

export interface PowerCommandsOptions {
  readonly driver: PowerDriver
  readonly nowMs: () => number
  /** After an `off` that nobody has seen done, so much passes before the next `on`: the node may still be writing. */
  readonly settleMs: number
  /** Its state, when it begins and when it has ended. */
  readonly onChange: (command: PowerCommand) => void
}

export function createPowerCommands({
  driver,
  nowMs,
  settleMs,
  onChange,
}: PowerCommandsOptions): PowerCommands {
  const closing = new AbortController()
  const { signal } = closing
  let running: Promise<void> = Promise.resolve()
  let newest = 0
  /** Before that no `on` is given. */
  let settledMs = Number.NEGATIVE_INFINITY

  const off = async (): Promise<PowerOutcome> => {
    settledMs = nowMs() + settleMs
    const outcome = await driver.off(signal)
    if (!outcome.sent || isSeen(outcome)) settledMs = Number.NEGATIVE_INFINITY
    return outcome
  }
  const on = async (): Promise<PowerOutcome> => {
    await pause(Math.max(0, settledMs - nowMs()), signal)
    return driver.on(signal)
  }
  const cycle = async (): Promise<PowerOutcome> => {
    try {
      await off()
    } catch (error) {
      // What cannot be switched off, or is off already, may still be switched on.
      if (!(error instanceof PacelineError)) throw error
    }
    return on()
  }
  const steps = { on, off, cycle }

  const carryOut = async (what: PowerCommand['what']): Promise<void> => {
    const begun = { what, startedMs: nowMs(), told: driver.name, isDry: false, isSeen: false }
    onChange({ ...begun, endedMs: null, failure: null })
    const ended = await steps[what]().then(
      (outcome) => ({ told: outcome.what, isDry: !outcome.sent, isSeen: isSeen(outcome), failure: null }),
      (error: unknown) => ({ failure: failureOf(error) }),
    )
    if (!signal.aborted) onChange({ ...begun, ...ended, endedMs: nowMs() })
  }
  return {
    run(what) {
      newest += 1
      const turn = newest
      running = running.then(() => (turn === newest && !signal.aborted ? carryOut(what) : undefined))
    },
    async close() {
      closing.abort()
      await running
    },
  }
}

const isSeen = ({ sent, confirmed, state }: PowerOutcome): boolean =>
  sent && confirmed && state.observed !== 'unknown'

function failureOf(error: unknown): NonNullable<PowerCommand['failure']> {
  if (error instanceof PacelineError) return { code: error.code, message: error.where }
  return { code: 'E_INTERNAL', message: error instanceof Error ? error.message : String(error) }
}
