interface Appointment {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** Time that passes only when asked to; what is due at the same moment runs in the order it was planned. */
export class VirtualClock {
  nowMs = 0
  readonly #planned: Appointment[] = []
  #count = 0

  after(delayMs: number, run: () => void): void {
    const appointment = { atMs: this.nowMs + Math.max(0, delayMs), order: this.#count, run }
    this.#count += 1
    let index = this.#planned.length
    while (index > 0 && this.#planned[index - 1]!.atMs > appointment.atMs) index -= 1
    this.#planned.splice(index, 0, appointment)
  }

  /** Runs the next appointment; false when there is none before `untilMs`. */
  step(untilMs: number): boolean {
    const next = this.#planned[0]
    if (!next || next.atMs > untilMs) return false
    this.#planned.shift()
    this.nowMs = next.atMs
    next.run()
    return true
  }
}
