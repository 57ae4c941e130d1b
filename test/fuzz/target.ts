import type { Random } from './random.ts'

/** Something that takes words of strangers, and has to survive them. */
export interface FuzzTarget {
  readonly name: string
  open(): Promise<OpenTarget>
}

export interface OpenTarget {
  /**
   * Gives it one input. Throws when it does something that it must not; `keep` is called before with what to look at
   * then.
   */
  step(random: Random, keep: (input: unknown) => void): Promise<void> | void
  /** Throws when something is left that should not be; called between inputs, now and then, and at the end. */
  rest(): Promise<void> | void
  close(): Promise<void> | void
}

export interface FuzzBounds {
  /** Processor time of one input, its answer included. */
  readonly inputMs: number
  /** More memory than when it was warm, after the garbage is collected. */
  readonly grownBytes: number
}

export const usualBounds: FuzzBounds = { inputMs: 1_000, grownBytes: 64 * 1024 * 1024 }
