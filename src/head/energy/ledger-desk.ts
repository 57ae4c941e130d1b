import { setTimeout as sleep } from 'node:timers/promises'
import type { LedgerFault, LedgerReply, LedgerRequest } from './ledger-messages.ts'

/** The thread that has the file, as far as the desk knows it. */
export interface LedgerThread {
  post(request: LedgerRequest): void
  onReply(listener: (reply: LedgerReply) => void): void
  /** It has ended, however. */
  onEnd(listener: (why: string) => void): void
  stop(): Promise<void>
}

/** `LedgerRequest` without its number. */
export type LedgerQuestion = LedgerRequest extends infer R
  ? R extends { readonly id: number }
    ? Omit<R, 'id'>
    : never
  : never

export type Answered<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: LedgerFault }

export interface LedgerDesk {
  /**
   * Asks the thread. Never rejects, and is answered in time whatever the disk does; what was asked may then still be
   * done. It is checked nowhere that the answer has the form that is asked for.
   */
  ask<T>(question: LedgerQuestion, patienceMs?: number): Promise<Answered<T>>
  /** Lets the file go, and ends the thread. */
  close(): Promise<void>
}

export interface LedgerDeskOptions {
  /** Starts a thread; may fail. */
  readonly start: () => LedgerThread
  /** A file that could not be read has been put aside under this name. */
  readonly onPutAside: (path: string) => void
  readonly nowMs: () => number
}

const usualPatienceMs = 5_000
const closePatienceMs = 1_000
/** A thread that has ended is not begun anew more often. */
const restartMs = 10_000

/** Passes on requests to a thread that may be slow, hang or die: nobody waits for it longer than he wants. */
export function createLedgerDesk({ start, onPutAside, nowMs }: LedgerDeskOptions): LedgerDesk {
  const waiting = new Map<number, (answer: Answered<unknown>) => void>()
  let thread: LedgerThread | undefined
  let startedMs = Number.NEGATIVE_INFINITY
  let trouble = 'it has not begun'
  let isClosed = false
  let counter = 0

  const away = (where: string): Answered<never> => ({ ok: false, fault: { code: 'E_LEDGER_AWAY', where } })
  const ended = (which: LedgerThread) => (why: string) => {
    if (which !== thread) return
    thread = undefined
    trouble = why
    for (const answer of [...waiting.values()]) answer(away(why))
    waiting.clear()
  }
  const open = (): LedgerThread | undefined => {
    if (thread || isClosed || nowMs() - startedMs < restartMs) return thread
    startedMs = nowMs()
    try {
      const begun = start()
      thread = begun
      begun.onEnd(ended(begun))
      begun.onReply((reply) => {
        if (reply.ok && reply.putAside !== undefined) onPutAside(reply.putAside)
        waiting.get(reply.id)?.(reply)
        waiting.delete(reply.id)
      })
    } catch (error) {
      trouble = String(error)
    }
    return thread
  }
  const ask = async <T>(question: LedgerQuestion, patienceMs = usualPatienceMs): Promise<Answered<T>> => {
    const to = open()
    if (!to) return away(trouble)
    counter += 1
    const id = counter
    const patience = new AbortController()
    const answered = new Promise<Answered<unknown>>((resolve) => waiting.set(id, resolve))
    to.post({ ...question, id } as LedgerRequest)
    const late = sleep(patienceMs, away('the disk does not answer'), { signal: patience.signal, ref: false })
    try {
      return (await Promise.race([answered, late])) as Answered<T>
    } finally {
      waiting.delete(id)
      patience.abort()
      late.catch(() => undefined)
    }
  }
  return {
    ask,
    async close() {
      const last = thread
      if (last) await ask({ type: 'close' }, closePatienceMs)
      isClosed = true
      thread = undefined
      await last?.stop()
    },
  }
}
