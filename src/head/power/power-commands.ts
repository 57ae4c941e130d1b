import { PacelineError } from '../../errors.ts'
import type { PowerDriver, PowerOutcome } from '../../power/drivers/driver.ts'
import { pause } from '../../power/pause.ts'
import type { PowerCommand } from './power-state.ts'

/** Gives one node's driver its commands, one at a time. */
export interface PowerCommands {
  /**
   * After what is under way now; a later call takes the place of one that waits, and ends an `on` that still looks whether
   * the node comes.
   */
  run(what: PowerCommand['what']): void
  /** An `off` is under way or waits, alone or in a cycle: the node may lose its power at any moment. */
  readonly isCutting: boolean
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
  /** An `off`, alone or in a cycle, has ended, however it did; before its command is told to have. */
  readonly onCut?: () => void
}

/** What was begun for a command that is ended early has so long to end as well; see runProgram. */
const graceMs = 1_100

export function createPowerCommands({
  driver,
  nowMs,
  settleMs,
  onChange,
  onCut,
}: PowerCommandsOptions): PowerCommands {
  const closing = new AbortController()
  const { signal } = closing
  let running: Promise<void> = Promise.resolve()
  let newest = 0
  let waiting: PowerCommand['what'] | null = null
  let isInOff = false
  /** Ends the command that is under way, and nothing else. */
  let current: AbortController | null = null
  /** Before that no `on` is given. */
  let settledMs = Number.NEGATIVE_INFINITY

  const off = async (ending: AbortSignal): Promise<PowerOutcome> => {
    isInOff = true
    settledMs = nowMs() + settleMs
    try {
      const outcome = await driver.off(ending)
      if (!outcome.sent || isSeen(outcome)) settledMs = Number.NEGATIVE_INFINITY
      return outcome
    } finally {
      isInOff = false
      onCut?.()
    }
  }
  const on = async (ending: AbortSignal): Promise<PowerOutcome> => {
    await pause(Math.max(0, settledMs - nowMs()), ending)
    return driver.on(ending)
  }
  const cycle = async (ending: AbortSignal): Promise<PowerOutcome> => {
    try {
      await off(ending)
    } catch (error) {
      // What cannot be switched off, or is off already, may still be switched on.
      if (!(error instanceof PacelineError)) throw error
    }
    return on(ending)
  }
  const steps = { on, off, cycle }

  const carryOut = async (what: PowerCommand['what']): Promise<void> => {
    current = new AbortController()
    const ending = AbortSignal.any([signal, current.signal])
    isInOff = what !== 'on'
    waiting = null
    const begun = { what, startedMs: nowMs(), told: driver.name, isDry: false, isSeen: false }
    onChange({ ...begun, endedMs: null, failure: null })
    const ended = await steps[what](ending).then(
      (outcome) => ({ told: outcome.what, isDry: !outcome.sent, isSeen: isSeen(outcome), failure: null }),
      (error: unknown) => ({ failure: failureOf(error) }),
    )
    current = null
    if (!ending.aborted) onChange({ ...begun, ...ended, endedMs: nowMs() })
    else if (!signal.aborted) await pause(graceMs, signal).catch(() => undefined)
  }
  return {
    run(what) {
      newest += 1
      const turn = newest
      waiting = what
      if (!isInOff) current?.abort()
      running = running.then(() => (turn === newest && !signal.aborted ? carryOut(what) : undefined))
    },
    get isCutting() {
      return isInOff || waiting === 'off' || waiting === 'cycle'
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
