import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLedgerDesk, type LedgerDesk, type LedgerThread } from './ledger-desk.ts'
import type { LedgerReply, LedgerRequest } from './ledger-messages.ts'

/** A thread that does what the test says. */
class StandIn implements LedgerThread {
  readonly posted: LedgerRequest[] = []
  isStopped = false
  #reply: (reply: LedgerReply) => void = () => {}
  end: (why: string) => void = () => {}
  answer: ((request: LedgerRequest) => LedgerReply) | undefined = ({ id }) => ({
    id,
    ok: true,
    value: 'done',
  })

  post(request: LedgerRequest): void {
    this.posted.push(request)
    if (this.answer) this.#reply(this.answer(request))
  }
  onReply(listener: (reply: LedgerReply) => void): void {
    this.#reply = listener
  }
  onEnd(listener: (why: string) => void): void {
    this.end = listener
  }
  async stop(): Promise<void> {
    this.isStopped = true
  }
}

let threads: StandIn[]
let desk: LedgerDesk
let aside: string[]
let start: () => LedgerThread

beforeEach(() => {
  vi.useFakeTimers()
  threads = []
  aside = []
  start = () => {
    const thread = new StandIn()
    threads.push(thread)
    return thread
  }
  desk = createLedgerDesk({
    ...{ start: () => start(), onPutAside: (path) => void aside.push(path) },
    nowMs: () => performance.now(),
  })
})
afterEach(() => vi.useRealTimers())

describe('the way to the ledger', () => {
  it('begins a thread when something is asked for, and one only', async () => {
    expect(threads).toHaveLength(0)
    expect(await desk.ask({ type: 'machines' })).toMatchObject({ ok: true, value: 'done' })
    await desk.ask({ type: 'machines' })
    expect(threads).toHaveLength(1)
    expect(threads[0]!.posted.map(({ id }) => id)).toEqual([1, 2])
  })

  it('is answered in time by a disk that hangs, and goes on when it does', async () => {
    await desk.ask({ type: 'machines' })
    threads[0]!.answer = undefined
    const asked = desk.ask({ type: 'machines' })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await asked).toEqual({
      ...{ ok: false, fault: { code: 'E_LEDGER_AWAY', where: 'the disk does not answer' } },
    })
    threads[0]!.answer = ({ id }) => ({ id, ok: true, value: 'again' })
    expect(await desk.ask({ type: 'machines' })).toMatchObject({ value: 'again' })
  })

  it('says why its thread has ended, and begins another after ten seconds', async () => {
    await desk.ask({ type: 'machines' })
    threads[0]!.answer = undefined
    const asked = desk.ask({ type: 'machines' })
    threads[0]!.end('libsql is missing')
    const away = { ok: false, fault: { code: 'E_LEDGER_AWAY', where: 'libsql is missing' } }
    expect(await asked).toEqual(away)
    expect(await desk.ask({ type: 'machines' })).toEqual(away)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await desk.ask({ type: 'machines' })).toMatchObject({ ok: true })
    expect(threads).toHaveLength(2)
    threads[0]!.end('told twice')
    expect(await desk.ask({ type: 'machines' })).toMatchObject({ ok: true })
  })

  it('says why no thread can be begun', async () => {
    start = () => {
      throw new Error('no memory')
    }
    expect(await desk.ask({ type: 'machines' })).toMatchObject({ fault: { where: 'Error: no memory' } })
  })

  it('tells of a file that was put aside', async () => {
    await desk.ask({ type: 'machines' })
    threads[0]!.answer = ({ id }) => ({ id, ok: true, value: null, putAside: '/x.broken-1' })
    await desk.ask({ type: 'machines' })
    expect(aside).toEqual(['/x.broken-1'])
  })

  it('lets the file go at the end, and waits a second at most', async () => {
    await desk.ask({ type: 'machines' })
    threads[0]!.answer = undefined
    const closed = desk.close()
    await vi.advanceTimersByTimeAsync(1_000)
    await closed
    expect(threads[0]!.posted.at(-1)).toMatchObject({ type: 'close' })
    expect(threads[0]!.isStopped).toBe(true)
    expect(await desk.ask({ type: 'machines' })).toMatchObject({ ok: false })
    expect(threads).toHaveLength(1)
  })
})
