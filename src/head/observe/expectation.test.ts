import { describe, expect, it } from 'vitest'
import type { PictureOperation, Plan } from '../../plan/plan.ts'
import type { FleetNode } from '../fleet.ts'
import { expectationFor } from './expectation.ts'

const scale = (width: string, height: string): PictureOperation => ({ kind: 'scale', width, height })

function planOf(operations: readonly PictureOperation[], num = 25, den = 1): Plan {
  return { video: { operations, rate: { num, den } } } as unknown as Plan
}

function node(name: string, more: Partial<FleetNode> = {}): FleetNode {
  return { ...{ id: name, name, cores: 1, platforms: ['software'], version: '0' }, ...more } as FleetNode
}

const hd = planOf([scale('1280', '720')])

describe('what is expected of a plan', () => {
  it('is measured where its nodes have worked before, all together', () => {
    expect(expectationFor(hd, [node('slow', { speed: 1.5 }), node('fast', { speed: 4 })])).toEqual({
      ...{ nodes: ['fast', 'slow'], speed: 5.5, basis: 'measured' },
    })
  })

  it('is modelled from cores and pixels where one of them has not', () => {
    expect(expectationFor(hd, [node('new')])).toEqual({ nodes: ['new'], speed: 1.74, basis: 'modelled' })
    const both = expectationFor(hd, [node('new', { cores: 4 }), node('known', { speed: 2 })])
    expect(both).toMatchObject({ speed: 8.96, basis: 'modelled' })
  })

  it.each([
    [planOf([scale('640', '360')]), 1.74],
    [planOf([scale('1920', '1080')]), 0.77],
    [planOf([scale('1280', '720')], 50), 0.87],
    [planOf([scale('3840', '2160'), scale('1280', '720')]), 1.74],
    [planOf([scale('1280', '720'), { kind: 'format', pixelFormats: ['yuv420p'] }], 24_000, 1_001), 1.81],
  ])('goes by the frames of a second and by large pictures, not by small ones', (plan, speed) => {
    expect(expectationFor(plan, [node('a')]).speed).toBe(speed)
  })

  it('is unknown where the size follows from the film', () => {
    expect(expectationFor(planOf([scale('-2', '720')]), [node('a')])).toMatchObject({
      speed: null,
      basis: null,
    })
    expect(expectationFor(planOf([]), [node('a')])).toMatchObject({ nodes: ['a'], speed: null })
  })

  it('leaves out nodes that cannot do it', () => {
    expect(expectationFor(hd, [node('a', { platforms: [] })])).toEqual({
      nodes: [],
      speed: null,
      basis: null,
    })
    expect(expectationFor(hd, [])).toEqual({ nodes: [], speed: null, basis: null })
  })
})
