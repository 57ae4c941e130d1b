import { describe, expect, it } from 'vitest'
import { createLeaseBook } from '../data/lease-book.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import { nobodyToMake } from './nobody-to-make.ts'

function around(nodes: readonly string[], takes: boolean) {
  const asked: boolean[] = []
  let calls = 0
  return {
    fleet: new SmallFleet(createLeaseBook(), () => null, nodes),
    responder: {
      async takes({ hasToneMap }: { hasToneMap: boolean }) {
        asked.push(hasToneMap)
        return takes
      },
      call() {
        calls += 1
      },
    },
    asked,
    calls: () => calls,
  }
}

describe('who makes a job', () => {
  it('is a node, when there is one, and the first responder is left alone', async () => {
    const { asked, calls, ...workers } = around(['a'], true)
    expect(await nobodyToMake(workers, { hasToneMap: false })).toBeNull()
    expect([asked, calls()]).toEqual([[], 0])
  })

  it('is the first responder where it takes the job, and it is called at once', async () => {
    const { asked, calls, ...workers } = around([], true)
    expect(await nobodyToMake(workers, { hasToneMap: true })).toBeNull()
    expect([asked, calls()]).toEqual([[true], 1])
  })

  it('is nobody where it does not', async () => {
    const { calls, ...workers } = around([], false)
    expect(await nobodyToMake(workers, { hasToneMap: false })).toBe('no-node: no node is there that can work')
    expect(calls()).toBe(0)
  })

  it('is not a first responder that is just there', async () => {
    const { calls: _, asked: __, ...workers } = around(['r'], false)
    const [node] = workers.fleet.nodes()
    const fleet = { nodes: () => [{ ...node!, firstResponder: true as const }] }
    expect(await nobodyToMake({ ...workers, fleet }, { hasToneMap: false })).not.toBeNull()
  })
})
