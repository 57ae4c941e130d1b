/** Somebody who reads a segment from ffmpeg and can be made to wait. */
export interface BudgetReader {
  pause(): void
  resume(): void
}

/**
 * Bounds the bytes of segments an agent holds: those being read from ffmpeg and those waiting for the head.
 * Above the limit nobody reads on, unless no whole segment is held that could make room by being delivered:
 * then the reader that came first does. So at most `limitBytes` and one segment are held.
 */
export class SegmentBudget {
  private readonly limitBytes: number
  private readonly readers = new Map<BudgetReader, number>()
  private readonly paused = new Set<BudgetReader>()
  private wholeBytes = 0
  private partBytes = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  get heldBytes(): number {
    return this.wholeBytes + this.partBytes
  }

  /** A reader begins a segment; it is paused at once when there is no room. */
  enter(reader: BudgetReader): void {
    this.readers.set(reader, 0)
    this.settle()
  }

  /** The reader has read so many bytes more. */
  add(reader: BudgetReader, bytes: number): void {
    this.readers.set(reader, (this.readers.get(reader) ?? 0) + bytes)
    this.partBytes += bytes
    this.settle()
  }

  /** The reader's segment is whole: its bytes stay held until they are released. */
  complete(reader: BudgetReader): void {
    this.wholeBytes += this.remove(reader)
    this.settle()
  }

  /** The reader's segment is dropped. Nothing happens when it is not reading. */
  drop(reader: BudgetReader): void {
    this.remove(reader)
    this.settle()
  }

  /** So many bytes of whole segments are held no longer. */
  release(bytes: number): void {
    this.wholeBytes -= bytes
    this.settle()
  }

  private remove(reader: BudgetReader): number {
    const bytes = this.readers.get(reader) ?? 0
    this.readers.delete(reader)
    this.paused.delete(reader)
    this.partBytes -= bytes
    return bytes
  }

  private settle(): void {
    const room = this.heldBytes < this.limitBytes
    let first = this.wholeBytes === 0
    for (const reader of this.readers.keys()) {
      const reads = room || first
      first = false
      if (reads && this.paused.delete(reader)) reader.resume()
      if (!reads && !this.paused.has(reader)) {
        this.paused.add(reader)
        reader.pause()
      }
    }
  }
}
