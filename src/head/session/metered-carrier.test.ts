import { expect, it } from 'vitest'
import { WorkMeter } from '../../placement/work-meter.ts'
import type { GrantAction } from '../../session/actions.ts'
import type { SessionEvent } from '../../session/events.ts'
import type { CarriedLease, LeaseCarrier, LeaseHolder } from './lease-carrier.ts'
import { meteredCarrier } from './metered-carrier.ts'

/** A carrier that keeps no order but the list of its leases; the next grant ends so. */
function world() {
  let carried: CarriedLease[] = []
  let outcome: SessionEvent | null | Error = null
  const inner = {
    all: () => carried,
    async grant(_: LeaseHolder, { attempt, part, node, from }: GrantAction) {
      if (outcome instanceof Error) throw outcome
      if (outcome === null) carried.push({ attempt, part, node, nodeName: node, from, grantedMs: 0 })
      return outcome
    },
    nodeLost(node: string) {
      carried = carried.filter((lease) => lease.node !== node)
    },
  } as unknown as LeaseCarrier
  const meter = new WorkMeter()
  const carrier = meteredCarrier(inner, meter, { demand: 1, now: () => 0 })
  const grant = (attempt: string, how: SessionEvent | null | Error = null) => {
    outcome = how
    const action = {
      type: 'grant',
      attempt,
      node: 'a',
      part: 'video',
      from: 0,
      to: 60,
      until: 60,
    } as GrantAction
    return carrier.grant({} as LeaseHolder, action)
  }
  /** What the node is worth when one lease alone makes two seconds of source in two seconds. */
  const worthOf = (attempt: string) => {
    for (const segment of [0, 1, 2]) meter.arrived(attempt, segment, 1, segment * 1_000)
    return meter.capacityOf('a')
  }
  return { carrier, grant, worthOf }
}

it('a node that comes back is worth what it makes, and not more for the leases that it lost', async () => {
  const { carrier, grant, worthOf } = world()
  for (const attempt of ['1', '2', '3']) await grant(attempt)
  carrier.nodeLost('a')
  await grant('4')
  expect(worthOf('4')).toBeCloseTo(1)
})

it('nor for leases that it could not begin', async () => {
  const { grant, worthOf } = world()
  await grant('1', { type: 'node-lost', node: 'a' })
  await expect(grant('2', new Error('cannot be compiled'))).rejects.toThrow()
  await grant('3')
  expect(worthOf('3')).toBeCloseTo(1)
})

it('leases that run at the same time share it', async () => {
  const { grant, worthOf } = world()
  await grant('1')
  await grant('2')
  expect(worthOf('2')).toBeCloseTo(2)
})
