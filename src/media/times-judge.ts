import type { Packet } from './key-frames.ts'
import type { SeekVerdict } from './seeking.ts'

/** What is asked of a film's times. */
export interface TimesRule {
  /** Seconds per tick. */
  readonly tickSeconds: number
  /** Seeks go by bytes, and find the key frame after the place that they find. */
  readonly lacksIndex: boolean
}

/** Reading so much earlier at each lease costs less than making the film in one piece, seconds. */
const mostKeyDistanceSeconds = 30

/** What FFmpeg's constant rate fills with pictures at most (ffmpeg.c, dts_error_threshold); a film that is over is no film. */
const mostHoleSeconds = 3600

/** Seconds beside the distance of key frames: reordering, and seeks that go by decoding times. */
const slackSeconds = 2

/** Packets without a time that a damaged film may have, as a share of all. */
const mostWithoutTime = 0.1

/**
 * Tells from all packets of a film's picture, in the order of the file, whether leases may seek in it: its key frames
 * have to come one after the other, and whatever is decoded after a key frame has to be shown after the key frame before
 * that. Then a lease that begins at a key frame sees what one that came from further ahead sees.
 */
export class TimesJudge {
  readonly #rule: TimesRule
  #keyBefore: number | null = null
  #key: number | null = null
  #latest: number | null = null
  #longest = 0
  #packets = 0
  #withoutTime = 0
  #back: string | null = null
  #lost: string | null = null

  constructor(rule: TimesRule) {
    this.#rule = rule
  }

  /** Answers whether anything that follows can still change the verdict. */
  take({ time, key, hidden }: Packet): 'more' | 'enough' {
    if (this.#back !== null || this.#lost !== null) return 'enough'
    if (hidden) return 'more'
    this.#packets += 1
    if (time === null) {
      this.#withoutTime += 1
      return 'more'
    }
    const isBack = (key && this.#key !== null && time <= this.#key) || time < (this.#keyBefore ?? time)
    if (isBack) {
      this.#back = `${this.#seconds(time)} s after ${this.#seconds(this.#latest ?? time)} s`
      return 'enough'
    }
    if ((time - (this.#latest ?? time)) * this.#rule.tickSeconds > mostHoleSeconds) {
      this.#lost = `${this.#seconds(time)} s after ${this.#seconds(this.#latest!)} s`
      return 'enough'
    }
    if (key) {
      this.#observeDistance(time)
      this.#keyBefore = this.#key
      this.#key = time
    }
    this.#latest = Math.max(this.#latest ?? time, time)
    return 'more'
  }

  verdict(): SeekVerdict {
    if (this.#back !== null) return { kind: 'one-piece', why: 'times-back', detail: this.#back }
    if (this.#lost !== null) return { kind: 'unusable', why: 'times-lost', detail: this.#lost }
    if (this.#withoutTime > this.#packets * mostWithoutTime) {
      const detail = `${this.#withoutTime} of ${this.#packets} pictures`
      return { kind: 'one-piece', why: 'times-missing', detail }
    }
    if (!this.#rule.lacksIndex) return { kind: 'seek', marginSeconds: 0 }
    if (this.#latest !== null) this.#observeDistance(this.#latest)
    const distance = this.#longest * this.#rule.tickSeconds
    if (distance > mostKeyDistanceSeconds) {
      return { kind: 'one-piece', why: 'keys-rare', detail: `${distance.toFixed(1)} s without one` }
    }
    return { kind: 'seek', marginSeconds: distance + slackSeconds }
  }

  #observeDistance(time: number): void {
    this.#longest = Math.max(this.#longest, time - (this.#key ?? time))
  }

  #seconds(ticks: number): string {
    return (ticks * this.#rule.tickSeconds).toFixed(3)
  }
}
