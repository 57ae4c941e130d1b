import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AdmittedDemand } from '../../placement/admission.ts'
import { demandOf } from '../../placement/demand.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { createAdmissions, type OverloadPolicy } from './admissions.ts'

const platforms = ['software']
const demand = demandOf(samplePlan)
const signal = new AbortController().signal

let running: AdmittedDemand[]
let capacity: number
let said: string[]
let timesAsked: number

beforeEach(() => {
  running = [{ platforms, demand }]
  capacity = demand * 1.3
  said = []
  timesAsked = 0
})

/** Ten times as fast as others. */
function fastClock(): () => number {
  const startedMs = performance.now()
  return () => (performance.now() - startedMs) * 10
}

function open(policy: OverloadPolicy = 'local', now = fastClock()) {
  return createAdmissions({
    policy,
    platformsFor() {
      timesAsked += 1
      return platforms
    },
    running: () => running,
    nodes: () => [{ platforms, capacity }],
    now,
    log: {
      info: (_: unknown, text?: string) => said.push(text ?? ''),
      warn: (_: unknown, text?: string) => said.push(text ?? ''),
    },
  } as Parameters<typeof createAdmissions>[0])
}

const wish = (title: string) => ({ plan: structuredClone(samplePlan), title })

describe('a stream that comes', () => {
  it('begins as it is where there is room, and nothing is said', async () => {
    capacity = demand * 3
    // On the fast clock the very first decision would take a moment that is told.
    const admissions = open('local', () => 0)
    const asked = wish('film')
    expect(await admissions.admit(asked, signal)).toEqual({ plan: asked.plan })
    expect([admissions.choices(), said]).toEqual([[], []])
  })

  it('has its room kept until it has begun', async () => {
    capacity = demand * 2 * 1.25
    const admissions = open()
    const asked = wish('one')
    const first = await admissions.admit(asked, signal)
    expect(first).toHaveProperty('plan')
    expect(await admissions.admit(wish('two'), signal)).toMatchObject({ full: 'local' })
    admissions.begun(asked.plan)
    running = []
    expect(await admissions.admit(wish('three'), signal)).toHaveProperty('plan')
  })

  it.each<[OverloadPolicy, string]>([
    ['local', 'local'],
    ['refuse', 'refused'],
  ])('is told in the end that there is none: %s', async (policy, choice) => {
    const admissions = open(policy)
    expect(await admissions.admit(wish('film'), signal)).toMatchObject({ full: policy })
    expect(admissions.choices()).toMatchObject([
      { title: 'film', choice, detail: expect.stringMatching(/^E_OVERLOAD: /) },
    ])
    expect(admissions.choices()[0]!.waitedSeconds).toBeGreaterThanOrEqual(3)
    expect(said).toHaveLength(1)
  })

  it('begins when somebody leaves while it waits', async () => {
    const admissions = open()
    const admission = admissions.admit(wish('film'), signal)
    await sleep(150)
    expect(admissions.waiting()).toBe(1)
    running = []
    expect(await admission).toHaveProperty('plan')
    expect(admissions.waiting()).toBe(0)
    expect(admissions.choices()).toMatchObject([{ choice: 'waited' }])
  })

  it('begins at once where all share what there is, and no room is kept that nobody would ask for', async () => {
    const asked = wish('film')
    expect(await open('share').admit(asked, signal)).toEqual({ plan: asked.plan })
    expect(timesAsked).toBe(0)
  })

  it('does not overtake one that waits', async () => {
    const admissions = open()
    const order: string[] = []
    const both = ['first', 'second'].map(async (title) => {
      await admissions.admit(wish(title), signal)
      order.push(title)
    })
    await sleep(120)
    capacity = demand * 5
    await Promise.all(both)
    expect(order).toEqual(['first', 'second'])
  })

  it('waits no more when its job has ended', async () => {
    const over = new AbortController()
    const admissions = open()
    const admission = admissions.admit(wish('film'), over.signal)
    over.abort()
    expect(await admission).toEqual({ gone: true })
    expect(admissions.waiting()).toBe(0)
  })
})
