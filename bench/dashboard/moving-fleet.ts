import type { NodeView } from '../../src/head/api/contract/node-view.ts'
import {
  type SegmentView,
  type SessionView,
  segmentFlags,
  shownSegments,
} from '../../src/head/api/contract/session-view.ts'
import type { FleetView } from '../../src/head/api/view/fleet-view.ts'

export interface MovingFleetOptions {
  readonly nodes: number
  readonly sessions: number
  /** Milliseconds since 1970. */
  readonly wallNow: () => number
}

/** A fleet that is not there: as many nodes and sessions as wanted, in which as much happens as in a real one. */
export interface MovingFleet {
  readonly view: FleetView
  /** Sessions make segments, nodes get warmer and cooler; to be called every so many milliseconds. */
  move(elapsedMs: number, touch: (session: string, segment?: number) => void): void
}

/** A session makes one of these in as long as it lasts, as a stream does that is far enough ahead. */
const segmentMs = 2_000
const nodesEach = 3
const runSegments = 9

interface MovingSession {
  view: SessionView
  dueMs: number
  next: number
}

/** The same fleet, and the same happenings, in every run. */
export function createMovingFleet({
  nodes: count,
  sessions: streams,
  wallNow,
}: MovingFleetOptions): MovingFleet {
  const random = randomNumbers(7)
  const startedAtMs = wallNow()
  const nodes = Array.from({ length: count }, (_, place) => startingNode(place, random()))
  const sessions = Array.from({ length: streams }, (_, place) =>
    startingSession(place, count, startedAtMs, random()),
  )
  const byId = new Map(sessions.map((session) => [session.view.id, session]))
  let sinceNodesMs = 0
  const head = () => ({
    ...{ boot: 'b0', version: '0.1.0', startedAtMs, nowMs: wallNow(), observeOnly: false },
    ...{ natsTrouble: null, firstResponder: 'off', waitingForRoom: 0, localJobs: [] },
  })
  const fleet = () => {
    const watts = nodes.reduce((sum, node) => sum + (node.watts?.value ?? 0), 0)
    const month = { kwh: 41.27, savedKwh: 212.4, source: 'modelled', cost: 12.38, savedCost: 63.7 } as const
    return {
      watts: { value: Math.round(watts * 10) / 10, source: 'modelled' as const },
      savedWatts: Math.max(0, count * 14 - watts),
      month: { ...month, currency: 'EUR' },
    }
  }
  const view: FleetView = {
    ...{ head, fleet, nodes: () => nodes.map((node) => ({ ...node })) },
    states: () => nodes.map(({ id, state }) => ({ id, state })),
    facts: () => undefined,
    session: (id) => byId.get(id)?.view,
    segments: (id, numbers) => {
      const wanted = new Set(numbers)
      return (byId.get(id)?.view.segments ?? []).filter(([index]) => wanted.has(index))
    },
    allSegments: (id) => [...(byId.get(id)?.view.segments ?? [])],
    running: () => sessions.map(({ view: { id } }) => id),
    snapshot: (sequence) => ({
      ...{ head: head(), fleet: fleet(), nodes: view.nodes(), sequence, recent: [] },
      sessions: sessions.map((session) => session.view),
    }),
  }
  return {
    view,
    move(elapsedMs, touch) {
      for (const session of sessions) {
        session.dueMs -= elapsedMs
        if (session.dueMs > 0) continue
        session.dueMs += segmentMs
        touch(session.view.id, makeSegment(session, count, wallNow(), random()))
      }
      sinceNodesMs += elapsedMs
      if (sinceNodesMs < 1_000) return
      sinceNodesMs = 0
      for (const [place, node] of nodes.entries()) nodes[place] = movedNode(node, random())
    },
  }
}

const nodeName = (place: number): string => `node-${String(place + 1).padStart(3, '0')}`

function startingNode(place: number, share: number): NodeView {
  const state = place % 11 === 7 ? 'asleep' : place % 17 === 5 ? 'waking' : 'busy'
  return {
    ...{ id: `n${place}`, name: nodeName(place), state, sinceMs: null },
    readyAtMs: state === 'waking' ? Date.now() + 600_000 : null,
    watts: {
      value: state === 'asleep' ? 0.6 : 8 + 6 * share,
      source: place % 3 === 0 ? 'measured' : 'modelled',
    },
    ...{ load: share, celsius: 40 + 25 * share, cores: 4, version: '0.1.0', speed: 3 },
    proof: { proved: 24, failed: place % 9 === 0 ? 1 : 0, platforms: ['software', 'v4l2'], keptOff: 0 },
    ...{ leases: [], isFirstResponder: false, keepWarmUntilMs: null, hasPowerControl: true, troubles: [] },
  }
}

function movedNode(node: NodeView, share: number): NodeView {
  if (node.state === 'asleep') return node
  const load = Math.min(1, Math.max(0, (node.load ?? 0.5) + (share - 0.5) / 4))
  const watts = node.watts && { ...node.watts, value: Math.round((8 + 6 * load) * 10) / 10 }
  return { ...node, load, watts, celsius: 40 + 25 * load }
}

function startingSession(place: number, nodes: number, startedAtMs: number, share: number): MovingSession {
  const id = `${place.toString(16)}-0`
  const session: MovingSession = {
    view: emptySession(id, place, startedAtMs),
    dueMs: share * segmentMs,
    next: 0,
  }
  const made = 40 + Math.floor(share * shownSegments)
  for (let segment = 0; segment < made; segment += 1)
    makeSegment(session, nodes, startedAtMs, (share * segment) % 1)
  return session
}

function emptySession(id: string, place: number, startedAtMs: number): SessionView {
  return {
    ...{ id, title: `A film of many (${2000 + (place % 25)}) ${place}.mkv`, dialect: 'plex', mode: 'stream' },
    job: 'HLS, 1280x720 H.264 at 4 Mb/s, AAC',
    ...{ state: 'running', startedAtMs, endedAtMs: null, speed: 2, player: null, segments: [] },
    timeline: { firstSegment: 0, endSegment: 3_000, startSeconds: 0, segmentSeconds: segmentMs / 1000 },
    ...{ publishedSegments: 0, hedges: 0, cuts: [], leases: [], waitsFor: [], reason: null },
  }
}

/** The next segment of a session, by the node whose turn it is. Returns its number. */
function makeSegment(session: MovingSession, nodes: number, atMs: number, share: number): number {
  const segment = session.next
  session.next += 1
  const { view } = session
  const run = Math.floor(segment / runSegments)
  const place = (Number.parseInt(view.id, 16) * nodesEach + (run % nodesEach)) % nodes
  const flags = (share < 0.03 ? segmentFlags.hedged : 0) | (share > 0.98 ? segmentFlags.leasedAgain : 0)
  const made: SegmentView = [segment, nodeName(place), `${view.id}.${run}`, atMs, flags]
  const [from, to] = [run * runSegments, (run + 1) * runSegments]
  const isCut = segment === from && run > 0
  const cut = { atMs, part: 'video', segment, node: nodeName((place + nodes - 1) % nodes) }
  const lease = {
    attempt: made[2],
    session: view.id,
    node: made[1],
    part: 'video',
    from,
    to,
    next: segment + 1,
  }
  session.view = {
    ...view,
    segments: [...view.segments, made].slice(-shownSegments),
    publishedSegments: segment + 1,
    speed: Math.round((1.5 + share) * 100) / 100,
    hedges: view.hedges + (flags & segmentFlags.hedged),
    cuts: isCut ? [...view.cuts, cut].slice(-50) : view.cuts,
    leases: [{ ...lease, isHedge: false, isCut: false }],
    player: { positionSeconds: Math.max(0, segment * 2 - 30), leadSeconds: 30, atMs, isPaused: false },
  }
  return segment
}

/** Numbers in [0, 1) that are the same in every run: a linear congruential generator, Numerical Recipes' constants. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
