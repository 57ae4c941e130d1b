import { describe, expect, it } from 'vitest'
import { createSessionNotes } from './session-notes.ts'

describe('the session of a lease', () => {
  it('is known until it is forgotten', () => {
    const notes = createSessionNotes()
    notes.note('s-0', 's')
    expect([notes.of('s-0'), notes.of('t-0')]).toEqual([{ session: 's' }, {}])
    notes.forget('s-0')
    expect(notes.of('s-0')).toEqual({})
  })

  it('is one of so many', () => {
    const notes = createSessionNotes()
    for (let n = 0; n <= 1_000; n++) notes.note(`s-${n}`, 's')
    expect([notes.of('s-0'), notes.of('s-1')]).toEqual([{}, { session: 's' }])
  })
})
