import { describe, expect, it } from 'vitest'
import { createEventRing } from './event-ring.ts'

const event = (sequence: number, text = 'x') => ({ sequence, text })

describe('the events that are kept', () => {
  it('are those after a number, none where all are known', () => {
    const ring = createEventRing({ mostEvents: 10, mostLength: 100 })
    for (const sequence of [4, 5, 6]) ring.add(event(sequence))
    expect(ring.after(4)).toEqual([event(5), event(6)])
    expect(ring.after(3)).toHaveLength(3)
    expect(ring.after(6)).toEqual([])
  })

  it('are not told where one of those that are missed is gone, or the number is none of theirs', () => {
    const ring = createEventRing({ mostEvents: 2, mostLength: 100 })
    expect(ring.after(0)).toBeNull()
    for (const sequence of [4, 5, 6]) ring.add(event(sequence))
    expect(ring.after(3)).toBeNull()
    expect(ring.after(4)).toHaveLength(2)
    expect(ring.after(7)).toBeNull()
  })

  it('are bounded by their length too, but for the newest', () => {
    const ring = createEventRing({ mostEvents: 10, mostLength: 10 })
    for (const sequence of [1, 2, 3]) ring.add(event(sequence, 'four'))
    expect(ring.after(1)).toHaveLength(2)
    expect(ring.after(0)).toBeNull()
    ring.add(event(4, 'x'.repeat(50)))
    expect(ring.after(3)).toHaveLength(1)
    expect(ring.after(2)).toBeNull()
  })

  it('do not join on to what comes after they were forgotten', () => {
    const ring = createEventRing({ mostEvents: 10, mostLength: 100 })
    ring.add(event(1))
    ring.clear()
    ring.add(event(3))
    expect(ring.after(1)).toBeNull()
    expect(ring.after(2)).toHaveLength(1)
  })
})
