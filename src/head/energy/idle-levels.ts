/** Older readings fade: fans, disks and firmware change what a machine draws at rest. */
const memorySeconds = 3_600

interface Level {
  watts: number
  seconds: number
}

/** What machines draw at rest, learned from readings while they had nothing to do. */
export class IdleLevels {
  readonly #levels = new Map<string, Level>()

  /** Readings of a machine at rest, for so many seconds. */
  read(machine: string, watts: number, seconds: number): void {
    if (!(seconds > 0) || !Number.isFinite(watts)) return
    const level = this.#levels.get(machine)
    if (!level) {
      this.#levels.set(machine, { watts, seconds })
      return
    }
    level.seconds = Math.min(memorySeconds, level.seconds + seconds)
    level.watts += ((watts - level.watts) * Math.min(seconds, level.seconds)) / level.seconds
  }

  /** As an earlier head has written it down. It counts as much as a minute of readings. */
  remember(machine: string, watts: number): void {
    if (Number.isFinite(watts) && !this.#levels.has(machine))
      this.#levels.set(machine, { watts, seconds: 60 })
  }

  of(machine: string): number | null {
    return this.#levels.get(machine)?.watts ?? null
  }

  all(): readonly { readonly machine: string; readonly watts: number }[] {
    return [...this.#levels].map(([machine, { watts }]) => ({ machine, watts }))
  }
}
