interface Appointment {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** Something that can be called off. */
export interface Planned {
  cancel(): void
}

/** Time that passes only from one appointment to the next; what is due at the same moment runs in the order it was planned. */
export class Clock {
  nowMs = 0
  /** Appointments that were kept. */
  steps = 0
  readonly #heap: Appointment[] = []
  #count = 0

  at(atMs: number, run: () => void): Planned {
    const heap = this.#heap
    let isOff = false
    const appointment = {
      ...{ atMs: Math.max(this.nowMs, atMs), order: this.#count },
      run: () => {
        if (!isOff) run()
      },
    }
    this.#count += 1
    heap.push(appointment)
    let index = heap.length - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(appointment, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = appointment
    return {
      cancel: () => {
        isOff = true
      },
    }
  }

  after(delayMs: number, run: () => void): Planned {
    return this.at(this.nowMs + delayMs, run)
  }

  /** Keeps all appointments up to this moment, which then is now. */
  runUntil(untilMs: number): void {
    while ((this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY) <= untilMs) {
      const next = this.#take()
      this.nowMs = next.atMs
      this.steps += 1
      next.run()
    }
    this.nowMs = Math.max(this.nowMs, untilMs)
  }

  #take(): Appointment {
    const heap = this.#heap
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return first
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1
      if (!isBefore(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
    return first
  }
}

const isBefore = (a: Appointment, b: Appointment): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
