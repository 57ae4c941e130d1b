import { pausedAfterSeconds } from '../placement/power/player-lead.ts'
import type { Clock } from './clock.ts'
import { segmentSeconds } from './played-session.ts'
import { throttleOffSeconds, throttleOnSeconds } from './player.ts'
import type { StagedSession, WatchFacts } from './stage.ts'
import type { Viewing } from './viewing.ts'

/** What starting ffmpeg takes, and what orders and a segment take on their way. */
const startSeconds = 0.43
const almost = 1e-6
/** Just beyond where placement begins to think differently of a stream that falls behind, so that it does when asked there. */
const leadMarks = [throttleOffSeconds, 19.99, 11.99, 7.99]

/** A session whose source flows: nothing is cut into segments but the first. */
export class FluidSession implements StagedSession {
  readonly viewing: Viewing
  readonly beganMs: number
  readonly watch: { startSeconds: number | null; stalls: number; stalledSeconds: number }
  nodeIds: readonly string[] = []
  /** Seconds of source a second. */
  rate = 0
  /** Seconds of source that are there and not yet watched. */
  inHandSeconds = 0
  isOver = false
  /** The server has throttled, and not yet asked for more. */
  isFull = false
  readonly #clock: Clock
  readonly #askedMs: number
  readonly #onNodes: () => void
  #watched = 0
  #settledMs: number
  /** When the encoder that makes the first segment has started; null while nobody makes it. */
  #encodesMs: number | null = null
  #pauses = 0
  #pausedMs: number | null = null
  #resumesMs = 0
  #isDry = false

  constructor(viewing: Viewing, clock: Clock, askedMs: number, onNodes: () => void) {
    this.viewing = viewing
    this.beganMs = clock.nowMs
    this.#clock = clock
    this.#askedMs = askedMs
    this.#settledMs = clock.nowMs
    this.#onNodes = onNodes
    this.watch = { startSeconds: null, stalls: 0, stalledSeconds: 0 } satisfies WatchFacts
  }

  setNodes(nodes: readonly string[]): void {
    if (nodes.length === this.nodeIds.length && nodes.every((id, index) => id === this.nodeIds[index])) return
    this.nodeIds = nodes
    this.#onNodes()
  }

  nodeLost(node: string): void {
    this.setNodes(this.nodeIds.filter((id) => id !== node))
  }

  leadSeconds(): number {
    if (this.watch.startSeconds === null) return 0
    const seconds = (this.#clock.nowMs - this.#settledMs) / 1000
    return Math.max(0, this.inHandSeconds + seconds * (this.rate - (this.#plays ? 1 : 0)))
  }

  isResting(): boolean {
    if (this.isMade) return true
    return (
      this.#pausedMs !== null && this.isFull && this.#settledMs - this.#pausedMs >= pausedAfterSeconds * 1000
    )
  }

  /** All of the title is there. */
  get isMade(): boolean {
    return this.#watched + this.inHandSeconds >= this.viewing.titleSeconds - almost
  }

  /** Between which of the marks it is. */
  get leadMark(): number {
    return leadMarks.findIndex((mark) => this.inHandSeconds > mark + almost)
  }

  /** Has begun to be made: its encoder runs. */
  isEncoding(nowMs: number): boolean {
    return this.#encodesMs !== null && nowMs >= this.#encodesMs - almost
  }

  /** Work a second that keeps it as it is; null while it takes all that it can get. */
  get steadyDemand(): number | null {
    if (this.isMade) return 0
    return this.isFull ? (this.#plays ? this.viewing.demand : 0) : null
  }

  get #plays(): boolean {
    return this.watch.startSeconds !== null && this.#pausedMs === null
  }

  /** Lets time pass with the rate as it was. */
  settle(nowMs: number): void {
    const seconds = (nowMs - this.#settledMs) / 1000
    this.#settledMs = nowMs
    if (this.#encodesMs === null && this.nodeIds.length > 0) this.#encodesMs = nowMs + startSeconds * 1000
    if (seconds > 0) this.#flow(seconds)
    this.#turn(nowMs)
  }

  #flow(seconds: number): void {
    const made = Math.min(this.rate * seconds, this.viewing.titleSeconds - this.#watched - this.inHandSeconds)
    const wanted = this.#plays ? Math.min(seconds, this.#stopAt() - this.#watched) : 0
    const played = Math.min(wanted, this.inHandSeconds + made)
    this.#watched += played
    this.inHandSeconds = Math.max(0, this.inHandSeconds + made - played)
    if (this.inHandSeconds >= throttleOnSeconds - almost) this.isFull = true
    else if (this.inHandSeconds <= throttleOffSeconds + almost) this.isFull = false
    const dry = wanted - played
    if (dry > 0.001) {
      if (!this.#isDry) this.watch.stalls += 1
      this.watch.stalledSeconds += dry
    }
    this.#isDry = dry > 0.001
  }

  /** What is due by now: a first segment, a pause that begins or ends, the end. */
  #turn(nowMs: number): void {
    if (this.watch.startSeconds === null && this.inHandSeconds >= this.#firstSeconds - almost) {
      this.watch.startSeconds = (nowMs - this.#askedMs) / 1000
    }
    if (this.#pausedMs !== null && nowMs >= this.#resumesMs) this.#pausedMs = null
    if (!this.#plays || this.#watched < this.#stopAt() - almost) return
    const pause = this.viewing.pauses[this.#pauses]
    if (pause === undefined || pause.afterSeconds >= this.viewing.watchSeconds) {
      this.isOver = true
      return
    }
    this.#pauses += 1
    this.#pausedMs = nowMs
    this.#resumesMs = nowMs + pause.seconds * 1000
  }

  /** Seconds until something changes by itself. */
  nextSeconds(nowMs: number): number {
    const waits = [Number.POSITIVE_INFINITY]
    if (this.#encodesMs !== null && nowMs < this.#encodesMs) waits.push((this.#encodesMs - nowMs) / 1000)
    if (this.watch.startSeconds === null) {
      if (this.rate > 0) waits.push((this.#firstSeconds - this.inHandSeconds) / this.rate)
      return Math.max(0, Math.min(...waits))
    }
    if (this.#pausedMs !== null) {
      waits.push((this.#resumesMs - nowMs) / 1000)
      if (this.isFull && !this.isResting()) {
        waits.push(pausedAfterSeconds - (nowMs - this.#pausedMs) / 1000)
      }
    } else waits.push(this.#stopAt() - this.#watched)
    const grows = this.rate - (this.#plays ? 1 : 0)
    if (grows > almost && !this.isFull) waits.push((throttleOnSeconds - this.inHandSeconds) / grows)
    if (grows < -almost && this.inHandSeconds > almost) waits.push(this.inHandSeconds / -grows)
    const mark = leadMarks.find((each) => each < this.inHandSeconds - almost)
    if (grows < -almost && mark !== undefined) waits.push((this.inHandSeconds - mark) / -grows)
    const left = this.viewing.titleSeconds - this.#watched - this.inHandSeconds
    if (this.rate > 0 && left > almost) waits.push(left / this.rate)
    return Math.max(0, Math.min(...waits))
  }

  get #firstSeconds(): number {
    return Math.min(segmentSeconds, this.viewing.titleSeconds)
  }

  #stopAt(): number {
    return Math.min(
      this.viewing.pauses[this.#pauses]?.afterSeconds ?? Number.POSITIVE_INFINITY,
      this.viewing.watchSeconds,
    )
  }
}
