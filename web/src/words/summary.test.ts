import { describe, expect, it } from 'vitest'
import type { NodeState } from '../../../src/head/api/contract/node-view.ts'
import { nodesSentence, sessionsSentence } from './summary.ts'

const nodes = (...states: NodeState[]) =>
  nodesSentence(states.map((state) => ({ state, isFirstResponder: false })))
const sessions = (...modes: ('stream' | 'file')[]) => sessionsSentence(modes.map((mode) => ({ mode })))

describe('what is going on, in a sentence', () => {
  it.each([
    [[], 'No node has joined yet.'],
    [['asleep', 'off', 'asleep'], '3 nodes asleep.'],
    [['busy', 'asleep', 'ready', 'asleep'], '1 node busy, 1 ready, 2 asleep.'],
    [['ready', 'drained', 'off'], '1 node ready, 1 drained, 1 asleep.'],
    [['waking', 'away', 'failed'], '1 node waking, 2 out of reach.'],
  ] as const)('nodes that are %s', (states, text) => expect(nodes(...states)).toBe(text))

  it('counts the first responder only where it works', () => {
    const responder = { isFirstResponder: true }
    const asleep = { state: 'off', isFirstResponder: false } as const
    expect(nodesSentence([asleep, { ...responder, state: 'ready' }])).toBe('1 node asleep.')
    expect(nodesSentence([asleep, { ...responder, state: 'busy' }])).toBe('1 node busy, 1 asleep.')
  })

  it('counts every state somewhere', () => {
    const states = ['off', 'asleep', 'waking', 'ready', 'busy', 'draining', 'drained'] as const
    const more = ['going-to-sleep', 'failed', 'away', 'outdated'] as const
    const counted = [...nodes(...states, ...more).matchAll(/\d+/g)].reduce(
      (sum, [count]) => sum + Number(count),
      0,
    )
    expect(counted).toBe(11)
  })

  it.each([
    [[], 'No one is watching.'],
    [['stream'], 'One stream is playing.'],
    [['stream', 'stream'], '2 streams are playing.'],
    [['file'], '1 file being made.'],
    [['stream', 'file', 'file'], 'One stream is playing, 2 files being made.'],
  ] as const)('sessions: %s', (modes, text) => expect(sessions(...modes)).toBe(text))
})
