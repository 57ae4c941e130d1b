import { describe, expect, test } from 'vitest'
import { Script } from './testing/script.ts'

const listed = (script: Script, shares: Readonly<Record<string, number>>) =>
  script.tell({
    type: 'nodes-changed',
    nodes: Object.entries(shares).map(([id, share]) => ({ id, cores: 1, speed: 1, share })),
  })

/** Two nodes in the middle of a segment each, `a` with the one that is needed next. */
function underWay(): Script {
  const script = new Script({ expectedEndSegment: 400 })
  listed(script, { a: 1, b: 1 })
  script.wait(2_400).make('p-0', 0, 1)
  script.make('p-1', 1, 2)
  expect(script.wait(2_400).tell({ type: 'tick' })).toEqual([])
  return script
}

describe('a node that is shared with another session from now on', () => {
  test('is taken for as much slower at once, and what it would be late with goes to another', () => {
    expect(listed(underWay(), { a: 0.1, b: 1 })).toEqual(['grant p-4 b video [2,3) doubles p-2'])
  })

  test('keeps its work where it is as fast as before', () => {
    expect(listed(underWay(), { a: 1, b: 1 })).toEqual([])
  })

  test('begins with what the head has measured, as far as it is its own', () => {
    const first = (shares: Readonly<Record<string, number>>) => {
      const script = new Script({ expectedEndSegment: 400 })
      return listed(script, shares).find((line) => line.startsWith('grant'))!
    }
    expect(first({ a: 1, b: 0.5 })).toContain(' a video [0,')
    expect(first({ a: 0.5, b: 1 })).toContain(' b video [0,')
  })
})
