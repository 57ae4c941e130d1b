import type { LifePhase } from '../../placement/power/node-life.ts'
import { reportCodes } from './life-reports.ts'
import type { NodePower, PowerOverview, PowerReason } from './power-state.ts'

/** A node's power, for people: times are in seconds from now. */
export interface NodePowerStatus {
  readonly id: string
  readonly name: string
  /** Null: nobody switches it, and `off` means away. */
  readonly driver: string | null
  readonly state: LifePhase
  /** Null: for longer than anybody knows. */
  readonly sinceSeconds: number | null
  /** While it wakes, by how long it took before; 0 when it is overdue. */
  readonly readyInSeconds: number | null
  /** When one that failed, or did not go to sleep, is tried again. */
  readonly retryInSeconds: number | null
  /** A person keeps it awake for so long. */
  readonly keptForSeconds: number | null
  readonly decided: {
    readonly what: 'wake' | 'sleep'
    readonly reason: PowerReason
    readonly agoSeconds: number
  } | null
  /** What its driver was told last; `failed` has the code. */
  readonly command: {
    readonly what: 'on' | 'off' | 'cycle'
    readonly told: string
    readonly agoSeconds: number
    readonly isUnderWay: boolean
    readonly isDryRun: boolean
    readonly failed: string | null
  } | null
  /** What people should know of, with its code where it is a failure. */
  readonly trouble: string | null
  /** Of its wakes. */
  readonly wakeSeconds: { readonly mean: number; readonly spread: number; readonly seen: number }
}

export interface PowerStatus {
  readonly dryRun: boolean
  /** Whether any node is switched. */
  readonly isActive: boolean
  readonly nodes: readonly NodePowerStatus[]
}

export function powerStatus(power: PowerOverview & { readonly isActive: boolean }): PowerStatus {
  const nodes = power.nodes().map((node) => nodePowerStatus(node, power.nowMs()))
  return { dryRun: power.isDryRun, isActive: power.isActive, nodes }
}

export function nodePowerStatus(node: NodePower, nowMs: number): NodePowerStatus {
  const { id, name, driver, life, sinceMs, decided, command, wakeTime } = node
  const until = (atMs: number | null) => (atMs === null ? null : round(Math.max(0, atMs - nowMs) / 1000))
  const ago = (atMs: number) => round((nowMs - atMs) / 1000)
  return {
    ...{ id, name, driver, state: life, sinceSeconds: sinceMs > 0 ? ago(sinceMs) : null },
    readyInSeconds: until(node.wakeExpectedAtMs),
    retryInSeconds: until(node.retryAtMs),
    keptForSeconds: until(node.keptUntilMs),
    decided: decided && { what: decided.what, reason: decided.reason, agoSeconds: ago(decided.atMs) },
    command: command && {
      ...{ what: command.what, told: command.told, agoSeconds: ago(command.startedMs) },
      ...{ isUnderWay: command.endedMs === null, isDryRun: command.isDry },
      failed: command.failure && `${command.failure.code}: ${command.failure.message}`,
    },
    trouble: troubleOf(node),
    wakeSeconds: {
      ...{ mean: round(wakeTime.meanSeconds), spread: round(wakeTime.spreadSeconds), seen: wakeTime.seen },
    },
  }
}

/** A failure until it is made up for: by a wake, or by a sleep. */
function troubleOf({ life, report }: NodePower): string | null {
  if (report?.what === 'did-not-wake' && (life === 'failed' || life === 'waking'))
    return `${reportCodes[report.what]}: ${report.reason}`
  if (report?.what === 'did-not-sleep' && life !== 'off')
    return `${reportCodes[report.what]}: ${report.reason}`
  return null
}

const round = (value: number): number => Math.round(value * 10) / 10
