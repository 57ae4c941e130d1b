import { type Logger, pino } from 'pino'
import type { KeptLogLine } from '../cluster/log-ring.ts'
import { escapedJson, printable } from '../printable.ts'

/** The head's log, on stderr: JSON lines for journals, or one readable line each. Never a token or a secret. */
export function openLog(json: boolean, keep: (line: KeptLogLine) => void = () => {}): Logger {
  const level = process.env.PACELINE_LOG ?? 'info'
  const redact = ['token', '*.token', 'env', '*.env']
  // pino knows errors by the key `err` alone; any other would be logged as {}.
  const serializers = { error: pino.stdSerializers.err }
  const write = (line: string) => {
    const read = JSON.parse(line) as LogLine
    keep(kept(read))
    process.stderr.write(json ? escapedJson(line) : readable(read))
  }
  return pino({ level, redact, serializers, base: null }, { write })
}

const levelNames: Readonly<Record<number, KeptLogLine['level']>> = {
  20: 'debug',
  30: 'info',
  40: 'warning',
  50: 'error',
  60: 'fatal',
}

type LogLine = Record<string, unknown>

/** A line of a daemon's log in JSON, of a head or of a node, for people; what is none stays as it is. */
export function readableLine(line: string): string {
  const entry = logLine(line)
  if (entry === null) return printable(line)
  const { time, level, msg, message, ...fields } = entry
  return readable({ time: Date.parse(String(time)) || time, level, msg: msg ?? message, ...fields }).trimEnd()
}

function logLine(line: string): LogLine | null {
  try {
    const read: unknown = JSON.parse(line)
    return typeof read === 'object' && read !== null && 'time' in read && 'level' in read ? { ...read } : null
  } catch {
    return null
  }
}

function kept({ level, time, msg, session, ...fields }: LogLine): KeptLogLine {
  const about = typeof session === 'string' ? { session } : {}
  return {
    ...{ atMs: Number(time), level: levelNames[Number(level)] ?? 'info', message: String(msg ?? '') },
    ...{ ...about, fields },
  }
}

function readable({ level, time, msg, ...fields }: LogLine): string {
  const at = new Date(Number(time)).toISOString().slice(11, 19)
  const more = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`
  return `${printable(`${at} ${levelNames[Number(level)] ?? level}: ${msg}${more}`)}\n`
}
