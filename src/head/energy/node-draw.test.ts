import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawsOf, type NodeNow } from './node-draw.ts'

const profile = {
  ...{ offWatts: 0.2, idleWatts: 3, busyWatts: 10, wakeSeconds: 20, wakeWatts: 6 },
  ...{ sleepSeconds: 8, sleepWatts: 4 },
}
const node: NodeNow = {
  ...{ id: 'pi', phase: 'ready', isHere: true, watts: null, idleWatts: null, profile, leases: [] },
  isFirstResponder: false,
}
const measured = (value: number) => ({ value, basis: 'measured' }) as const
const shown = (now: Partial<NodeNow>) =>
  drawsOf({ ...node, ...now }).map(({ state, session, basis, watts, share }) => [
    ...[state, session, basis, Number(watts.toFixed(6)), share],
  ])

describe('where the energy of a node goes', () => {
  it.each([
    ['off', 'off', 0.2],
    ['failed', 'off', 0.2],
    ['waking', 'waking', 6],
    ['going-to-sleep', 'going-to-sleep', 4],
  ] as const)('is by its settings while it is %s and no meter sees it', (phase, state, watts) => {
    expect(shown({ phase, isHere: false })).toEqual([[state, '', 'modelled', watts, 1]])
  })

  it('is nothing while it is off and nobody has said anything', () => {
    expect(shown({ phase: 'off', isHere: false, profile: null })).toEqual([['off', '', 'modelled', 0, 1]])
  })

  it('is what a plug measures, though it sleeps', () => {
    expect(shown({ phase: 'off', isHere: false, watts: measured(1.4) })).toEqual([
      ['off', '', 'measured', 1.4, 1],
    ])
  })

  it('is all for idling while it has no leases', () => {
    expect(shown({ watts: measured(5), idleWatts: 3 })).toEqual([['idle', '', 'measured', 5, 1]])
  })

  it('is for its session what it draws above idling', () => {
    expect(shown({ watts: measured(9), idleWatts: 3, leases: ['a'] })).toEqual([
      ['idle', '', 'measured', 3, 1],
      ['busy', 'a', 'measured', 6, 1],
    ])
  })

  it('is shared by its leases, two of one session counting twice', () => {
    expect(shown({ watts: measured(9), idleWatts: 3, leases: ['a', 'b', 'a'] })).toEqual([
      ['idle', '', 'measured', 3, 1],
      ['busy', 'a', 'measured', 4, 2 / 3],
      ['busy', 'b', 'measured', 2, 1 / 3],
    ])
  })

  it('goes by the settings for what it draws at rest until that has been seen', () => {
    expect(shown({ watts: measured(9), leases: ['a'] })[0]).toEqual(['idle', '', 'measured', 3, 1])
    expect(shown({ watts: measured(9), leases: ['a'], profile: null })).toEqual([
      ['idle', '', 'measured', 0, 1],
      ['busy', 'a', 'measured', 9, 1],
    ])
  })

  it('is never less than nothing for a session, though it draws less than at rest', () => {
    expect(shown({ watts: measured(2), idleWatts: 3, leases: ['a'] })).toEqual([
      ['idle', '', 'measured', 2, 1],
      ['busy', 'a', 'measured', 0, 1],
    ])
  })

  it('is by the settings where nobody reads it', () => {
    expect(shown({})).toEqual([['idle', '', 'modelled', 3, 1]])
    expect(shown({ leases: ['a'] })).toEqual([
      ['idle', '', 'modelled', 3, 1],
      ['busy', 'a', 'modelled', 7, 1],
    ])
  })

  it('is unknown, not nothing, where nobody knows anything', () => {
    expect(shown({ profile: null, leases: ['a'] })).toEqual([['unknown', '', 'modelled', 0, 1]])
  })

  it('is that of its boot while a beat of the time before is still believed', () => {
    expect(shown({ phase: 'waking' })).toEqual([['waking', '', 'modelled', 6, 1]])
  })

  it('is only what its work adds, for the first responder, whose machine is the head’s', () => {
    const responder = { isFirstResponder: true, idleWatts: 4 }
    expect(shown({ ...responder, watts: measured(4) })).toEqual([])
    expect(shown({ ...responder, watts: measured(19), leases: ['a'] })).toEqual([
      ['busy', 'a', 'measured', 15, 1],
    ])
    expect(shown({ ...responder, isHere: false, phase: 'off' })).toEqual([])
    expect(shown({ ...responder, profile: null })).toEqual([])
  })

  it('adds up to what the node draws, whatever it does', () => {
    const leases = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 })
    const watts = fc.double({ min: 0, max: 500, noNaN: true })
    fc.assert(
      fc.property(leases, watts, fc.option(watts), (held, value, idleWatts) => {
        const draws = drawsOf({ ...node, leases: held, idleWatts, watts: measured(value) })
        const sum = draws.reduce((total, draw) => total + draw.watts, 0)
        expect(sum).toBeCloseTo(value, 6)
        for (const draw of draws) expect(draw.watts).toBeGreaterThanOrEqual(0)
        const busy = draws.filter(({ state }) => state === 'busy')
        if (busy.length > 0) expect(busy.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 9)
      }),
    )
  })
})
