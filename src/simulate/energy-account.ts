/** Watts of everything at a time, and the most that they were. */
export class WattsTotal {
  watts: number
  peak: number

  constructor(watts: number) {
    this.watts = watts
    this.peak = watts
  }

  add(watts: number): void {
    this.watts += watts
    this.peak = Math.max(this.peak, this.watts)
  }
}

/** Joules of one machine whose watts change from time to time. */
export class EnergyAccount {
  joules = 0
  readonly #total: WattsTotal
  #watts = 0
  #sinceMs: number

  constructor(watts: number, nowMs: number, total: WattsTotal) {
    this.#sinceMs = nowMs
    this.#total = total
    this.draw(watts, nowMs)
  }

  draw(watts: number, nowMs: number): void {
    this.settle(nowMs)
    this.#total.add(watts - this.#watts)
    this.#watts = watts
  }

  settle(nowMs: number): void {
    this.joules += (this.#watts * (nowMs - this.#sinceMs)) / 1000
    this.#sinceMs = nowMs
  }
}
