import { describe, expect, it } from 'vitest'
import { NotPlannable, orLocal } from './refusal.ts'

describe('a refusal', () => {
  it('becomes a value that says why', () => {
    const answer = orLocal(() => {
      throw new NotPlannable('unknown-filter', 'the filter vstack')
    })
    expect(answer).toEqual({
      code: 'unknown-filter',
      local: 'unknown-filter: a filter that the plan does not model (the filter vstack)',
    })
  })

  it('is not what a bug becomes', () => {
    const bug = () =>
      orLocal(() => {
        throw new RangeError('segment -1 is not on the timeline')
      })
    expect(bug).toThrow(RangeError)
  })

  it('is none where there is a plan', () => {
    expect(orLocal(() => 7)).toBe(7)
  })
})
