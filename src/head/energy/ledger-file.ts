import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { LedgerFault, LedgerReply, LedgerRequest } from './ledger-messages.ts'
import type { Retention } from './ledger-schema.ts'
import { BrokenLedger, LedgerStore, type OpenDatabase } from './ledger-store.ts'

/** What SQLite keeps beside its file. */
const besides = ['-wal', '-shm', '-journal']
/** Broken files that are kept for whoever wants to look at them. */
const mostBroken = 2

const brokenCodes = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT']

/**
 * The ledger's file through whatever becomes of it: one that cannot be read is put aside and another one begun, and one
 * that cannot be written is tried again with the next request. Never throws.
 */
export class LedgerFile {
  readonly #path: string
  readonly #open: OpenDatabase
  readonly #retention: Retention | undefined
  #store: LedgerStore | undefined

  constructor(path: string, open: OpenDatabase, retention?: Retention) {
    this.#path = path
    this.#open = open
    this.#retention = retention
  }

  answer(request: LedgerRequest): LedgerReply {
    const { id } = request
    try {
      return { id, ok: true, value: this.#do(request) }
    } catch (error) {
      if (!isBroken(error)) return { id, ok: false, fault: this.#faultOf(error) }
    }
    try {
      const putAside = this.#putAside()
      return { id, ok: true, value: this.#do(request), putAside }
    } catch (error) {
      return { id, ok: false, fault: this.#faultOf(error) }
    }
  }

  #do(request: LedgerRequest): unknown {
    if (request.type === 'close') return this.#close()
    this.#store ??= this.#openStore()
    switch (request.type) {
      case 'write':
        return this.#store.write(request.batch)
      case 'days':
        return this.#store.days(request.range)
      case 'history':
        return this.#store.history(request.step, request.range)
      case 'machines':
        return this.#store.machines()
    }
  }

  /** Should the file end this very process, the mark stays, and the next head does not open it again. */
  #openStore(): LedgerStore {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 })
    const mark = `${this.#path}.opening`
    if (existsSync(mark)) {
      rmSync(mark)
      throw new BrokenLedger('whoever opened it last has not come back')
    }
    writeFileSync(mark, '', { mode: 0o600 })
    try {
      return new LedgerStore(this.#path, this.#open, this.#retention)
    } finally {
      rmSync(mark, { force: true })
    }
  }

  #close(): void {
    this.#store?.close()
    this.#store = undefined
  }

  #putAside(): string {
    try {
      this.#close()
    } catch (error) {
      if (!isBroken(error)) throw error
      this.#store = undefined
    }
    const folder = dirname(this.#path)
    const before = `${basename(this.#path)}.broken-`
    const former = readdirSync(folder).filter((name) => name.startsWith(before) && /-\d+$/.test(name))
    const numbers = former.map((name) => Number(name.slice(before.length))).toSorted((a, b) => a - b)
    const aside = `${this.#path}.broken-${(numbers.at(-1) ?? 0) + 1}`
    for (const end of ['', ...besides])
      if (existsSync(`${this.#path}${end}`)) renameSync(`${this.#path}${end}`, `${aside}${end}`)
    for (const old of numbers.slice(0, Math.max(0, numbers.length + 1 - mostBroken)))
      for (const end of ['', ...besides]) rmSync(join(folder, `${before}${old}${end}`), { force: true })
    return aside
  }

  #faultOf(error: unknown): LedgerFault {
    const { code = '', message } = error as Error & { code?: string }
    const where = `${this.#path}: ${code} ${message}`
    if (isBroken(error)) return { code: 'E_LEDGER_BROKEN', where }
    const isFull = code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT'
    return { code: isFull ? 'E_LEDGER_FULL' : 'E_LEDGER_AWAY', where }
  }
}

function isBroken(error: unknown): boolean {
  if (error instanceof BrokenLedger) return true
  const { code = '' } = error as { code?: string }
  return brokenCodes.some((broken) => code === broken || code.startsWith(`${broken}_`))
}
