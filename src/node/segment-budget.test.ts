import { expect, test } from 'vitest'
import { SegmentBudget } from './segment-budget.ts'

function recorded(budget: SegmentBudget) {
  const begun: string[] = []
  return { begun, ask: (name: string) => budget.whenRoom(() => begun.push(name)) }
}

test('segments begin at once while there is room', () => {
  const budget = new SegmentBudget(100)
  const { begun, ask } = recorded(budget)
  ask('a')
  budget.add(99)
  ask('b')
  expect(begun).toEqual(['a', 'b'])
})

test('segments wait above the limit and begin in order as soon as there is room', () => {
  const budget = new SegmentBudget(100)
  const { begun, ask } = recorded(budget)
  budget.add(150)
  ask('a')
  ask('b')
  budget.release(50)
  expect(begun).toEqual([])
  budget.release(1)
  expect(begun).toEqual(['a', 'b'])
  expect(budget.heldBytes).toBe(99)
})

test('who stops waiting does not begin', () => {
  const budget = new SegmentBudget(100)
  const { begun, ask } = recorded(budget)
  budget.add(100)
  const stop = ask('a')
  ask('b')
  stop()
  budget.release(100)
  expect(begun).toEqual(['b'])
})

test('who fills the room at once makes the next one wait', () => {
  const budget = new SegmentBudget(100)
  const begun: string[] = []
  budget.add(100)
  for (const name of ['a', 'b']) {
    budget.whenRoom(() => {
      begun.push(name)
      budget.add(100)
    })
  }
  budget.release(100)
  expect(begun).toEqual(['a'])
})
