import { describe, expect, it } from 'vitest'
import { checkPowerSettings } from './power-settings.ts'
import { settingsNotes } from './settings-notes.ts'

const board = {
  ...{ idleWatts: 5, busyWatts: 12, wakeWatts: 8, offWatts: 0.2 },
  driver: { driver: 'exec', on: ['/bin/true'], off: ['/bin/true'] },
}
const notes = (
  power: Record<string, unknown>,
  { known = [], hasResponder = true }: { known?: string[]; hasResponder?: boolean } = {},
) => settingsNotes(checkPowerSettings({ nodes: { oak: board, elm: board }, ...power }), known, hasResponder)

describe('what is valid and hardly meant so', () => {
  it('is nothing in most houses', () => {
    const quiet = [{ hours: '22:00-07:00', nodes: ['oak'] }, { hours: '01:00-02:00' }]
    expect(notes({ quiet, totalCapWatts: 100, floor: [{ name: 'head', watts: 4 }] })).toEqual([])
  })

  it('is a rule for a node that nobody knows', () => {
    const hours = '22:00-07:00'
    const rules = {
      quiet: [
        { hours, nodes: ['oka', 'elm'] },
        { hours, nodes: ['oka'] },
      ],
      maintenance: [{ hours, nodes: ['ash'] }],
    }
    expect(notes(rules)).toEqual([
      'power.quiet names what is no node in power.nodes: oka',
      'power.maintenance names what is no node in power.nodes: ash',
    ])
    expect(notes(rules, { known: ['oka', 'ash'] })).toEqual([])
  })
})

describe('a cap under which no node can wake', () => {
  const house = { firstResponderWatts: 15, floor: [{ name: 'head', watts: 4 }] }

  it('is told of, with what it has to hold', () => {
    expect(notes({ ...house, totalCapWatts: 31 })).toEqual([
      'power.totalCapWatts lets no node wake for a viewer while all sleep: 4 W that never sleep, 15 W of the first responder (firstResponderWatts), 12.2 W of nodes of which one wakes are over 31 W',
    ])
    expect(notes({ ...house, totalCapWatts: 31.2 })).toEqual([])
  })

  it('is measured without a first responder where there is none', () => {
    expect(notes({ ...house, totalCapWatts: 17 }, { hasResponder: false })).toEqual([])
    expect(notes({ ...house, totalCapWatts: 16 }, { hasResponder: false })[0]).toContain(
      '4 W that never sleep, 12.2 W of nodes of which one wakes are over 16 W',
    )
  })

  it('counts a node that is capped itself at its cap, and the thriftiest one', () => {
    const nodes = { oak: { ...board, capWatts: 9 }, elm: board }
    expect(notes({ ...house, nodes, totalCapWatts: 28.2 })).toEqual([])
    expect(notes({ ...house, nodes, totalCapWatts: 28 })).toHaveLength(1)
  })

  it('is none of nodes that nobody switches', () => {
    const { driver: _, ...still } = board
    expect(notes({ ...house, nodes: { oak: still }, totalCapWatts: 5 })).toEqual([])
  })
})
