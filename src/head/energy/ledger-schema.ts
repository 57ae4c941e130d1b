/**
 * Minutes and hours are for plots and know no sessions; days are what everything is counted from. Each cell goes into all
 * three at once, so that nothing is ever folded, and nothing can be counted twice by that.
 */
export const ledgerVersion = 1

const sums = 'joules REAL NOT NULL, seconds REAL NOT NULL'

export const ledgerSchema = `
CREATE TABLE IF NOT EXISTS minutes (
  start INTEGER NOT NULL, node TEXT NOT NULL, state TEXT NOT NULL, basis TEXT NOT NULL, ${sums},
  PRIMARY KEY (start, node, state, basis)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hours (
  start INTEGER NOT NULL, node TEXT NOT NULL, state TEXT NOT NULL, basis TEXT NOT NULL, ${sums},
  PRIMARY KEY (start, node, state, basis)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS days (
  start INTEGER NOT NULL, node TEXT NOT NULL, session TEXT NOT NULL, state TEXT NOT NULL, basis TEXT NOT NULL,
  ${sums}, work REAL NOT NULL,
  PRIMARY KEY (start, node, session, state, basis)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, title TEXT NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS machines (id TEXT PRIMARY KEY, idle_watts REAL NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS writers (boot TEXT PRIMARY KEY, sequence INTEGER NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = ${ledgerVersion};
`

/**
 * Only this process uses the file, so that no memory is shared through it, which a full disk could take away. A commit is
 * safe against the end of the process at once, and against a power cut at the next checkpoint: the file stays whole, the
 * last minutes may be missing.
 */
export const ledgerPragmas = [
  'locking_mode = EXCLUSIVE',
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'wal_autocheckpoint = 200',
  'journal_size_limit = 1048576',
  'cache_size = -1024',
  'cell_size_check = ON',
  'trusted_schema = OFF',
]

/** How long what is kept; see docs/energy.md. */
export interface Retention {
  readonly minutes: number
  readonly hours: number
  /** Days for which it is known which session it was for. */
  readonly sessionDays: number
  readonly days: number
  /** Rows of each table: with so many nodes that this is not enough, the oldest go sooner. */
  readonly mostRows: number
}

export const usualRetention: Retention = {
  ...{ minutes: 2 * 24 * 60, hours: 62 * 24, sessionDays: 400, days: 10 * 366, mostRows: 300_000 },
}
