/** A line of a log as it is kept and sent. */
export interface KeptLogLine {
  /** Milliseconds since 1970 by the clock of who wrote it. */
  readonly atMs: number
  readonly level: 'debug' | 'info' | 'warning' | 'error' | 'fatal'
  readonly message: string
  /** The session that it is about. */
  readonly session?: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** The end of a log, in memory. */
export interface LogRing {
  add(line: KeptLogLine): void
  /** The last so many, oldest first; of a session only, where one is named. */
  last(count: number, session?: string): KeptLogLine[]
}

/** Lines are a few hundred bytes. */
const usualLines = 1_000
/** Longer texts in fields, such as a list of arguments, are cut. */
const mostText = 1_000

export function createLogRing(most: number = usualLines): LogRing {
  const lines: KeptLogLine[] = []
  return {
    add(line) {
      lines.push({ ...line, message: line.message.slice(0, mostText), fields: shortened(line.fields) })
      if (lines.length > most) lines.splice(0, lines.length - most)
    },
    last(count, session) {
      const wanted = session === undefined ? lines : lines.filter((line) => line.session === session)
      return wanted.slice(-count)
    },
  }
}

function shortened(fields: KeptLogLine['fields']): KeptLogLine['fields'] {
  const entries = Object.entries(fields).map(([name, value]) => {
    if (typeof value === 'string') return [name, value.slice(0, mostText)]
    if (typeof value !== 'object' || value === null) return [name, value]
    const text = JSON.stringify(value)
    return [name, text.length > mostText ? text.slice(0, mostText) : value]
  })
  return Object.fromEntries(entries)
}
