import { describe, expect, it } from 'vitest'
import { seekAnywhere, unreadSource } from '../../media/seeking.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { planDigest } from './same-job.ts'

describe('the digest of a plan', () => {
  const known = (verdict: typeof seekAnywhere) => ({
    ...samplePlan,
    inputs: samplePlan.inputs.map((input) => ({ ...input, seeking: { verdict } })),
  })

  it('is the same before and after its film has been read through', () => {
    expect(planDigest(known(seekAnywhere))).toBe(planDigest(known(unreadSource)))
    expect(planDigest(known(seekAnywhere))).toBe(planDigest(samplePlan))
  })

  it('is another where anything else is', () => {
    const inputs = samplePlan.inputs.map((input) => ({ ...input, seekMarginSeconds: 99 }))
    expect(planDigest({ ...samplePlan, inputs })).not.toBe(planDigest(samplePlan))
  })
})
