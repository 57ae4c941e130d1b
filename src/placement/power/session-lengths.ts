/** What is thought of a house in which nothing has been seen: an episode or half a film. */
const priorSeconds = 2_400
/** It weighs as much as so many sessions. */
const priorWeight = 3
const mostKept = 200

/** How long sessions go on, from those that have ended: what it takes to know whether waking a node pays. */
export class SessionLengths {
  readonly #lengths: number[]
  /** Ascending, and the sums from each of them to the longest. */
  #sorted: Float64Array | null = null
  #sums: Float64Array = new Float64Array(0)
  #oldest = 0

  constructor(past: readonly number[] = []) {
    this.#lengths = past.slice(-mostKept)
  }

  /** Those that it knows, to be kept while nobody looks. */
  memory(): readonly number[] {
    return [...this.#lengths]
  }

  ended(seconds: number): void {
    this.#sorted = null
    if (this.#lengths.length < mostKept) this.#lengths.push(seconds)
    else {
      this.#lengths[this.#oldest] = seconds
      this.#oldest = (this.#oldest + 1) % mostKept
    }
  }

  /** Seconds for which one that has run for `ageSeconds` may be expected to go on, at the mean. */
  expectedRest(ageSeconds: number): number {
    const sorted = this.#sort()
    let from = 0
    let to = sorted.length
    while (from < to) {
      const middle = (from + to) >> 1
      if (sorted[middle]! <= ageSeconds) from = middle + 1
      else to = middle
    }
    const longer = sorted.length - from
    const rest = this.#sums[from]! - longer * ageSeconds
    return (priorSeconds * priorWeight + rest) / (priorWeight + longer)
  }

  #sort(): Float64Array {
    if (this.#sorted) return this.#sorted
    const sorted = Float64Array.from(this.#lengths).sort()
    const sums = new Float64Array(sorted.length + 1)
    for (let index = sorted.length - 1; index >= 0; index -= 1)
      sums[index] = sums[index + 1]! + sorted[index]!
    this.#sorted = sorted
    this.#sums = sums
    return sorted
  }
}
