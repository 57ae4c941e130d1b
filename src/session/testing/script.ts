import type { SessionAction, Verdict } from '../actions.ts'
import type { SessionEvent } from '../events.ts'
import { Session, type SessionView } from '../session.ts'
import { defaultPolicy, type SessionPolicy, type SessionSpec } from '../spec.ts'

/** A spec for one picture part of sixty segments of 2 s, unless told otherwise. */
export function specOf(
  options: Partial<Omit<SessionSpec, 'policy'>> & { policy?: Partial<SessionPolicy> } = {},
): SessionSpec {
  return {
    parts: [{ name: 'video', sticky: false }],
    firstSegment: 0,
    expectedEndSegment: 60,
    segmentSeconds: () => 2,
    mode: 'stream',
    attemptPrefix: 'p',
    ...options,
    policy: { ...defaultPolicy, ...options.policy },
  }
}

/** Tells a session what happens, step by step, and writes down what it wants as short lines. */
export class Script {
  readonly session: Session
  nowMs = 0

  constructor(options: Parameters<typeof specOf>[0] = {}) {
    this.session = new Session(specOf(options))
  }

  /** Lets time pass, without an event. */
  wait(ms: number): this {
    this.nowMs += ms
    return this
  }

  /** Nodes as `id` or `id:speed`. */
  list(...nodes: string[]): string[] {
    return this.tell({
      type: 'nodes-changed',
      nodes: nodes.map((text) => {
        const [id, speed] = text.split(':')
        return { id: id!, cores: 1, ...(speed === undefined ? {} : { speed: Number(speed) }) }
      }),
    })
  }

  /** Segments [from, to) of an attempt arrive one after the other; everything asked to be published is. */
  make(attempt: string, from: number, to: number): string[] {
    const lines: string[] = []
    for (let segment = from; segment < to; segment += 1) {
      lines.push(...this.#publishAll(this.#handle({ type: 'segment-arrived', attempt, segment })))
    }
    return lines
  }

  end(attempt: string, outcome: 'clean' | 'stopped' | 'failed', next: number, reason?: string): string[] {
    return this.tell({
      type: 'lease-ended',
      attempt,
      outcome,
      next,
      ...(reason === undefined ? {} : { reason }),
    })
  }

  /** An attempt finds nothing at `next`, and neither does the one that is granted to make sure. */
  endEmpty(attempt: string, next: number): string[] {
    const now = this.end(attempt, 'clean', next)
    // Another node is preferred for making sure, for a moment.
    const lines = now.some((line) => line.startsWith('grant')) ? now : this.wait(500).tell({ type: 'tick' })
    const again = lines.flatMap((line) => /^grant (\S+) \S+ \S+ \[(\d+),/.exec(line)?.slice(1, 3) ?? [])
    if (again[1] !== String(next)) throw new Error(`nobody makes sure: ${lines.join(', ') || 'nothing'}`)
    return this.end(again[0]!, 'clean', next)
  }

  tell(event: SessionEvent): string[] {
    return this.#publishAll(this.#handle(event))
  }

  /** As `tell`, but what is to be published stays in the publisher's hands. */
  tellOnly(event: SessionEvent): string[] {
    return this.#handle(event).map(lineOf)
  }

  view(): SessionView {
    return this.session.view(this.nowMs)
  }

  verdict(attempt: string, segment: number): Verdict {
    return this.session.verdict(attempt, segment)
  }

  #handle(event: SessionEvent): SessionAction[] {
    return this.session.handle(event, this.nowMs)
  }

  #publishAll(actions: readonly SessionAction[]): string[] {
    return actions.flatMap((action) => {
      const more =
        action.type === 'publish'
          ? this.#publishAll(this.#handle({ type: 'published', segment: action.segment }))
          : []
      return [lineOf(action), ...more]
    })
  }
}

function lineOf(action: SessionAction): string {
  switch (action.type) {
    case 'grant': {
      const { attempt, node, part, from, to, until, open, doubles } = action
      const more = [
        until === to ? '' : ` until ${until}`,
        open ? ' open' : '',
        doubles && ` doubles ${doubles}`,
      ]
      return `grant ${attempt} ${node} ${part} [${from},${to})${more.join('')}`
    }
    case 'cut':
      return `cut ${action.attempt} at ${action.at}`
    case 'extend':
      return `extend ${action.attempt} to ${action.until}`
    case 'cancel':
      return `cancel ${action.attempt}`
    case 'publish':
      return `publish ${action.segment}`
    case 'finish':
      return `finish ${action.endSegment}`
    case 'fail':
      return `fail: ${action.reason}`
  }
}
