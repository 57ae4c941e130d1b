import fc from 'fast-check'
import { expect, test } from 'vitest'
import { VirtualCluster } from './testing/virtual-cluster.ts'

/** Any schedule of orders, deliveries, deaths, breakdowns and throttles that leaves one node working. */
const schedules = fc.record({
  mode: fc.constantFrom('stream' as const, 'file' as const),
  segmentSeconds: fc.constantFrom(1, 2, 6, 25),
  firstSegment: fc.nat({ max: 3 }),
  length: fc.nat({ max: 40 }),
  estimateError: fc.integer({ min: -4, max: 4 }),
  soundError: fc.integer({ min: -3, max: 3 }),
  hasSound: fc.boolean(),
  hasSecondPicture: fc.boolean(),
  speeds: fc.array(fc.constantFrom(0.3, 0.7, 1, 2, 5), { minLength: 1, maxLength: 4 }),
  areSpeedsKnown: fc.boolean(),
  latenciesMs: fc.array(fc.constantFrom(0, 1, 5, 30, 400, 3000), { minLength: 1, maxLength: 12 }),
  doubles: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  breaksAt: fc.array(fc.nat({ max: 40 }), { maxLength: 4 }),
  hangsAt: fc.array(fc.nat({ max: 40 }), { maxLength: 2 }),
  deaths: fc.array(fc.record({ atMs: fc.nat({ max: 60_000 }), noticeMs: fc.nat({ max: 3000 }) }), {
    maxLength: 3,
  }),
  absences: fc.array(fc.record({ atMs: fc.nat({ max: 60_000 }), forMs: fc.nat({ max: 20_000 }) }), {
    maxLength: 2,
  }),
  throttles: fc.array(fc.record({ atMs: fc.nat({ max: 40_000 }), forMs: fc.nat({ max: 90_000 }) }), {
    maxLength: 2,
  }),
  publishMs: fc.constantFrom(0, 3, 700),
})
type Schedule = typeof schedules extends fc.Arbitrary<infer T> ? T : never

test('under any schedule each segment is published once, in order and whole, and the session finishes', () => {
  fc.assert(
    fc.property(schedules, (schedule) => {
      const { cluster, end } = play(schedule)
      expect(cluster.ledger.outcome).toEqual({ type: 'finish', endSegment: end })
      const all = Array.from(
        { length: end - schedule.firstSegment },
        (_, index) => schedule.firstSegment + index,
      )
      expect(cluster.ledger.published).toEqual(all)
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('the work that a schedule wastes is bounded by what went wrong in it', () => {
  fc.assert(
    fc.property(schedules, (schedule) => {
      const { cluster } = play({ ...schedule, latenciesMs: [1], doubles: [false] })
      const { cuts, cancels } = cluster.ledger.counts
      // What is left of a lease that broke may be begun with a segment that another, slower one is at.
      const lost = schedule.deaths.length + schedule.breaksAt.length
      // A cut or cancelled lease may have one segment on its way and one in the encoder.
      expect(cluster.refused).toBeLessThanOrEqual(2 * (cuts + cancels) + lost)
    }),
    { numRuns: 100 },
  )
}, 60_000)

function play(schedule: Schedule): { cluster: VirtualCluster; end: number } {
  const end = schedule.firstSegment + schedule.length
  const nodes = schedule.speeds.map((speed, index) => ({
    id: `node-${index}`,
    speed,
    isKnown: schedule.areSpeedsKnown,
  }))
  const ends: Record<string, number> = { video: end }
  if (schedule.hasSecondPicture) ends['video-small'] = end
  if (schedule.hasSound) ends.audio = Math.max(schedule.firstSegment, end + schedule.soundError)
  const cluster = new VirtualCluster({
    ...{ mode: schedule.mode, segmentSeconds: schedule.segmentSeconds, firstSegment: schedule.firstSegment },
    ...{ nodes, ends, publishMs: schedule.publishMs },
    expectedEndSegment: Math.max(schedule.firstSegment, end + schedule.estimateError),
    trouble: troubleOf(schedule),
  })
  planIncidents(
    cluster,
    schedule,
    nodes.map((node) => node.id),
  )
  cluster.run(20_000)
  return { cluster, end }
}

function troubleOf(schedule: Schedule) {
  let asked = 0
  const breaks = new Map<string, number>()
  const hangs = new Set<number>()
  return {
    latencyMs: () => schedule.latenciesMs[asked++ % schedule.latenciesMs.length]!,
    arrivesTwice: () => schedule.doubles[asked++ % schedule.doubles.length]!,
    // A segment breaks two leases at most: a third failure is meant to end the session.
    breaks: (_attempt: string, part: string, segment: number) => {
      const times = breaks.get(`${part}/${segment}`) ?? 0
      if (times >= 2 || schedule.breaksAt.filter((at) => at === segment).length <= times) return false
      breaks.set(`${part}/${segment}`, times + 1)
      return true
    },
    // The last node never hangs, for it may be the only one that lives.
    hangs: (_attempt: string, node: string, segment: number) => {
      if (node === `node-${schedule.speeds.length - 1}` || hangs.has(segment)) return false
      if (!schedule.hangsAt.includes(segment)) return false
      hangs.add(segment)
      return true
    },
  }
}

/** Every node but the last may die or be away for a while; throttles end. */
function planIncidents(cluster: VirtualCluster, schedule: Schedule, ids: readonly string[]): void {
  const dead = new Set<string>()
  const away = new Set<string>()
  const listAll = () => {
    if (cluster.finishedMs === null) cluster.list(ids.filter((id) => !dead.has(id) && !away.has(id)))
  }
  schedule.deaths.slice(0, ids.length - 1).forEach((death, index) => {
    cluster.clock.after(death.atMs, () => {
      dead.add(ids[index]!)
      cluster.kill(ids[index]!, death.noticeMs)
    })
  })
  for (const [index, absence] of schedule.absences.entries()) {
    const id = ids[index % ids.length]!
    cluster.clock.after(absence.atMs, () => {
      away.add(id)
      listAll()
    })
    cluster.clock.after(absence.atMs + absence.forMs, () => {
      away.delete(id)
      listAll()
    })
  }
  for (const throttle of schedule.throttles) {
    cluster.clock.after(throttle.atMs, () => cluster.throttle(true))
    cluster.clock.after(throttle.atMs + throttle.forMs, () => cluster.throttle(false))
  }
}
