import { describe, expect, it } from 'vitest'
import type { NodeState } from '../../../../src/head/api/contract/node-view.ts'
import { controlsOf } from './controls-of.ts'

const words = (state: NodeState, fields: { hasPowerControl?: boolean; keepWarmUntilMs?: number } = {}) =>
  controlsOf({ state, hasPowerControl: true, keepWarmUntilMs: null, ...fields }).map(
    (control) => control.words,
  )

describe('the orders that make sense for a node', () => {
  it.each([
    ['off', ['Wake', 'Keep warm for 2 h']],
    ['asleep', ['Wake', 'Keep warm for 2 h']],
    ['failed', ['Wake', 'Keep warm for 2 h']],
    ['away', ['Wake', 'Keep warm for 2 h']],
    ['ready', ['Drain', 'Put to sleep', 'Keep warm for 2 h']],
    ['busy', ['Drain', 'Put to sleep', 'Keep warm for 2 h']],
    ['draining', ['Resume', 'Put to sleep', 'Keep warm for 2 h']],
    ['drained', ['Resume', 'Put to sleep', 'Keep warm for 2 h']],
    ['waking', ['Keep warm for 2 h']],
  ] as const)('%s', (state, expected) => expect(words(state)).toEqual(expected))

  it('are about work only where nothing switches it', () => {
    expect(words('ready', { hasPowerControl: false })).toEqual(['Drain'])
    expect(words('away', { hasPowerControl: false })).toEqual([])
  })

  it('end what keeps it warm', () => {
    expect(words('ready', { keepWarmUntilMs: 5 })).toContain('No longer keep warm')
    const control = controlsOf({ state: 'ready', hasPowerControl: true, keepWarmUntilMs: 5 }).at(-1)
    expect(control?.body).toEqual({ minutes: 0 })
  })
})
