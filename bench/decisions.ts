/**
 * How long the head's decisions take with 100 nodes and 100 sessions, for they are made one at a time on its event
 * loop: every event of 100 streams on a virtual clock, sharing 100 nodes out to them, and one whole-file job that
 * has all 100 nodes. Only the decisions are timed, with what they hold in memory; connections are not part of it.
 *
 *   npm run bench:decisions
 */
import { place } from '../src/placement/place.ts'
import { type ClusterOptions, VirtualCluster } from '../src/session/testing/virtual-cluster.ts'
import { Values } from './latency/series.ts'

const count = 100
const segments = 600
const ids = Array.from({ length: count }, (_, index) => `node-${index}`)

const heapBefore = heapMegabytes()
const streams = Array.from({ length: count }, (_, index) => {
  const nodes = [0, 1].map((more) => ({ id: ids[(index + more) % count]!, speed: 1.5 + (index % 7) / 4 }))
  return {
    mode: 'stream',
    nodes,
    expectedEndSegment: segments,
    ends: { video: segments, audio: segments },
  } as const
})
const [clusters, inStreams] = timeDecisions(streams)
report('one event of one of 100 streams', inStreams)
console.log(
  `  with their history: ${(heapMegabytes() - heapBefore).toFixed(0)} MB of heap for ${clusters.length} streams`,
)

const everyNode = ids.map((id, index) => ({ id, speed: 1 + (index % 5) / 2 }))
const ends = { video: 3000, audio: 3000 }
report(
  'one event of a file on 100 nodes',
  timeDecisions([{ mode: 'file', nodes: everyNode, expectedEndSegment: 3000, ends }])[1],
)
report('sharing 100 nodes out to 100 sessions', timeSharing())

function timeDecisions(orders: readonly ClusterOptions[]): [VirtualCluster[], number[]] {
  const durations: number[] = []
  const all = orders.map((order) => {
    const cluster = new VirtualCluster(order)
    const handle = cluster.session.handle.bind(cluster.session)
    cluster.session.handle = (...event) => {
      const before = process.cpuUsage()
      const actions = handle(...event)
      durations.push(millisecondsSince(before))
      return actions
    }
    return cluster.run()
  })
  return [all, durations]
}

/** Sessions come one after the other, and every tenth time a node is gone for a while. */
function timeSharing(): number[] {
  const durations: number[] = []
  let held = new Map<string, readonly string[]>()
  for (let step = 0; step < 5 * count; step++) {
    const sessions = ids.slice(0, 1 + (step % count)).map((_, index) => ({
      ...{ id: `session-${index}`, platforms: ['software'], leadSeconds: index % 30 },
      nodes: held.get(`session-${index}`) ?? [],
    }))
    const nodes = ids.filter((_, index) => step % 10 > 0 || index !== step % count)
    const before = process.cpuUsage()
    held = place(
      sessions,
      nodes.map((id) => ({ id, platforms: ['software'] })),
    )
    durations.push(millisecondsSince(before))
  }
  return durations
}

function report(name: string, durations: readonly number[]): void {
  const values = new Values(durations)
  values.print(name, 'ms')
  values.judge(name, { p99: 5 }, 'ms')
}

/** Of processor time, so that whoever else computes on this machine is not measured; V8's own threads count too. */
function millisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function heapMegabytes(): number {
  return process.memoryUsage().heapUsed / 1e6
}
