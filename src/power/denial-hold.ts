import { PacelineError } from '../errors.ts'

const firstHoldMs = 60_000
/** The longest ban of the Turing Pi's BMC, the strictest device known: 1024 minutes. */
const longestHoldMs = 1_024 * 60_000

/**
 * Keeps a driver or a meter with wrong credentials from trying them over and over: devices lock an address out after a few, and
 * the person who comes to correct them would be locked out too.
 */
export class DenialHold {
  readonly #name: string
  readonly #nowMs: () => number
  #denials = 0
  #untilMs = 0

  constructor(name: string, nowMs: () => number) {
    this.#name = name
    this.#nowMs = nowMs
  }

  /** Milliseconds until the next try; 0 when it may be now. */
  get restMs(): number {
    return Math.max(0, this.#untilMs - this.#nowMs())
  }

  /** @throws PacelineError E_POWER_DENIED while it is too early for another try */
  check(): void {
    if (this.restMs === 0) return
    const seconds = Math.ceil(this.restMs / 1_000)
    throw new PacelineError('E_POWER_DENIED', `${this.#name}: nothing sent, not tried again for ${seconds} s`)
  }

  denied(): void {
    this.#untilMs = this.#nowMs() + Math.min(longestHoldMs, firstHoldMs * 2 ** this.#denials)
    this.#denials += 1
  }

  passed(): void {
    this.#denials = 0
    this.#untilMs = 0
  }
}
