import { describe, expect, test } from 'vitest'
import { nodeSpeeds, observePace, observePresent, type Paces, rescalePace } from './pace.ts'

function speedsOf(nodes: Parameters<typeof nodeSpeeds>[0], paces: Paces = new Map()): Record<string, number> {
  return Object.fromEntries(nodeSpeeds(nodes, paces))
}

describe('the speed of a node', () => {
  test('is taken as real time for the average node when nothing is known', () => {
    expect(
      speedsOf([
        { id: 'a', cores: 1 },
        { id: 'b', cores: 3 },
      ]),
    ).toEqual({ a: 0.5, b: 1.5 })
  })

  test('is what the head measured', () => {
    expect(speedsOf([{ id: 'a', cores: 1, speed: 4 }])).toEqual({ a: 4 })
  })

  test('is what the head measured of its share of it', () => {
    expect(speedsOf([{ id: 'a', cores: 1, speed: 4, share: 0.25 }])).toEqual({ a: 1 })
  })

  test('is as much less as its share of it has become, until more is seen', () => {
    const paces: Paces = new Map()
    const nodes = [{ id: 'a', cores: 1, speed: 4, share: 0.5 }]
    observePace(paces, 'a', 6, 2)
    observePresent(paces, 'a', 3)
    rescalePace(paces, 'a', 0.5)
    expect(speedsOf(nodes, paces)).toEqual({ a: 1.5 })
    rescalePace(paces, 'b', 0.5)
    expect(paces.has('b')).toBe(false)
    observePace(paces, 'a', 9, 2)
    observePresent(paces, 'a', 3)
    expect(speedsOf(nodes, paces)).toEqual({ a: 3 })
  })

  test('is guessed by cores from those that are known', () => {
    const nodes = [
      { id: 'a', cores: 2, speed: 4 },
      { id: 'b', cores: 4 },
    ]
    expect(speedsOf(nodes)).toEqual({ a: 4, b: 8 })
  })

  test('is guessed from the others when a measurement of nothing was handed in', () => {
    expect(speedsOf([{ id: 'a', cores: 1, speed: 0 }])).toEqual({ a: 1 })
  })

  test('is what was seen in this session, once that is long enough to mean something', () => {
    const paces: Paces = new Map()
    const nodes = [{ id: 'a', cores: 1, speed: 4 }]
    observePace(paces, 'a', 2, 0.9)
    expect(speedsOf(nodes, paces)).toEqual({ a: 4 })
    observePace(paces, 'a', 2, 0.1)
    expect(speedsOf(nodes, paces)).toEqual({ a: 4 / 1 })
    observePace(paces, 'a', 2, 3)
    expect(speedsOf(nodes, paces)).toEqual({ a: 6 / 4 })
  })

  test('follows a node that becomes slower', () => {
    const paces: Paces = new Map()
    for (let time = 0; time < 20; time += 1) observePace(paces, 'a', 6, 2)
    for (let time = 0; time < 12; time += 1) observePace(paces, 'a', 6, 12)
    const { a } = speedsOf([{ id: 'a', cores: 1 }], paces)
    expect(a).toBeGreaterThan(0.49)
    expect(a).toBeLessThan(0.6)
  })

  test('does not become negative by an arrival sooner than a start should cost', () => {
    const paces: Paces = new Map()
    observePace(paces, 'a', 2, -0.3)
    observePace(paces, 'a', 2, 1)
    expect(speedsOf([{ id: 'a', cores: 1 }], paces)).toEqual({ a: 4 })
  })
})
