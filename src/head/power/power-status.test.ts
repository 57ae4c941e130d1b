import { describe, expect, it } from 'vitest'
import type { NodePower } from './power-state.ts'
import { nodePowerStatus, powerStatus } from './power-status.ts'

const nowMs = 1_000_000
const node: NodePower = {
  ...{ id: 'n1', name: 'loft', driver: 'poe', isSuspending: false, life: 'off', sinceMs: 940_000 },
  ...{
    wakeExpectedAtMs: null,
    retryAtMs: null,
    keptUntilMs: null,
    decided: null,
    command: null,
    report: null,
  },
  wakeTime: { meanSeconds: 21.26, spreadSeconds: 2, seen: 4 },
  ...{ profile: null, capWatts: null },
}
const statusOf = (more: Partial<NodePower>) => nodePowerStatus({ ...node, ...more }, nowMs)

describe("a node's power, for people", () => {
  it('says since when, and when it will be ready', () => {
    expect(statusOf({})).toMatchObject({
      state: 'off',
      sinceSeconds: 60,
      readyInSeconds: null,
      trouble: null,
    })
    expect(statusOf({ life: 'waking', wakeExpectedAtMs: nowMs + 12_340 }).readyInSeconds).toBe(12.3)
    expect(statusOf({ life: 'waking', wakeExpectedAtMs: nowMs - 5_000 }).readyInSeconds).toBe(0)
    expect(statusOf({ sinceMs: Number.NEGATIVE_INFINITY }).sinceSeconds).toBeNull()
    expect(statusOf({}).wakeSeconds).toEqual({ mean: 21.3, spread: 2, seen: 4 })
  })

  it('says what was decided, what the driver was told, and what that said', () => {
    const command: NonNullable<NodePower['command']> = {
      what: 'on',
      startedMs: nowMs - 4_000,
      endedMs: nowMs,
      told: 'port 5 on',
      isDry: false,
      isSeen: false,
      failure: { code: 'E_POWER_DENIED', message: 'switch.lan' },
    }
    expect(
      statusOf({ command, decided: { what: 'wake', reason: 'needed', atMs: nowMs - 5_000 } }),
    ).toMatchObject({
      decided: { what: 'wake', reason: 'needed', agoSeconds: 5 },
      command: { told: 'port 5 on', agoSeconds: 4, isUnderWay: false, failed: 'E_POWER_DENIED: switch.lan' },
    })
  })

  it('names a failure until it is made up for', () => {
    const report = { what: 'did-not-wake', reason: 'nothing heard for 60 s', atMs: 0 } as const
    expect(statusOf({ report, life: 'failed', retryAtMs: nowMs + 300_000 })).toMatchObject({
      trouble: 'E_NODE_WAKE: nothing heard for 60 s',
      retryInSeconds: 300,
    })
    expect(statusOf({ report, life: 'ready' }).trouble).toBeNull()
    const other = { ...report, what: 'did-not-sleep' } as const
    expect(statusOf({ report: other, life: 'ready' }).trouble).toMatch(/^E_NODE_SLEEP/)
    expect(statusOf({ report: other, life: 'off' }).trouble).toBeNull()
  })

  it('survives JSON', () => {
    const power = {
      isDryRun: true,
      isActive: true,
      nowMs: () => nowMs,
      nodes: () => [node],
      onChange: () => () => {},
    }
    const status = powerStatus(power)
    expect(JSON.parse(JSON.stringify(status))).toEqual(status)
    expect(status).toMatchObject({ dryRun: true, isActive: true, nodes: [{ name: 'loft' }] })
  })
})
