import type { ServerEvent } from '../contract/events.ts'
import type { Snapshot } from '../contract/snapshot.ts'
import type { FleetView } from '../view/fleet-view.ts'
import { createEventReader, type EventReader, type EventSink } from './event-reader.ts'
import { createEventRing } from './event-ring.ts'
import { createStateDiff } from './state-diff.ts'

/** Tells everybody who reads of all that changes. It works only while somebody reads, and a little longer. */
export interface EventHub {
  /** See SessionHallOptions. */
  readonly touch: (session: string, segment?: number) => void
  /** A state with the number of the events that it holds. */
  snapshot(): Snapshot
  /**
   * Begins to tell, after what `lastEventId` says was read before. Returns what ends that. To be asked only while there
   * is room.
   */
  read(sink: EventSink, lastEventId: string | undefined): () => void
  /** Whether one more may read, and `kept` places are left then. */
  hasRoom(kept: number): boolean
  close(): void
}

export interface EventHubOptions {
  readonly view: FleetView
  /** Monotonic, milliseconds. */
  readonly now: () => number
  readonly gatherMs?: number
  readonly mostReaders?: number
  /** After the last one has gone changes are gathered for so long, in case he comes back. */
  readonly lingerMs?: number
}

/** Changes of nodes come from beats, of which there is one in a second. */
const othersEveryMs = 250
/** Speeds and leads change by themselves. */
const allEveryMs = 2_000
const commentEveryMs = 10_000
const snapshotLifeMs = 1_000
const ringBounds = { mostEvents: 2_000, mostLength: 4 * 1024 * 1024 }

export function createEventHub(options: EventHubOptions): EventHub {
  const { view, now, gatherMs = 100, mostReaders = 64, lingerMs = 30_000 } = options
  const diff = createStateDiff(view)
  const ring = createEventRing(ringBounds)
  const readers = new Set<EventReader>()
  let sequence = 0
  let timer: NodeJS.Timeout | undefined
  let idleSinceMs = 0
  const dueMs = { others: 0, comment: 0 }

  const isDue = (what: keyof typeof dueMs, everyMs: number): boolean => {
    if (now() < dueMs[what]) return false
    dueMs[what] = now() + everyMs
    return true
  }
  const boot = () => view.head().boot
  const wire = (event: ServerEvent): string => {
    const { type, ...rest } = event
    return `id: ${boot()}-${sequence}\nevent: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`
  }
  const tell = (event: ServerEvent): void => {
    sequence += 1
    const wired = { sequence, text: wire(event) }
    ring.add(wired)
    for (const reader of readers) reader.give(wired)
  }
  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
    // What happens from here on is told to nobody.
    sequence += 1
    ring.clear()
  }
  let made: { readonly sequence: number; readonly atMs: number; readonly text: string } | null = null
  /** After a restart all come at once: what was made for one serves the others, as long as nothing was told since. */
  const snapshotText = (): string => {
    if (made === null || made.sequence !== sequence || now() - made.atMs > snapshotLifeMs)
      made = { sequence, atMs: now(), text: wire({ type: 'snapshot', state: view.snapshot(sequence) }) }
    return made.text
  }
  const turn = (): void => {
    diff.touchPart(Math.ceil(allEveryMs / gatherMs))
    for (const event of diff.sessions()) tell(event)
    if (isDue('others', othersEveryMs)) for (const event of diff.others(view.fleet())) tell(event)
    const waiting = [...readers].filter((reader) => reader.wantsSnapshot)
    if (waiting.length > 0) {
      const text = snapshotText()
      for (const reader of waiting) reader.snapshot(text)
    }
    if (isDue('comment', commentEveryMs)) for (const reader of readers) reader.comment()
  }
  const go = (): void => {
    turn()
    if (readers.size === 0 && now() - idleSinceMs > lingerMs) stop()
  }
  const start = (): void => {
    if (timer) return
    diff.begin(view.snapshot(sequence))
    timer = setInterval(go, gatherMs)
  }
  /** What was read before of this run of the head; null for a stranger. */
  const sequenceOf = (id: string | undefined): number | null => {
    const found = /^([0-9a-f]+)-(\d{1,15})$/.exec(id ?? '')
    return found && found[1] === boot() ? Number(found[2]) : null
  }
  return {
    touch(session, segment) {
      if (timer) diff.touch(session, segment)
    },
    snapshot: () => view.snapshot(sequence),
    hasRoom: (kept) => readers.size < mostReaders - kept,
    read(sink, lastEventId) {
      start()
      // What is gathered so far is in the snapshot as well; fields are told as they are, so that twice does no harm.
      turn()
      const last = sequenceOf(lastEventId)
      const missed = last === null ? null : last === sequence ? [] : ring.after(last)
      const { version, nowMs } = view.head()
      const hello = { boot: boot(), sequence, nowMs, version, isResumed: missed !== null }
      // Without an id: whoever is cut off right after it has not read what follows.
      sink.write(`retry: 1000\nevent: hello\ndata: ${JSON.stringify({ type: 'hello', ...hello })}\n\n`)
      if (missed) for (const { text } of missed) sink.write(text)
      else sink.write(snapshotText())
      const reader = createEventReader({ sink, now })
      readers.add(reader)
      return () => {
        readers.delete(reader)
        idleSinceMs = now()
      }
    },
    close() {
      stop()
      readers.clear()
    },
  }
}
