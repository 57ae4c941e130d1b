import { describe, expect, it } from 'vitest'
import { proofText } from './proof.ts'

const proof = { proved: 12, failed: 0, platforms: ['nvidia', 'software'], keptOff: 0 }

describe('what a node has proved, in a line', () => {
  it.each([
    [proof, false, 'nvidia, software: 12 proved'],
    [{ ...proof, failed: 2 }, false, 'nvidia, software: 12 proved, 2 failed'],
    [{ ...proof, keptOff: 1 }, false, 'nvidia, software: 12 proved, kept off 1 kind of work'],
    [{ ...proof, proved: 0, failed: 3, platforms: [] }, false, '0 proved, 3 failed'],
    [null, false, 'Nothing proved yet'],
    [{ ...proof, proved: 0 }, true, 'First responder. Nothing proved yet'],
  ])('%o', (given, isFirstResponder, text) =>
    expect(proofText({ proof: given, isFirstResponder })).toBe(text),
  )
})
