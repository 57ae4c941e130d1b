import { describe, expect, it } from 'vitest'
import { type AdmissionNode, decide, mostQueueMs, type Newcomer, roomFor } from './admission.ts'

const software = ['software']
const node = (capacity: number, platforms = software): AdmissionNode => ({ capacity, platforms })
const stream = (demand: number, platforms = software) => ({ demand, platforms })

function newcomer(demand: number, more: Partial<Newcomer> = {}): Newcomer {
  return { platforms: software, wishes: [{ demand, preset: null }], waitedMs: 0, ...more }
}

describe('a stream that would like to begin', () => {
  it('begins where there is room with a fifth to spare', () => {
    expect(decide(newcomer(1), [stream(1)], [node(2.4)])).toEqual({ how: 'start', preset: null })
    expect(decide(newcomer(1), [stream(1)], [node(2.39)])).toEqual({ how: 'wait' })
  })

  it('is lowered no further than it has to be', () => {
    const wishes = [
      { demand: 1, preset: null },
      { demand: 0.8, preset: 'superfast' },
      { demand: 0.5, preset: 'ultrafast' },
    ]
    expect(decide(newcomer(1, { wishes }), [stream(1)], [node(2.2)])).toEqual({
      ...{ how: 'start', preset: 'superfast' },
    })
    expect(decide(newcomer(1, { wishes }), [stream(1)], [node(1.9)])).toEqual({
      ...{ how: 'start', preset: 'ultrafast' },
    })
  })

  it('waits for room, and is told in the end that there is none', () => {
    const nodes = [node(1.5)]
    expect(decide(newcomer(1, { waitedMs: mostQueueMs - 1 }), [stream(1)], nodes)).toEqual({ how: 'wait' })
    expect(decide(newcomer(1, { waitedMs: mostQueueMs }), [stream(1)], nodes)).toEqual({
      how: 'full',
      why: 'it needs 1.2 cores, and 0.3 cores of 1.5 cores are free beside 1 that play',
    })
  })

  it('has an idle fleet for itself, however slow that is, with the fastest preset', () => {
    const wishes = [
      { demand: 4, preset: null },
      { demand: 2, preset: 'ultrafast' },
    ]
    expect(decide(newcomer(4, { wishes }), [], [node(1)])).toEqual({ how: 'start', preset: 'ultrafast' })
  })

  it('is not lowered for a fifth that nobody else needs', () => {
    const wishes = [
      { demand: 1, preset: null },
      { demand: 0.5, preset: 'ultrafast' },
    ]
    expect(decide(newcomer(1, { wishes }), [], [node(1)])).toEqual({ how: 'start', preset: null })
  })

  it('is not kept out by streams on nodes that it could not use', () => {
    const nodes = [node(2, ['jetson']), node(1.2)]
    expect(decide(newcomer(1), [stream(5, ['jetson'])], nodes)).toEqual({ how: 'start', preset: null })
  })
})

describe('the room that is left', () => {
  it('counts those who can go elsewhere to where the newcomer cannot go', () => {
    const nodes = [node(2, ['jetson']), node(2)]
    expect(roomFor(software, [stream(1, ['jetson', 'software'])], nodes)).toBe(2)
    expect(roomFor(software, [stream(2, ['jetson', 'software'])], nodes)).toBeCloseTo(1.6)
  })

  it('is none where those who play need more than there is', () => {
    expect(roomFor(software, [stream(3)], [node(2)])).toBe(0)
  })
})
