import { printable } from '../printable.ts'

/** A node's power, as far as it is shown here. */
export interface ShownPower {
  readonly name: string
  readonly driver: string | null
  readonly state: string
  readonly sinceSeconds: number | null
  readonly readyInSeconds: number | null
  readonly retryInSeconds: number | null
  readonly keptForSeconds: number | null
  readonly decided: { readonly what: string; readonly reason: string; readonly agoSeconds: number } | null
  readonly command: {
    readonly what: string
    readonly told: string
    readonly agoSeconds: number
    readonly isUnderWay: boolean
    readonly isDryRun: boolean
    readonly failed: string | null
  } | null
  readonly trouble: string | null
}

/** `45 s`, `12 min`, `3 h`. */
export function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3_600)} h`
}

/**
 * What stands in the column `state`: for a node whose power is switched since when, or when it will be ready; for all
 * others the state that it is in anyway.
 */
export function powerStateText(state: string, power: ShownPower | null | undefined): string {
  if (!power || power.driver === null) return state
  const since = power.sinceSeconds === null ? '' : ` for ${timeText(power.sinceSeconds)}`
  switch (power.state) {
    case 'ready':
    case 'busy':
      return `${state}${power.keptForSeconds === null ? '' : `, kept awake for ${timeText(power.keptForSeconds)}`}`
    case 'waking':
      return power.readyInSeconds === null || power.readyInSeconds === 0
        ? `waking${since}`
        : `waking, ready in ${timeText(power.readyInSeconds)}`
    case 'failed':
      return `failed, tried again in ${timeText(power.retryInSeconds ?? 0)}`
    case 'going-to-sleep':
      return `going to sleep${since}`
    default:
      return `${power.state}${since}`
  }
}

const reasons: Readonly<Record<string, string>> = {
  needed: 'it is needed',
  'not-needed': 'nobody needs it',
  'kept-warm': 'it is kept warm',
  'by-hand': 'somebody said so',
}

/** What went wrong with a node's power, and what a dry run would have done; nothing where there is nothing to tell. */
export function powerLines(power: ShownPower): string[] {
  const { name, trouble, command, decided } = power
  const lines: string[] = []
  if (trouble !== null) {
    const again = power.state !== 'failed' && power.retryInSeconds
    lines.push(`${name}: ${trouble}${again ? `; tried again in ${timeText(again)}` : ''}`)
  }
  if (command?.failed != null)
    lines.push(`${name}: power ${command.what}, ${timeText(command.agoSeconds)} ago: ${command.failed}`)
  if (command?.isDryRun && decided) {
    const why = reasons[decided.reason] ?? decided.reason
    lines.push(`${name}: would ${decided.what}, since ${why}. Dry run: ${command.told}`)
  }
  return lines.map((line) => `${printable(line)}\n`)
}
