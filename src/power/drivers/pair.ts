import { PacelineError } from '../../errors.ts'
import { pause } from '../pause.ts'
import type { Power, PowerDriver, PowerOutcome, PowerState } from './driver.ts'

/**
 * One driver for on, and one or more for off, in order: the first ones shut the node down gently, the last one decides.
 * A gentle one that fails is passed over, since a node that hangs has to be cut off all the same.
 */
export class PairDriver implements PowerDriver {
  readonly kind = 'pair'
  readonly name: string
  readonly #on: PowerDriver
  readonly #off: readonly PowerDriver[]
  readonly #settleMs: number
  #asked: Power | 'unknown' = 'unknown'
  #busy = false

  /** `settleMs` passes after each gentle step: a node's last port closes before its disks are written. */
  constructor(on: PowerDriver, off: readonly [PowerDriver, ...PowerDriver[]], settleMs: number) {
    this.#settleMs = settleMs
    this.#on = on
    this.#off = off
    this.name = `${on.name} for on, ${off.map(({ name }) => name).join(', then ')} for off`
  }

  on(signal?: AbortSignal): Promise<PowerOutcome> {
    return this.#alone('on', () => this.#on.on(signal))
  }

  off(signal?: AbortSignal): Promise<PowerOutcome> {
    return this.#alone('off', async () => {
      const passed: string[] = []
      for (const driver of this.#off.slice(0, -1)) {
        try {
          const { what, sent } = await driver.off(signal)
          passed.push(what)
          if (sent) await pause(this.#settleMs, signal)
        } catch (error) {
          signal?.throwIfAborted()
          if (!(error instanceof PacelineError)) throw error
          passed.push(`${error.code} (${driver.name})`)
        }
      }
      const outcome = await this.#off.at(-1)!.off(signal)
      return { ...outcome, what: [...passed, outcome.what].join('; then ') }
    })
  }

  /** What the first of them sees that sees anything; the one that cuts the power off is asked first. */
  async state(signal?: AbortSignal): Promise<PowerState> {
    const states = await Promise.all(this.#drivers().map((driver) => driver.state(signal)))
    const best = states.find(({ observed }) => observed !== 'unknown') ?? states[0]!
    const commanded = states.find((state) => state.commanded !== state.asked)?.commanded ?? this.#asked
    const evidence = [...new Set(states.map((state) => state.evidence))].join('; ')
    return { asked: this.#asked, commanded, observed: best.observed, evidence }
  }

  async close(): Promise<void> {
    await Promise.all(this.#drivers().map((driver) => driver.close()))
  }

  #drivers(): PowerDriver[] {
    return [...new Set([...this.#off.toReversed(), this.#on])]
  }

  async #alone(power: Power, work: () => Promise<PowerOutcome>): Promise<PowerOutcome> {
    if (this.#busy) throw new PacelineError('E_POWER_BUSY', `${this.name}: ${power}`)
    this.#busy = true
    try {
      const outcome = await work()
      if (outcome.sent) this.#asked = power
      return { ...outcome, state: { ...outcome.state, asked: this.#asked } }
    } finally {
      this.#busy = false
    }
  }
}
