/** What is seen of an ffmpeg at one look. */
export interface Pace {
  /** Pictures written so far. */
  readonly frames: number
  /** It waits for the head: for credit, for room, or for media. */
  readonly waits: boolean
}

/** From look to look. */
const lookEveryMs = 500
/** Looks at a stretch of work after which its speed counts: 4 s. Scenes differ, and drivers take a breath. */
const looksAtOnce = 8
/** One that stands still may hang, which is for others to say who are done in half of that time. */
const looksAtStillness = 16

/**
 * Tells from looks, one every half second, whether an ffmpeg makes fewer pictures a second than it has to. Only time counts
 * in which it waits for nobody, and none before the first picture: seeking may take long.
 */
export class SlowJudge {
  readonly #least: number
  #looks = 0
  #frames = 0
  #before: Pace | null = null

  /** @param least pictures a second */
  constructor(least: number) {
    this.#least = least
  }

  /** Pictures a second where they are too few, else null. */
  look(pace: Pace): number | null {
    const before = this.#before
    this.#before = pace
    if (before === null || before.frames === 0 || before.waits || pace.waits) return null
    this.#looks += 1
    this.#frames += pace.frames - before.frames
    if (this.#looks < (pace.frames === before.frames ? looksAtStillness : looksAtOnce)) return null
    const speed = (this.#frames * 1_000) / (this.#looks * lookEveryMs)
    this.#looks = 0
    this.#frames = 0
    return speed < this.#least ? speed : null
  }
}

/** Looks until it is stopped, or until the ffmpeg is too slow: then `onSlow` is told once, with its pictures a second. */
export function watchForSlowness(
  least: number,
  look: () => Pace,
  onSlow: (framesPerSecond: number) => void,
): { stop(): void } {
  const judge = new SlowJudge(least)
  const timer = setInterval(() => {
    const speed = judge.look(look())
    if (speed === null) return
    clearInterval(timer)
    onSlow(speed)
  }, lookEveryMs)
  return { stop: () => clearInterval(timer) }
}
