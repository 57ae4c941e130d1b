import { describe, expect, it } from 'vitest'
import { capacities, WorkMeter } from './work-meter.ts'

/** Segments of two seconds, each after so many milliseconds. */
function deliver(
  meter: WorkMeter,
  attempt: string,
  count: number,
  everyMs: number,
  from = 0,
  startMs = 0,
): void {
  for (let n = 1; n <= count; n += 1) meter.arrived(attempt, from + n - 1, 2, startMs + n * everyMs)
}

const lease = { node: 'n', demand: 0.5, from: 0, until: 100 }

describe('what a node is worth', () => {
  it('is what it makes, by how dear that is', () => {
    const meter = new WorkMeter()
    meter.granted('a', lease, 0)
    expect(meter.capacityOf('n')).toBeUndefined()
    deliver(meter, 'a', 6, 500)
    // Four times real time, at half a core each.
    expect(meter.capacityOf('n')).toBeCloseTo(2)
  })

  it('leaves out how long the process takes to start', () => {
    const meter = new WorkMeter()
    meter.granted('a', lease, 0)
    deliver(meter, 'a', 6, 500, 0, 5_000)
    expect(meter.capacityOf('n')).toBeCloseTo(2)
  })

  it('leaves out the time in which an encoder waits for credit, and what it had ready then', () => {
    const meter = new WorkMeter()
    meter.granted('a', { ...lease, until: 4 }, 0)
    deliver(meter, 'a', 4, 500)
    meter.extended('a', 20, 60_000)
    meter.arrived('a', 4, 2, 60_001)
    deliver(meter, 'a', 3, 500, 5, 60_001)
    expect(meter.capacityOf('n')).toBeCloseTo(2)
  })

  it('adds up what it does for several at once', () => {
    const meter = new WorkMeter()
    meter.granted('a', lease, 0)
    meter.granted('b', lease, 0)
    for (let n = 1; n <= 5; n += 1) {
      meter.arrived('a', n - 1, 2, n * 1_000)
      meter.arrived('b', n - 1, 2, n * 1_000)
    }
    expect(meter.capacityOf('n')).toBeCloseTo(2)
  })

  it('says nothing of leases that are over', () => {
    const meter = new WorkMeter()
    meter.granted('a', lease, 0)
    meter.ended('a')
    deliver(meter, 'a', 6, 500)
    expect(meter.capacityOf('n')).toBeUndefined()
  })

  it('follows a node that has become slower', () => {
    const meter = new WorkMeter()
    meter.granted('a', { ...lease, until: 1_000 }, 0)
    deliver(meter, 'a', 40, 500)
    deliver(meter, 'a', 100, 2_000, 40, 20_000)
    expect(meter.capacityOf('n')).toBeLessThan(0.7)
  })
})

describe('a node that has not been measured', () => {
  const nodes = [
    { id: 'n', cores: 4 },
    { id: 'm', cores: 2 },
  ]

  it('is worth its cores where none has', () => {
    expect([...capacities(nodes, new WorkMeter())]).toEqual([
      ['n', 4],
      ['m', 2],
    ])
  })

  it('is worth as much a core as the others', () => {
    const measured = { capacityOf: (id: string) => (id === 'n' ? 2 : undefined) }
    expect(capacities(nodes, measured).get('m')).toBe(1)
  })
})
