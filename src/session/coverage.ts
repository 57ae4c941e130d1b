/** Which segments of one part are whole. */
export class Coverage {
  /** First segment that is missing: everything before it is whole. */
  #floor: number
  /** One past the last whole segment. */
  #top: number
  readonly #above = new Set<number>()

  constructor(firstSegment: number) {
    this.#floor = firstSegment
    this.#top = firstSegment
  }

  get floor(): number {
    return this.#floor
  }

  get top(): number {
    return this.#top
  }

  has(segment: number): boolean {
    return segment < this.#floor || this.#above.has(segment)
  }

  add(segment: number): void {
    if (this.has(segment)) return
    this.#above.add(segment)
    this.#top = Math.max(this.#top, segment + 1)
    while (this.#above.delete(this.#floor)) this.#floor += 1
  }

  /** First missing segment in [from, to), or null when all of them are whole. */
  firstMissing(from: number, to: number): number | null {
    for (let segment = Math.max(from, this.#floor); segment < to; segment += 1) {
      if (!this.#above.has(segment)) return segment
    }
    return null
  }
}
