import type { Clock, Planned } from './clock.ts'
import type { Viewing } from './viewing.ts'

/** A media server throttles when its player has this much in hand, and asks for more when it has no more than that. */
export const throttleOnSeconds = 60
export const throttleOffSeconds = 50

export interface PlayerEvents {
  throttle(on: boolean): void
  /** The viewer has seen what it wanted. */
  over(): void
}

/**
 * A viewer with a player and the media server between: plays from the first segment on, waits where nothing is there,
 * pauses as the viewing says, and makes the server throttle. What is published comes in pieces.
 */
export class Player {
  /** From the request to the first segment; null before. */
  startSeconds: number | null = null
  stalls = 0
  stalledSeconds = 0
  isThrottled = false
  readonly #clock: Clock
  readonly #viewing: Viewing
  readonly #events: PlayerEvents
  readonly #askedMs: number
  #publishedSeconds = 0
  #watched = 0
  #settledMs = 0
  #pauses = 0
  #pausedUntilMs: number | null = null
  #isOver = false
  #next: Planned | null = null

  constructor(clock: Clock, viewing: Viewing, askedMs: number, events: PlayerEvents) {
    this.#clock = clock
    this.#viewing = viewing
    this.#events = events
    this.#askedMs = askedMs
  }

  /** Seconds of source that are there and not yet watched. */
  get inHandSeconds(): number {
    this.#settle()
    return this.#publishedSeconds - this.#watched
  }

  published(seconds: number): void {
    if (this.#isOver) return
    this.#settle()
    if (this.startSeconds === null) {
      this.startSeconds = (this.#clock.nowMs - this.#askedMs) / 1000
      this.#settledMs = this.#clock.nowMs
    }
    this.#publishedSeconds += seconds
    this.#plan()
  }

  stop(): void {
    this.#isOver = true
    this.#next?.cancel()
  }

  #settle(): void {
    const { nowMs } = this.#clock
    if (this.startSeconds === null || this.#isOver) return
    const from = Math.max(this.#settledMs, this.#pausedUntilMs ?? 0)
    this.#settledMs = nowMs
    if (nowMs <= from) return
    this.#pausedUntilMs = null
    const wanted = (nowMs - from) / 1000
    const there = Math.min(this.#publishedSeconds, this.#stopAt()) - this.#watched
    const played = Math.min(wanted, there)
    this.#watched += played
    const dry = wanted - played
    // Rounding of clocks is no stall.
    if (dry > 0.001 && this.#watched < this.#stopAt() - 1e-9) {
      this.stalls += 1
      this.stalledSeconds += dry
    }
  }

  /** Where it next stops by itself: at a pause, or at the end. */
  #stopAt(): number {
    return this.#viewing.pauses[this.#pauses]?.afterSeconds ?? this.#viewing.watchSeconds
  }

  /** Throttles, and makes an appointment for when something next changes by itself. */
  #plan(): void {
    this.#next?.cancel()
    if (this.#isOver) return
    const inHand = this.#publishedSeconds - this.#watched
    if (!this.isThrottled && inHand >= throttleOnSeconds) this.#throttle(true)
    else if (this.isThrottled && inHand <= throttleOffSeconds) this.#throttle(false)
    const waits: number[] = []
    const resumesIn = Math.max(0, (this.#pausedUntilMs ?? 0) - this.#clock.nowMs) / 1000
    if (this.#publishedSeconds >= this.#stopAt()) waits.push(this.#stopAt() - this.#watched)
    if (this.isThrottled) waits.push(inHand - throttleOffSeconds)
    if (waits.length === 0) return
    const seconds = resumesIn + Math.max(0, Math.min(...waits))
    // A little late, so that rounding does not make it ask again and again.
    this.#next = this.#clock.after(seconds * 1000 + 0.01, () => this.#look())
  }

  #look(): void {
    this.#settle()
    if (this.#watched >= this.#stopAt() - 1e-6) {
      const pause = this.#viewing.pauses[this.#pauses]
      if (pause === undefined || pause.afterSeconds >= this.#viewing.watchSeconds) {
        this.stop()
        this.#events.over()
        return
      }
      this.#pauses += 1
      this.#pausedUntilMs = this.#clock.nowMs + pause.seconds * 1000
    }
    this.#plan()
  }

  #throttle(on: boolean): void {
    this.isThrottled = on
    this.#events.throttle(on)
  }
}
