import type { FinishedSegment, SessionOutput } from '../session/output.ts'

/** Remembers what a session gives it, and fails where it is told to. */
export class RecordingOutput implements SessionOutput {
  readonly published: FinishedSegment[] = []
  /** `opened`, `publish 0`..., in order; `publish` is noted when it begins. */
  readonly calls: string[] = []
  /** Segment that cannot be written. */
  failsAt: number | null = null
  /** What each publication waits for. */
  gate: (segment: number) => Promise<unknown> = async () => {}

  async opened(): Promise<void> {
    this.calls.push('opened')
  }

  async publish(segment: FinishedSegment): Promise<void> {
    this.calls.push(`publish ${segment.segment}`)
    await this.gate(segment.segment)
    if (segment.segment === this.failsAt) throw new Error('no space left on device')
    this.published.push(segment)
  }

  async finish(): Promise<void> {
    this.calls.push('finish')
  }

  async fail(reason: string): Promise<void> {
    this.calls.push(`fail ${reason}`)
  }
}
