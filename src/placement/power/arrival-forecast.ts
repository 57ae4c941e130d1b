const hoursPerWeek = 168
const weekMs = hoursPerWeek * 3_600_000
/** Each week counts four fifths of the one after it: habits change. */
const weeklyWeight = 0.8

/** What it has seen, to be kept while nobody looks. */
export interface ForecastMemory {
  readonly startMs: number
  readonly weeks: number
  /** By hour of the week; see weeklyWeight. */
  readonly counts: readonly number[]
}

/**
 * How many viewers begin in each hour of the week, from what was seen. Before a week has passed nothing is foretold:
 * what has not been seen counts as nobody, so that a forecast never keeps a node awake for want of knowledge.
 */
export class ArrivalForecast {
  readonly #counts = new Float64Array(hoursPerWeek)
  readonly #startMs: number
  #weeks = 0

  /** What was seen by a clock that was ahead is as old as can be, which is this week. */
  constructor(nowMs: number, past?: ForecastMemory) {
    this.#weeks = past?.weeks ?? 0
    this.#startMs = Math.min(past?.startMs ?? nowMs, nowMs - this.#weeks * weekMs)
    for (const [hour, count] of (past?.counts ?? []).slice(0, hoursPerWeek).entries())
      this.#counts[hour] = count
  }

  memory(): ForecastMemory {
    return { startMs: this.#startMs, weeks: this.#weeks, counts: [...this.#counts] }
  }

  /** `weekMinute`: minutes since Sunday, 00:00, local time. */
  arrived(nowMs: number, weekMinute: number): void {
    this.#age(nowMs)
    const hour = Math.floor(weekMinute / 60) % hoursPerWeek
    this.#counts[hour] = this.#counts[hour]! + 1
  }

  /** Viewers an hour to be expected in the hour that begins now: what is left of this one and the beginning of the next. */
  perHour(nowMs: number, weekMinute: number): number {
    this.#age(nowMs)
    if (this.#weeks === 0) return 0
    const hour = Math.floor(weekMinute / 60) % hoursPerWeek
    const passed = (weekMinute % 60) / 60
    const counted = (1 - passed) * this.#counts[hour]! + passed * this.#counts[(hour + 1) % hoursPerWeek]!
    // The counts of this week are in it already, and the hours to come are not.
    return counted / weightOf(this.#weeks)
  }

  #age(nowMs: number): void {
    const weeks = Math.floor((nowMs - this.#startMs) / weekMs)
    if (weeks <= this.#weeks) return
    const weight = weeklyWeight ** (weeks - this.#weeks)
    this.#weeks = weeks
    for (let hour = 0; hour < hoursPerWeek; hour += 1) this.#counts[hour] = this.#counts[hour]! * weight
  }
}

/** Sum of the weights of so many past weeks. */
const weightOf = (weeks: number): number => (weeklyWeight * (1 - weeklyWeight ** weeks)) / (1 - weeklyWeight)
