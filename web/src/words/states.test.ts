import { describe, expect, it } from 'vitest'
import { momentWords, nodeStateWords, sessionStateWords } from './states.ts'

describe('a state in words', () => {
  it('asks for attention where somebody has to do something', () => {
    expect(
      (['failed', 'away', 'outdated', 'drained'] as const).map((state) => nodeStateWords(state).tone),
    ).toEqual(['bad', 'warn', 'warn', 'warn'])
    expect((['off', 'asleep'] as const).map((state) => nodeStateWords(state).tone)).toEqual([
      'resting',
      'resting',
    ])
    expect(sessionStateWords('failed').tone).toBe('bad')
    expect(sessionStateWords('finished').tone).toBe('resting')
  })

  it('is never the name that programs have for it', () => {
    expect(nodeStateWords('going-to-sleep').words).toBe('Going to sleep')
    expect(sessionStateWords('local').words).toBe('Left to the server')
  })
})

describe('what became of a node', () => {
  it('is a state by its words, or what the head says', () => {
    expect(momentWords('going-to-sleep')).toBe('Going to sleep')
    expect(momentWords('video of oak is lost')).toBe('video of oak is lost')
    expect(momentWords('constructor')).toBe('constructor')
  })
})
