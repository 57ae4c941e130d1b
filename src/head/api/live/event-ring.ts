/** An event as it goes over the wire. */
export interface WireEvent {
  readonly sequence: number
  readonly text: string
}

/** The last events, for readers that were away for a moment. Bounded in number and in bytes. */
export interface EventRing {
  add(event: WireEvent): void
  /** Those after a number, oldest first; null where some of them are not kept any more, or it is not of this ring. */
  after(sequence: number): readonly WireEvent[] | null
  /** Forgets all: what follows does not join on. */
  clear(): void
}

export interface EventRingOptions {
  readonly mostEvents: number
  /** Of text, in UTF-16 units. */
  readonly mostLength: number
}

export function createEventRing({ mostEvents, mostLength }: EventRingOptions): EventRing {
  const kept: WireEvent[] = []
  let length = 0
  return {
    add(event) {
      kept.push(event)
      length += event.text.length
      while (kept.length > mostEvents || (length > mostLength && kept.length > 1))
        length -= kept.shift()!.text.length
    },
    after(sequence) {
      const [oldest] = kept
      const newest = kept.at(-1)
      if (!oldest || !newest) return null
      if (sequence < oldest.sequence - 1 || sequence > newest.sequence) return null
      return kept.filter((event) => event.sequence > sequence)
    },
    clear() {
      kept.length = 0
      length = 0
    },
  }
}
