import { type Logger, pino } from 'pino'

/** The head's log, on stderr: JSON lines for journals, or one readable line each. Never a token or a secret. */
export function openLog(json: boolean): Logger {
  const level = process.env.PACELINE_LOG ?? 'info'
  const redact = ['token', '*.token', 'env', '*.env']
  // pino knows errors by the key `err` alone; any other would be logged as {}.
  const serializers = { error: pino.stdSerializers.err }
  const write = (line: string) => process.stderr.write(json ? line : readable(line))
  return pino({ level, redact, serializers, base: null }, { write })
}

const levelNames: Readonly<Record<number, string>> = {
  20: 'debug',
  30: 'info',
  40: 'warning',
  50: 'error',
  60: 'fatal',
}

function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const at = new Date(Number(time)).toISOString().slice(11, 19)
  const more = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`
  return `${at} ${levelNames[Number(level)] ?? level}: ${msg}${more}\n`
}
