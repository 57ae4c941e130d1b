/** How long decisions took, milliseconds of real time; counted in steps of a hundredth of a power of two, so that millions take no room. */
export class DecisionTimes {
  readonly #counts = new Map<number, number>()
  #count = 0

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
