import type { KeptLogLine } from '../cluster/log-ring.ts'
import { escapedJson, printable } from '../printable.ts'

export type LogFields = Readonly<Record<string, unknown>>

/** One line per event: what happened in a few words, and the particulars as fields. */
export interface Log {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

type Level = keyof Log

/** A log that drops everything. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

/**
 * The agent's own log, far smaller in memory than a logging library. Lines go to `write` with their newline:
 * as JSON (`time`, `level`, `message` and the fields) for machines, else as text for people.
 */
export function createLog(options: {
  json: boolean
  write: (line: string) => void
  now?: () => Date
  /** Is told of each line as well. */
  keep?: (line: KeptLogLine) => void
}): Log {
  const now = options.now ?? (() => new Date())
  const format = options.json ? formatJson : formatText
  const at =
    (level: Level) =>
    (message: string, fields: LogFields = {}) => {
      const time = now()
      options.keep?.(kept(time, level, message, fields))
      options.write(`${format(time.toISOString(), level, message, fields)}\n`)
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

function kept(time: Date, level: Level, message: string, all: LogFields): KeptLogLine {
  const { session, ...fields } = readable(all)
  const about = typeof session === 'string' ? { session } : {}
  return { atMs: time.getTime(), level: level === 'warn' ? 'warning' : level, message, ...about, fields }
}

function formatJson(time: string, level: Level, message: string, fields: LogFields): string {
  return escapedJson(JSON.stringify({ time, level, message, ...readable(fields) }))
}

function formatText(time: string, level: Level, message: string, fields: LogFields): string {
  const pairs = Object.entries(readable(fields)).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return printable([time, level.padEnd(5), message, ...pairs].join(' '))
}

/** Errors have no enumerable properties: JSON would show them as `{}`. */
function readable(fields: LogFields): LogFields {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? value.message : value,
  ])
  return Object.fromEntries(entries)
}
