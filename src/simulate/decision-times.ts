/** Asking for processor time takes about as long as a decision: one in so many is timed, a prime, so that no rhythm is met. */
const timedOneIn = 7

/** How long decisions took, milliseconds of real time; counted in steps of a hundredth of a power of two, so that millions take no room. */
export class DecisionTimes {
  /** All, timed or not. */
  asked = 0
  readonly #counts = new Map<number, number>()
  #count = 0

  /** Whether this one is to be timed; counts it. */
  isTimed(): boolean {
    this.asked += 1
    return this.asked % timedOneIn === 0
  }

  add(milliseconds: number): void {
    const step = Math.ceil(Math.log2(Math.max(milliseconds, 1e-6)) * 100)
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + 1)
    this.#count += 1
  }

  get count(): number {
    return this.#count
  }

  /** At least so large a share of them took no longer; 0 when there were none. */
  quantile(share: number): number {
    let seen = 0
    for (const step of [...this.#counts.keys()].sort((a, b) => a - b)) {
      seen += this.#counts.get(step)!
      if (seen >= share * this.#count) return 2 ** (step / 100)
    }
    return 0
  }
}
