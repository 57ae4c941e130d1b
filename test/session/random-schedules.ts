import fc from 'fast-check'
import { expect } from 'vitest'
import { VirtualCluster } from '../../src/session/testing/virtual-cluster.ts'

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
  /** From then on a node is so many times as fast as usual, and as usual again later. */
  slowdowns: fc.array(
    fc.record({
      node: fc.nat({ max: 3 }),
      pace: fc.constantFrom(0, 0.1, 0.2, 0.5, 3),
      atMs: fc.nat({ max: 60_000 }),
      forMs: fc.nat({ max: 120_000 }),
    }),
    { maxLength: 3 },
  ),
  /** Nodes with these numbers join later. */
  joins: fc.array(fc.record({ node: fc.nat({ max: 3 }), atMs: fc.nat({ max: 60_000 }) }), { maxLength: 2 }),
  reports: fc.boolean(),
})
type Schedule = typeof schedules extends fc.Arbitrary<infer T> ? T : never

/** Two nodes failed at what a third hangs at: nobody was left to help it, and the session never ended. */
const withTwoThatHang: Schedule = {
  ...{ mode: 'file', segmentSeconds: 1, firstSegment: 0, length: 6, estimateError: 0, soundError: 0 },
  ...{ hasSound: false, hasSecondPicture: false, speeds: [0.3, 0.3, 0.3, 0.3], areSpeedsKnown: false },
  ...{ latenciesMs: [0], doubles: [false], breaksAt: [0, 0], hangsAt: [2, 0], deaths: [], absences: [] },
  ...{ throttles: [], publishMs: 0, slowdowns: [], joins: [], reports: false },
}

/** The end of a lease that is told late: its sound was leased again while another looked for the end of the input. */
const withEndToldLate: Schedule = {
  ...{ mode: 'stream', segmentSeconds: 1, firstSegment: 0, length: 1, estimateError: 0, soundError: 0 },
  ...{ hasSound: true, hasSecondPicture: false, speeds: [0.3, 1], areSpeedsKnown: true },
  ...{ latenciesMs: [0, 0, 0, 0, 3000, 0], doubles: [false], breaksAt: [], hangsAt: [], deaths: [] },
  ...{ absences: [], throttles: [], publishMs: 0, slowdowns: [], joins: [], reports: false },
}

/** Each segment is published once, in order and whole, and the session finishes. */
export function publishesAll(numRuns: number): void {
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
    { numRuns, examples: [[withTwoThatHang], [withEndToldLate]] },
  )
}

/** The work that is wasted is bounded by what went wrong. */
export function wastesLittle(numRuns: number): void {
  fc.assert(
    fc.property(schedules, (schedule) => {
      const { cluster } = play({ ...schedule, latenciesMs: [1], doubles: [false] })
      const { cuts, cancels, doubles } = cluster.ledger.counts
      // What is left of a lease that broke may be begun with a segment that another, slower one is at.
      const lost = schedule.deaths.length + schedule.breaksAt.length
      // A cut or cancelled lease may have one segment on its way and one in the encoder; so may one that was doubled.
      expect(cluster.refused).toBeLessThanOrEqual(2 * (cuts + cancels + doubles) + lost)
    }),
    { numRuns },
  )
}

/** What stands still from its beginning was waited for as if sound were as slow as pictures: 18 s. */
const withSoundThatStandsStill = {
  ...{ speeds: [0.3, 0.3], hasSound: true, reports: false, isSpeedKnown: true },
  slowdowns: [{ node: 0, pace: 0, atMs: 0, forMs: 30_000 }],
}

const unhealthy = fc.record({
  speeds: fc.array(fc.constantFrom(0.3, 1, 3), { minLength: 1, maxLength: 3 }),
  hasSound: fc.boolean(),
  reports: fc.boolean(),
  isSpeedKnown: fc.boolean(),
  slowdowns: fc.array(
    fc.record({
      node: fc.nat({ max: 2 }),
      pace: fc.constantFrom(0, 0.1, 0.2),
      atMs: fc.nat({ max: 60_000 }),
      forMs: fc.constantFrom(5_000, 30_000, 10_000_000),
    }),
    { minLength: 1, maxLength: 4 },
  ),
})

/** With one healthy node the player never waits for long, and little is made twice. */
export function plays(numRuns: number): void {
  fc.assert(
    fc.property(unhealthy, ({ speeds, hasSound, reports, isSpeedKnown, slowdowns }) => {
      const count = 100
      const nodes = [2, ...speeds].map((speed, index) => ({
        ...{ id: `node-${index}`, speed, isKnown: isSpeedKnown },
      }))
      const ends: Record<string, number> = { video: count, ...(hasSound && { audio: count }) }
      const cluster = new VirtualCluster({
        ...{ mode: 'stream', nodes, expectedEndSegment: count, ends, reports },
      })
      for (const { node, pace, atMs, forMs } of slowdowns) {
        const slow = cluster.nodes.get(`node-${1 + (node % speeds.length)}`)!
        cluster.clock.after(atMs, () => slow.setPace(pace))
        cluster.clock.after(atMs + forMs, () => slow.setPace(1))
      }
      cluster.run()
      expect(cluster.ledger.outcome).toEqual({ type: 'finish', endSegment: count })
      const published = cluster.log.flatMap(({ atMs, action }) => (action.type === 'publish' ? [atMs] : []))
      // How long a player that begins with the first segment has waited until each segment.
      let playsAtMs = published[0]!
      let longestMs = playsAtMs
      for (const atMs of published) {
        longestMs = Math.max(longestMs, atMs - playsAtMs)
        playsAtMs = Math.max(playsAtMs, atMs) + 2000
      }
      expect(longestMs).toBeLessThan(12_000)
      const made = [...cluster.nodes.values()].reduce((sum, node) => sum + node.made, 0)
      expect(made).toBeLessThanOrEqual(count + 2 * cluster.ledger.counts.doubles + cluster.ledger.counts.cuts)
      expect(cluster.ledger.counts.doubles).toBeLessThan(20)
    }),
    { numRuns, examples: [[withSoundThatStandsStill]] },
  )
}

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
    ...{ trouble: troubleOf(schedule), reports: schedule.reports },
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
  // The last node is there from the start.
  const joins = schedule.joins.filter(({ node }) => node < ids.length - 1)
  const absent = joins.map(({ node }) => ids[node]!)
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
  if (absent.length > 0) {
    for (const id of absent) away.add(id)
    cluster.clock.after(0, listAll)
    for (const { node, atMs } of joins) {
      cluster.clock.after(atMs, () => {
        away.delete(ids[node]!)
        listAll()
      })
    }
  }
  // Whatever stands still goes on in the end, or is not the last one.
  for (const { node, pace, atMs, forMs } of schedule.slowdowns) {
    const slow = cluster.nodes.get(ids[node % ids.length]!)!
    cluster.clock.after(atMs, () => slow.setPace(pace))
    cluster.clock.after(atMs + forMs, () => slow.setPace(1))
  }
  for (const throttle of schedule.throttles) {
    cluster.clock.after(throttle.atMs, () => cluster.throttle(true))
    cluster.clock.after(throttle.atMs + throttle.forMs, () => cluster.throttle(false))
  }
}
