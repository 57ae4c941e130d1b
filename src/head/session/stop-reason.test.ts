import { beforeEach, expect, it } from 'vitest'
import type { SeekVerdict } from '../../media/seeking.ts'
import type { Plan } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { createStopReason } from './stop-reason.ts'

let nowMs: number
let isComing: boolean

beforeEach(() => {
  nowMs = 0
  isComing = false
})

const open = (mode: 'stream' | 'file', plan: Plan = samplePlan) =>
  createStopReason({ plan, mode, now: () => nowMs, isNodeComing: () => isComing })

it.each([
  ['stream', 5_000],
  ['file', 30_000],
] as const)('a %s goes on without nodes for %d ms and no longer', (mode, patienceMs) => {
  const stop = open(mode)
  nowMs = 10 * patienceMs
  expect(stop.look(true)).toBeNull()
  nowMs += patienceMs
  expect(stop.look(false)).toBeNull()
  nowMs += 1
  expect(stop.look(false)).toBe('no node is left')
})

it('a session waits for a node that is on its way', () => {
  const stop = open('stream')
  isComing = true
  nowMs = 60_000
  expect(stop.look(false)).toBeNull()
  isComing = false
  nowMs += 5_001
  expect(stop.look(false)).toBe('no node is left')
})

it('a film that turns out to be of no use ends the session at once', () => {
  const verdict: SeekVerdict = { kind: 'unusable', why: 'times-lost', detail: 'at 12 s' }
  const [input] = samplePlan.inputs
  const inputs = [{ ...input!, seeking: { verdict } }]
  expect(open('stream', { ...samplePlan, inputs }).look(true)).toBe(
    'its times jump ahead by more than an hour: at 12 s',
  )
})
