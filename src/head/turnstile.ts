/** Lets in only so many bytes at a time, in the order in which they came: memory does not grow with the number of nodes. */
export interface Turnstile {
  /**
   * Resolves when there is room for so many bytes, or nothing else is inside; with what is to be called when they have
   * gone, which may be more than once. Never rejects.
   */
  enter(bytes: number): Promise<() => void>
}

export interface TurnstileOptions {
  readonly mostBytes: number
  /**
   * Whoever stays for longer does not count any more: a node on a slow network, or a media server that hangs, must not
   * hold up the others.
   */
  readonly patienceMs: number
}

interface Waiting {
  readonly bytes: number
  readonly letIn: (leave: () => void) => void
}

/** One with nothing inside. */
export function createTurnstile({ mostBytes, patienceMs }: TurnstileOptions): Turnstile {
  const queue: Waiting[] = []
  let inside = 0

  const take = (bytes: number): (() => void) => {
    inside += bytes
    let isInside = true
    const leave = (): void => {
      clearTimeout(timer)
      if (!isInside) return
      isInside = false
      inside -= bytes
      letInNext()
    }
    const timer = setTimeout(leave, patienceMs).unref()
    return leave
  }
  const hasRoom = (bytes: number): boolean => inside === 0 || inside + bytes <= mostBytes
  const letInNext = (): void => {
    for (let next = queue[0]; next && hasRoom(next.bytes); next = queue[0]) {
      queue.shift()
      next.letIn(take(next.bytes))
    }
  }
  return {
    enter(bytes) {
      if (queue.length === 0 && hasRoom(bytes)) return Promise.resolve(take(bytes))
      return new Promise((letIn) => void queue.push({ bytes, letIn }))
    },
  }
}
