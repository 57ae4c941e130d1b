import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeSchedule, faultKinds, filmSegments, makeSchedule } from './schedule.ts'

const seed = fc.integer({ min: 0, max: 2 ** 31 })
const kindsOf = (schedule: ReturnType<typeof makeSchedule>) => schedule.faults.map(({ fault }) => fault.kind)

describe('a schedule', () => {
  it('is the same for the same seed, and another for the next', () => {
    fc.assert(
      fc.property(seed, (number) => {
        expect(makeSchedule(number)).toEqual(makeSchedule(number))
        expect({ ...makeSchedule(number + 1), seed: number }).not.toEqual(makeSchedule(number))
      }),
    )
  })

  it('has one to three faults, in their order, early enough to find the session at work', () => {
    fc.assert(
      fc.property(seed, (number) => {
        const { faults } = makeSchedule(number)
        const triggers = faults.map(({ afterAnnounced }) => afterAnnounced)
        expect(faults.length).toBeGreaterThanOrEqual(1)
        expect(faults.length).toBeLessThanOrEqual(3)
        expect(triggers).toEqual(triggers.toSorted((one, other) => one - other))
        expect(Math.max(...triggers)).toBeLessThanOrEqual(19)
      }),
    )
  })

  it('never has two faults on one node, nor two on head and NATS', () => {
    fc.assert(
      fc.property(seed, (number) => {
        const { faults } = makeSchedule(number)
        const nodes = faults.flatMap(({ fault }) => ('node' in fault ? [fault.node] : []))
        expect(new Set(nodes).size).toBe(nodes.length)
        expect(faults.filter(({ fault }) => /head|nats/.test(fault.kind)).length).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('takes the head or NATS away only when all has happened that needs a session at work', () => {
    fc.assert(
      fc.property(seed, (number) => {
        const { faults } = makeSchedule(number)
        const at = faults.findIndex(({ fault }) => /head|nats/.test(fault.kind))
        const later = at < 0 ? [] : faults.slice(at + 1).map(({ fault }) => fault.kind)
        for (const kind of later) expect(['kill-node', 'freeze-node', 'late-offer', 'seek']).toContain(kind)
      }),
    )
  })

  it('leaves enough of the film after a seek for the faults that follow', () => {
    fc.assert(
      fc.property(seed, (number) => {
        const { faults } = makeSchedule(number, ['seek', 'kill-node', 'cut-network'])
        const at = faults.findIndex(({ fault }) => fault.kind === 'seek')
        const sought = faults[at]
        if (sought?.fault.kind !== 'seek') return
        expect(sought.fault.to).toBeGreaterThanOrEqual(0)
        const announcedAtEnd = sought.afterAnnounced + filmSegments - sought.fault.to
        expect(announcedAtEnd).toBeGreaterThanOrEqual(faults.at(-1)!.afterAnnounced + 10)
      }),
    )
  })

  it('draws every kind within 200 seeds, alone and with others', () => {
    const drawn = Array.from({ length: 200 }, (_, number) => kindsOf(makeSchedule(number)))
    expect(new Set(drawn.flat())).toEqual(new Set(faultKinds))
    expect(drawn.filter((kinds) => kinds.length > 1).length).toBeGreaterThan(50)
  })

  it('keeps to the kinds that are wanted', () => {
    fc.assert(
      fc.property(seed, fc.subarray([...faultKinds], { minLength: 1 }), (number, kinds) => {
        for (const kind of kindsOf(makeSchedule(number, kinds))) expect(kinds).toContain(kind)
      }),
    )
  })

  it('is told in lines, with all that matters of each fault', () => {
    const schedule = makeSchedule(17, ['kill-node'])
    const [first, ...faults] = describeSchedule(schedule)
    expect(first).toContain('seed 17')
    expect(faults).toHaveLength(schedule.faults.length)
    for (const line of faults)
      expect(line).toMatch(/after \d+ segments and \d+ ms: kill-node, node node-\d, backAfterMs/)
  })
})
