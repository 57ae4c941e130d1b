/** Levels of the daemons' logs that a user of the demonstration wants to see: numbers of the head, words of nodes. */
const loud: ReadonlySet<unknown> = new Set([40, 50, 60, 'warning', 'error', 'fatal'])

/** What strangers do, and browsers that ask first whether a certificate of our own making is to be trusted. */
const ofStrangers: ReadonlySet<unknown> = new Set(['E_TLS', 'E_API_DENIED'])

interface LogEntry {
  readonly level?: unknown
  readonly msg?: unknown
  readonly message?: unknown
  readonly time?: unknown
  readonly [field: string]: unknown
}

/**
 * A line of a daemon's log for people; null when it is not worth their attention, which it is when something is wrong or
 * a reason is given. What is no JSON stays as it is.
 */
export function worthSaying(line: string): string | null {
  const entry = logEntry(line)
  if (entry === null) return line
  const { level, msg, message, time: _time, ...fields } = entry
  if (!loud.has(level) && fields.reason === undefined) return null
  if (ofStrangers.has(fields.code)) return null
  const more = Object.entries(fields).map(([name, value]) => `${name}: ${valueText(value)}`)
  return [String(msg ?? message ?? 'something is wrong'), ...more].join(', ')
}

function logEntry(line: string): LogEntry | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as LogEntry) : null
  } catch {
    return null
  }
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
