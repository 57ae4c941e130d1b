/** A media server that throttles for so long has a player that is paused: playing ones use up what they have. */
export const pausedAfterSeconds = 40
/** Without anything seen, so much is taken to be in hand when the server asks for more. */
const unknownLowSeconds = 10

/**
 * How much a player has in hand, as far as the head can know: what is published less the time since the first of it. A
 * pause shows only as a throttle that lasts; when it lifts, the player has as much as it had whenever a throttle was
 * lifted while it played, which it has shown before.
 */
export class PlayerLead {
  #publishedSeconds = 0
  /** When the player began, pauses left out; null before it did. */
  #playerMs: number | null = null
  #throttledMs: number | null = null
  #lowSeconds: number | null = null

  published(seconds: number, nowMs: number): void {
    // It waits wherever nothing is there for it.
    const waited = nowMs - this.#publishedSeconds * 1000
    this.#playerMs = Math.max(this.#playerMs ?? nowMs, waited)
    this.#publishedSeconds += seconds
  }

  throttled(on: boolean, nowMs: number): void {
    if (on === (this.#throttledMs !== null)) return
    if (on) {
      this.#throttledMs = nowMs
      return
    }
    const wasPaused = this.isPaused(nowMs)
    this.#throttledMs = null
    const lead = this.#byClock(nowMs)
    if (!wasPaused) this.#lowSeconds = Math.min(this.#lowSeconds ?? lead, lead)
    else {
      const low = this.#lowSeconds ?? unknownLowSeconds
      this.#playerMs = nowMs - (this.#publishedSeconds - low) * 1000
    }
  }

  /** Whether it has all it needs and takes nothing. */
  isPaused(nowMs: number): boolean {
    return this.#throttledMs !== null && nowMs - this.#throttledMs >= pausedAfterSeconds * 1000
  }

  /** Seconds of source; less than nothing while the player waits. */
  seconds(nowMs: number): number {
    if (this.#throttledMs === null) return this.#byClock(nowMs)
    // Where nothing is needed, there is at least what there was whenever something was.
    return Math.max(this.#byClock(nowMs), this.#lowSeconds ?? unknownLowSeconds)
  }

  #byClock(nowMs: number): number {
    return this.#playerMs === null ? 0 : this.#publishedSeconds - (nowMs - this.#playerMs) / 1000
  }
}
