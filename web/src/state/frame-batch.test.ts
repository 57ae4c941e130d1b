import { describe, expect, it } from 'vitest'
import { createFrameBatch } from './frame-batch.ts'

function harness() {
  const turns: (() => void)[] = []
  const applied: (readonly number[])[] = []
  const add = createFrameBatch<number>({ next: (turn) => turns.push(turn) }, (items) => applied.push(items))
  return { turns, applied, add }
}

describe('events between two frames', () => {
  it('are applied together, in order, once', () => {
    const { turns, applied, add } = harness()
    for (const item of [1, 2, 3]) add(item)
    expect(applied).toEqual([])
    expect(turns).toHaveLength(1)
    turns[0]?.()
    expect(applied).toEqual([[1, 2, 3]])
  })

  it('ask for another turn after that one', () => {
    const { turns, applied, add } = harness()
    add(1)
    turns[0]?.()
    add(2)
    expect(turns).toHaveLength(2)
    turns[1]?.()
    expect(applied).toEqual([[1], [2]])
  })

  it('are not lost when they come while others are being applied', () => {
    const turns: (() => void)[] = []
    const applied: (readonly number[])[] = []
    const add = createFrameBatch<number>({ next: (turn) => turns.push(turn) }, (items) => {
      applied.push(items)
      if (items[0] === 1) add(2)
    })
    add(1)
    turns[0]?.()
    turns[1]?.()
    expect(applied).toEqual([[1], [2]])
  })
})
