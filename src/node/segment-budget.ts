/**
 * Bounds the bytes of segments an agent holds: those being read from ffmpeg and those waiting for the head.
 * A segment is begun only below the limit and then read to its end, so that it can be delivered and make room:
 * at most `limitBytes` and one segment of each lease are held.
 */
export class SegmentBudget {
  private readonly limitBytes: number
  private readonly waiting = new Set<() => void>()
  private held = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  get heldBytes(): number {
    return this.held
  }

  /** Calls `begin` once there is room, perhaps at once. Returns how to stop waiting. */
  whenRoom(begin: () => void): () => void {
    this.waiting.add(begin)
    this.admit()
    return () => this.waiting.delete(begin)
  }

  add(bytes: number): void {
    this.held += bytes
  }

  release(bytes: number): void {
    this.held -= bytes
    this.admit()
  }

  private admit(): void {
    for (const begin of this.waiting) {
      if (this.held >= this.limitBytes) return
      this.waiting.delete(begin)
      begin()
    }
  }
}
