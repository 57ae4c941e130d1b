import type { WireEvent } from './event-ring.ts'

/** A connection, as far as a reader of events needs it; a `ServerResponse` fits. */
export interface EventSink {
  write(text: string): boolean
  /** Bytes that the reader has not taken yet. */
  readonly writableLength: number
  destroy(): unknown
}

/** Somebody who reads events. Nothing is kept for one who does not read. */
export interface EventReader {
  /** Gives him an event, or leaves it out and remembers that he has missed something. */
  give(event: WireEvent): void
  comment(): void
  /** He is to have a snapshot before anything else, and has room for it. */
  readonly wantsSnapshot: boolean
  /** What he has missed is in it. */
  snapshot(text: string): void
}

export interface EventReaderOptions {
  readonly sink: EventSink
  /** Monotonic, milliseconds. */
  readonly now: () => number
  /** More bytes than that are not left waiting for him. */
  readonly mostWaiting?: number
  /** Whoever takes nothing for so long is cut off. */
  readonly patienceMs?: number
}

export function createEventReader(options: EventReaderOptions): EventReader {
  const { sink, now, mostWaiting = 256 * 1024, patienceMs = 30_000 } = options
  let hasMissed = false
  let fullSinceMs: number | null = null
  /** Whether he takes what he is given. One who has not for long is gone. */
  const hasRoom = (): boolean => {
    if (sink.writableLength <= mostWaiting) {
      fullSinceMs = null
      return true
    }
    fullSinceMs ??= now()
    if (now() - fullSinceMs > patienceMs) sink.destroy()
    return false
  }
  return {
    give({ text }) {
      if (hasMissed || !hasRoom()) hasMissed = true
      else sink.write(text)
    },
    comment() {
      if (hasRoom()) sink.write(': still here\n\n')
    },
    get wantsSnapshot() {
      // A snapshot is large: it goes out only when all before it is read.
      return hasMissed && hasRoom() && sink.writableLength === 0
    },
    snapshot(text) {
      hasMissed = false
      sink.write(text)
    },
  }
}
