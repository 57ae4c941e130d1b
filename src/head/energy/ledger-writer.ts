import type { Cell, Draw } from './cell.ts'
import { GatheredCells } from './gathered-cells.ts'
import type { LedgerDesk } from './ledger-desk.ts'
import type { Batch, LedgerFault } from './ledger-messages.ts'
import { type Stamp, stampOf } from './stamp.ts'

export interface LedgerWriterOptions {
  readonly desk: Pick<LedgerDesk, 'ask'>
  /** The head's own clock. */
  readonly time: () => Date
  /** See Batch. */
  readonly boot: string
  /** What is to be remembered of machines, when something is written. */
  readonly machines: () => Batch['machines']
  /** It has changed whether things can be written: null when they can. */
  readonly onTrouble: (fault: LedgerFault | null) => void
}

/** Gathers energy and writes it down now and then. What cannot be written is kept, and tried again. */
export class LedgerWriter {
  readonly #options: LedgerWriterOptions
  readonly #gathered = new GatheredCells()
  readonly #titles = new Map<string, string>()
  /** Not known to be written: another batch waits until this one is. */
  #batch: Batch | undefined
  #sequence = 0
  #trouble: LedgerFault | null = null
  #writing: Promise<void> | undefined

  constructor(options: LedgerWriterOptions) {
    this.#options = options
  }

  get trouble(): LedgerFault | null {
    return this.#trouble
  }

  add(draws: readonly Draw[], seconds: number): void {
    const stamp = this.#stamp()
    for (const draw of draws) this.#gathered.add(draw, seconds, stamp)
  }

  work(session: { readonly id: string; readonly title: string }, work: number): void {
    this.#titles.set(session.id, session.title)
    this.#gathered.addWork(session.id, work, this.#stamp())
  }

  /** What is not in the file yet. */
  unwritten(): readonly Cell[] {
    return [...(this.#batch?.cells ?? []), ...this.#gathered.all()]
  }

  /** Writes what there is. Never rejects; one at a time. */
  write(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async #write(): Promise<void> {
    this.#batch ??= this.#nextBatch()
    if (this.#batch === undefined) return
    const answer = await this.#options.desk.ask<void>({ type: 'write', batch: this.#batch })
    if (answer.ok) this.#batch = undefined
    this.#tell(answer.ok ? null : answer.fault)
  }

  #nextBatch(): Batch | undefined {
    if (this.#gathered.size === 0) return undefined
    const { boot, machines, time } = this.#options
    const { day, minute } = stampOf(time())
    const sessions = [...this.#titles].map(([id, title]) => ({ id, title }))
    this.#titles.clear()
    this.#sequence += 1
    const cells = this.#gathered.take()
    return { boot, sequence: this.#sequence, day, minute, cells, sessions, machines: machines() }
  }

  #tell(fault: LedgerFault | null): void {
    const isNews = this.#trouble?.code !== fault?.code
    this.#trouble = fault
    if (isNews) this.#options.onTrouble(fault)
  }

  #stamp(): Stamp {
    return stampOf(this.#options.time())
  }
}
