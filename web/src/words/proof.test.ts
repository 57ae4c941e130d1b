import { describe, expect, it } from 'vitest'
import { proofText } from './proof.ts'

const proof = { proved: 12, failed: 0, platforms: ['nvidia', 'software'], keptOff: 0 }

describe('what a node has proved, in a line', () => {
  it.each([
    [proof, false, '12 abilities proved on nvidia, software'],
    [{ ...proof, failed: 2 }, false, '12 abilities proved on nvidia, software, 2 failed'],
    [{ ...proof, keptOff: 1 }, false, '12 abilities proved on nvidia, software, kept off 1 kind of work'],
    [{ ...proof, proved: 0, failed: 3, platforms: [] }, false, '0 abilities proved, 3 failed'],
    [null, false, 'Nothing proved yet'],
    [proof, true, 'Part of the head: it works until a node is awake'],
  ])('%o', (given, isFirstResponder, text) =>
    expect(proofText({ state: 'ready', proof: given, isFirstResponder })).toBe(text),
  )

  it('is asked of a node when it is there, and no reproach to one that sleeps', () => {
    const words = (['off', 'asleep', 'away', 'busy'] as const).map((state) =>
      proofText({ state, proof: null, isFirstResponder: false }),
    )
    const asked = 'Says what it can when it is awake'
    expect(words).toEqual([asked, asked, asked, 'Nothing proved yet'])
    expect(proofText({ state: 'off', proof, isFirstResponder: false })).toMatch(/^12 abilities/)
  })
})
