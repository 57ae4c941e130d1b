import { beforeEach, expect, it } from 'vitest'
import type { AdmissionNode, AdmittedDemand } from '../../placement/admission.ts'
import { demandOf } from '../../placement/demand.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { createLeaseBook } from '../data/lease-book.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import { openRoom, type Room } from './room.ts'
import type { StreamingEntry } from './sharing.ts'

const demand = demandOf(samplePlan)
const { signal } = new AbortController()
const newcomer = () => ({ plan: structuredClone(samplePlan), title: 'film' })
const stream: StreamingEntry = { mode: 'stream', demand, platforms: () => [{ name: 'software' }] }

let fleet: SmallFleet
let running: StreamingEntry[]
let former: AdmittedDemand[]
let wakeable: AdmissionNode[] | null
let room: Room

beforeEach(() => {
  fleet = new SmallFleet(createLeaseBook(), () => null, [])
  // Enough for one and a half, with what is kept free.
  fleet.add('a', { cores: 1 })
  running = []
  former = []
  wakeable = null
  const startedMs = performance.now()
  room = openRoom({
    ...{ fleet, entries: () => running, former: { demands: () => former }, overload: 'local' },
    admissible: () => wakeable,
    // A clock of its own that is twenty times as fast.
    now: () => (performance.now() - startedMs) * 20,
    log: { info() {}, warn() {} },
  })
})

it('there is room while the sum of what plays leaves it', async () => {
  expect(room.workers()).toMatchObject([{ id: 'a', capacity: 1 }])
  expect(await room.admissions.admit(newcomer(), signal)).toHaveProperty('plan')
})

it('those that play have theirs first, and whole files have none', async () => {
  running = Array.from({ length: Math.ceil(1 / demand) }, () => stream)
  expect(await room.admissions.admit(newcomer(), signal)).toMatchObject({ full: 'local' })
  running = running.map((entry) => ({ ...entry, mode: 'file' }))
  expect(await room.admissions.admit(newcomer(), signal)).toHaveProperty('plan')
})

it('those that a head has lost by being killed have theirs kept until they are back, or stay away', async () => {
  former = Array.from({ length: Math.ceil(1 / demand) }, () => ({ platforms: ['software'], demand }))
  expect(await room.admissions.admit(newcomer(), signal)).toMatchObject({ full: 'local' })
  former = []
  expect(await room.admissions.admit(newcomer(), signal)).toHaveProperty('plan')
})

it('there is room for those whom nodes that sleep could carry', async () => {
  running = Array.from({ length: Math.ceil(1 / demand) }, () => stream)
  wakeable = [{ platforms: ['software'], capacity: 8 }]
  expect(await room.admissions.admit(newcomer(), signal)).toHaveProperty('plan')
  wakeable = []
  expect(await room.admissions.admit(newcomer(), signal)).toMatchObject({ full: 'local' })
})
