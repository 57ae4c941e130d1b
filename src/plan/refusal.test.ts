import { describe, expect, it } from 'vitest'
import { NotPlannable, orLocal } from './refusal.ts'

describe('a refusal', () => {
  it('becomes a value that says why', () => {
    const answer = orLocal(() => {
      throw new NotPlannable('the filter overlay')
    })
    expect(answer).toEqual({ local: 'the filter overlay' })
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
