import { describe, expect, it } from 'vitest'
import type { Plan } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { platforms } from '../../platforms/all.ts'
import { sessionPlatform } from './session-platform.ts'

const hdr: Plan = {
  ...samplePlan,
  video: { ...samplePlan.video, operations: [{ kind: 'tone-map', curve: 'hable', transfer: 'pq' }] },
}

const plain = ['software']
const ours = ['software', 'paceline-tone-map']

describe('what a session is compiled for', () => {
  const chosen = (plan: Plan, ...moments: readonly (readonly string[][])[]) => {
    const platform = sessionPlatform(plan)
    return moments.map((offers) => platform.choose(offers).map(({ name }) => name))
  }

  it('is the best that a node has, and nodes that have only others take no part', () => {
    expect(chosen(hdr, [plain, ours])).toEqual([['paceline-tone-map']])
  })

  it('stays the same when a better node comes, since pictures would change where leases meet', () => {
    expect(chosen(hdr, [plain], [plain, ours], [ours])).toEqual([['software'], ['software'], ['software']])
  })

  it('changes when no node is left that has it', () => {
    expect(chosen(hdr, [ours, plain], [plain], [plain, ours])).toEqual([
      ['paceline-tone-map'],
      ['software'],
      ['software'],
    ])
  })

  it('is open until the first node comes', () => {
    expect(chosen(hdr, [], [ours])).toEqual([platforms.map(({ name }) => name), ['paceline-tone-map']])
  })

  it('is what every FFmpeg can do where there is nothing that only ours does', () => {
    expect(chosen(samplePlan, [plain, ours])).toEqual([['software']])
  })
})
