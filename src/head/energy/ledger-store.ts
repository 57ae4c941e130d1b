import type Libsql from 'libsql'
import type { Database } from 'libsql'
import type { Batch, DayRange, DayRow, HistoryRow, PeriodRows, SessionRow, Step } from './ledger-messages.ts'
import { mostSessions } from './ledger-messages.ts'
import {
  ledgerPragmas,
  ledgerSchema,
  ledgerVersion,
  type Retention,
  usualRetention,
} from './ledger-schema.ts'

type Statement = Libsql.Statement<unknown[]>

/** Opens a database; what libsql's constructor does. */
export type OpenDatabase = (path: string) => Database

const tables: Readonly<Record<Step, string>> = { minute: 'minutes', hour: 'hours', day: 'days' }

/**
 * The ledger in a file of SQLite's. Everything here waits for the disk: it belongs into a thread of its own. What SQLite
 * throws is thrown on.
 */
export class LedgerStore {
  readonly #database: Database
  readonly #retention: Retention
  /** Each statement is made once: libsql frees none before its object is collected. */
  readonly #prepared = new Map<string, Statement>()
  #writes = 0

  /** Opens the file, or makes it. Looks at all of it, so that what is broken is known before it is written to. */
  constructor(path: string, open: OpenDatabase, retention = usualRetention) {
    this.#retention = retention
    this.#database = open(path)
    try {
      for (const pragma of ledgerPragmas) this.#all(`PRAGMA ${pragma}`)
      const [release] = this.#all<{ user_version: number }>('PRAGMA user_version')
      if ((release?.user_version ?? 0) > ledgerVersion) throw new LaterLedger('it is of a later release')
      this.#database.exec(ledgerSchema)
      const found = this.#all<{ quick_check: string }>('PRAGMA quick_check(1)')
      if (found[0]?.quick_check !== 'ok') throw new BrokenLedger(found[0]?.quick_check ?? 'it does not say')
    } catch (error) {
      this.#database.close()
      throw error
    }
  }

  /** All of it or nothing; a batch that has been written already changes nothing. */
  write(batch: Batch): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      if (this.#isNew(batch)) this.#put(batch)
      // An hour's worth at a time, so that a write stays short.
      if (this.#writes % 60 === 0) this.#prune(batch)
      this.#database.exec('COMMIT')
      this.#writes += 1
    } catch (error) {
      // On some faults SQLite has done so by itself.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  days({ from, to }: DayRange): PeriodRows {
    const nodes = this.#all<DayRow>(
      `SELECT node, state, basis, SUM(joules) AS joules, SUM(seconds) AS seconds, SUM(work) AS work
       FROM days WHERE start BETWEEN ? AND ? GROUP BY node, state, basis`,
      from,
      to,
    )
    const ofSessions = "FROM days WHERE start BETWEEN ? AND ? AND session <> ''"
    const sessions = this.#all<SessionRow>(
      `WITH most AS (SELECT session ${ofSessions} GROUP BY session ORDER BY SUM(joules) DESC LIMIT ${mostSessions})
       SELECT days.session AS session, sessions.title AS title, basis, SUM(joules) AS joules
       FROM days JOIN most ON most.session = days.session LEFT JOIN sessions ON sessions.id = days.session
       WHERE start BETWEEN ? AND ? GROUP BY days.session, basis ORDER BY SUM(joules) DESC`,
      from,
      to,
      from,
      to,
    )
    const counted = this.#all<{ count: number }>(
      `SELECT COUNT(DISTINCT session) AS count ${ofSessions}`,
      from,
      to,
    )
    return { nodes, sessions, sessionCount: counted[0]?.count ?? 0 }
  }

  history(step: Step, { from, to }: DayRange): readonly HistoryRow[] {
    return this.#all<HistoryRow>(
      `SELECT start, node, basis, SUM(joules) AS joules, SUM(seconds) AS seconds
       FROM ${tables[step]} WHERE start BETWEEN ? AND ? GROUP BY start, node, basis ORDER BY start, node, basis`,
      from,
      to,
    )
  }

  machines(): readonly { readonly machine: string; readonly watts: number }[] {
    return this.#all('SELECT id AS machine, idle_watts AS watts FROM machines')
  }

  /** Puts everything into the one file. Its lock may last as long as the process: statements keep the file open. */
  close(): void {
    try {
      this.#all('PRAGMA wal_checkpoint(TRUNCATE)')
    } finally {
      this.#database.close()
    }
  }

  #all<T>(sql: string, ...values: unknown[]): T[] {
    return this.#statement(sql).all(...values) as T[]
  }

  #run(sql: string, ...values: unknown[]): void {
    this.#statement(sql).run(...values)
  }

  #statement(sql: string): Statement {
    const known = this.#prepared.get(sql) ?? this.#database.prepare<unknown[]>(sql)
    this.#prepared.set(sql, known)
    return known
  }

  #isNew({ boot, sequence }: Batch): boolean {
    const written = this.#all<{ sequence: number }>('SELECT sequence FROM writers WHERE boot = ?', boot)
    return (written[0]?.sequence ?? -1) < sequence
  }

  #put({ boot, sequence, day, cells, sessions, machines }: Batch): void {
    const [minute, hour] = (['minutes', 'hours'] as const).map((table) =>
      this.#statement(
        `INSERT INTO ${table} VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         joules = joules + excluded.joules, seconds = seconds + excluded.seconds`,
      ),
    )
    const daily = this.#statement(
      `INSERT INTO days VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       joules = joules + excluded.joules, seconds = seconds + excluded.seconds, work = work + excluded.work`,
    )
    for (const cell of cells) {
      const { node, session, state, basis, joules, seconds, work } = cell
      if (node !== '' && cell.minute !== null) minute!.run(cell.minute, node, state, basis, joules, seconds)
      if (node !== '' && cell.hour !== null) hour!.run(cell.hour, node, state, basis, joules, seconds)
      daily.run(cell.day, node, session, state, basis, joules, seconds, work)
    }
    for (const { id, title } of sessions)
      this.#run(
        'INSERT INTO sessions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET day = excluded.day',
        id,
        title,
        day,
      )
    for (const { machine, watts } of machines)
      this.#run(
        'INSERT INTO machines VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET idle_watts = excluded.idle_watts, day = excluded.day',
        machine,
        watts,
        day,
      )
    this.#run(
      'INSERT INTO writers VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET sequence = excluded.sequence, day = excluded.day',
      boot,
      sequence,
      day,
    )
  }

  #prune({ day, minute }: Batch): void {
    const { minutes, hours, sessionDays, days } = this.#retention
    this.#run('DELETE FROM minutes WHERE start < ?', minute - minutes)
    this.#run('DELETE FROM hours WHERE start < ?', Math.floor(minute / 60) - hours)
    this.#forgetSessions(daysEarlier(day, sessionDays))
    this.#run('DELETE FROM days WHERE start < ?', daysEarlier(day, days))
    for (const table of ['writers', 'machines', 'sessions'])
      this.#run(`DELETE FROM ${table} WHERE day < ?`, daysEarlier(day, sessionDays))
    for (const table of Object.values(tables)) this.#limit(table)
  }

  /** Their joules stay with the node, and nobody knows any more which session it was for. */
  #forgetSessions(before: number): void {
    const old = "start < ? AND session <> ''"
    this.#run(
      `INSERT INTO days SELECT start, node, '', state, basis, SUM(joules), SUM(seconds), SUM(work) FROM days
       WHERE ${old} GROUP BY start, node, state, basis ON CONFLICT DO UPDATE SET
       joules = joules + excluded.joules, seconds = seconds + excluded.seconds, work = work + excluded.work`,
      before,
    )
    this.#run(`DELETE FROM days WHERE ${old}`, before)
  }

  /** The oldest starts go, whole, until there are no more rows than may be. */
  #limit(table: string): void {
    const { mostRows } = this.#retention
    const kept = this.#all<{ start: number }>(
      `SELECT start FROM ${table} ORDER BY start DESC LIMIT 1 OFFSET ?`,
      mostRows,
    )
    if (kept[0] !== undefined) this.#run(`DELETE FROM ${table} WHERE start <= ?`, kept[0].start)
  }
}

/** What is in the file is no ledger, or no longer. */
export class BrokenLedger extends Error {}

/** It was written by a release that knows more: it is left as it is. */
export class LaterLedger extends Error {}

/** Calendar arithmetic on numbers such as 20261123, far from any clock. */
function daysEarlier(day: number, days: number): number {
  const date = new Date(
    Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, (day % 100) - days),
  )
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}
