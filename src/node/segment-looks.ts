import type { LeaseWatch } from '../cluster/messages.ts'
import type { PictureLook } from './picture-look.ts'
import type { SegmentBudget } from './segment-budget.ts'
import type { WholeSegment } from './segment-intake.ts'

export interface SegmentLooksOptions {
  readonly budget: Pick<SegmentBudget, 'release'>
  readonly looks: LeaseWatch['looks']
  /** Missing where nothing is looked at. */
  readonly look: PictureLook | undefined
  onGood(segment: WholeSegment): void
  /** Called once; nothing is passed on after it. */
  onFault(message: string): void
}

/** Passes segments on in their order, some of them only after a look at their pictures. */
export class SegmentLooks {
  readonly #options: SegmentLooksOptions
  readonly #secondsOf: ReadonlyMap<number, number>
  #run: Promise<void> | null = null
  #cutAt = Number.POSITIVE_INFINITY
  #isOver = false

  constructor(options: SegmentLooksOptions) {
    this.#options = options
    this.#secondsOf = new Map(options.looks.map(({ segment, seconds }) => [segment, seconds]))
  }

  push(segment: WholeSegment): void {
    const seconds = this.#secondsOf.get(segment.number)
    if (this.#run === null && seconds === undefined) {
      this.#pass(segment)
      return
    }
    const run = (this.#run ?? Promise.resolve()).then(() => this.#lookAt(segment, seconds))
    this.#run = run
    void run.then(() => {
      if (this.#run === run) this.#run = null
    })
  }

  /** Segments >= `at` are not wanted any more. */
  dropFrom(at: number): void {
    this.#cutAt = Math.min(this.#cutAt, at)
  }

  /** Resolves when all has been passed on, or never will be. */
  async settled(): Promise<void> {
    while (this.#run !== null) await this.#run
  }

  async #lookAt(segment: WholeSegment, seconds: number | undefined): Promise<void> {
    const { look, onFault } = this.#options
    const isAsked = !this.#isOver && segment.number < this.#cutAt && seconds !== undefined
    const fault = isAsked && look ? await look.faultOf(segment.chunks, seconds) : null
    if (fault !== null && !this.#isOver) {
      this.#isOver = true
      onFault(`E_PICTURE_WRONG: segment ${segment.number}: ${fault}`)
    }
    this.#pass(segment)
  }

  #pass(segment: WholeSegment): void {
    if (this.#isOver || segment.number >= this.#cutAt) this.#options.budget.release(segment.bytes)
    else this.#options.onGood(segment)
  }
}
