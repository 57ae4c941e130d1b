import { describe, expect, it } from 'vitest'
import type { Capabilities } from '../../platforms/capabilities.ts'
import { createLeaseBook } from '../data/lease-book.ts'
import type { DrainState } from '../drain/drain.ts'
import { noResponder } from '../responder/no-responder.ts'
import type { EndedEntry, RunningEntry, SessionHall } from '../session/session-hall.ts'
import { createTally } from '../session/tally.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import { headStatus, knownNodes } from './status.ts'

const keptOff = [{ work: 'software: h264 8-bit to h264', reason: 'it crashed', proofInSeconds: 12 }]
const card: Capabilities = {
  ...{ fingerprint: 'f', ffmpeg: { version: '7.1', lacks: [] }, filters: [] },
  decoders: [{ name: 'v4l2', codec: 'hevc', bits: 8 }],
  encoders: [{ name: 'h264_v4l2m2m', bits: 8 }],
  failed: [{ what: 'h264 8-bit by v4l2', why: 'no device' }],
}
/** Of node b. */
let drainState: DrainState | null = null

/** Only what the status asks of a hall. */
const overload: SessionHall['overload'] = { waiting: () => 0, choices: () => [] }

function hallOf(running: readonly RunningEntry[], ended: readonly EndedEntry[] = []): SessionHall {
  return { running: () => running, recent: () => ended, overload } as unknown as SessionHall
}

/** What status does not tell. */
const untold = {} as Pick<RunningEntry, 'about' | 'chronicle'>

function tallyOf(node: string, segments: readonly number[]) {
  const tally = createTally()
  const lease = { attempt: 's', part: 'video', node, nodeName: node, from: 0, grantedMs: 0 }
  for (const segment of segments) {
    tally.arrived({ ...lease, platform: 'v4l2', rung: 'full' }, segment)
    tally.arrived({ ...lease, platform: 'software', part: 'audio' }, segment)
  }
  return tally
}

/** Nobody switches anything. */
const noPower = {
  isActive: false,
  isDryRun: false,
  nowMs: () => 0,
  nodes: () => [],
  onChange: () => () => {},
}

const leftAlone = [
  { id: 'l1', title: 'film.mkv', code: 'remux', reason: 'nothing is encoded', times: 2, atMs: 7 },
]

function statusOf(hall: SessionHall, fleet = new SmallFleet(createLeaseBook(), () => null, [])) {
  const nats = { url: 'nats://127.0.0.1:4222', version: '2.9.10', trouble: () => null }
  return headStatus({
    version: '0.1.0',
    nats,
    fleet,
    hall,
    drain: { stateOf: (id) => (id === 'b' ? drainState : null) },
    trust: { keptOff: (id) => (id === 'b' ? keptOff : []) },
    startedMs: 1_000,
    now: () => 4_560,
    observer: { isOn: () => true },
    responder: noResponder,
    power: noPower,
    localJobs: { last: () => leftAlone },
  })
}

describe('the status of a head', () => {
  it('says how long it has been up, and on which NATS', () => {
    expect(statusOf(hallOf([]))).toEqual({
      ...{ version: '0.1.0', uptimeSeconds: 3.56 },
      nats: { url: 'nats://127.0.0.1:4222', version: '2.9.10', trouble: null },
      ...{
        observeOnly: true,
        firstResponder: 'off',
        overload: { waiting: 0, choices: [] },
        power: { dryRun: false, isActive: false, nodes: [] },
        nodes: [],
        sessions: [],
        recent: [],
        localJobs: leftAlone,
      },
    })
  })

  it('keeps the password of a NATS server to itself, and says that it is away', () => {
    const fleet = new SmallFleet(createLeaseBook(), () => null, [])
    const trouble = 'E_NATS_AWAY: nats.example:4333'
    const url = 'nats://me:open%20sesame@nats.example:4333'
    const nats = { url, version: '2.11.0', trouble: () => trouble }
    const status = headStatus({
      version: '0',
      nats,
      fleet,
      hall: hallOf([]),
      drain: { stateOf: () => null },
      trust: { keptOff: () => [] },
      startedMs: 0,
      now: () => 0,
      observer: { isOn: () => false },
      responder: noResponder,
      power: noPower,
      localJobs: { last: () => [] },
    })
    expect(status.nats).toEqual({ url: 'nats://nats.example:4333', version: '2.11.0', trouble })
  })

  it('says of each node what it can do and what it does', () => {
    const fleet = new SmallFleet(createLeaseBook(), () => null, ['a', 'b'])
    const [a, b] = fleet.nodes()
    const working = { attempt: 's-0', next: 3, frames: 70, speed: 2 }
    fleet.nodes = () => [
      {
        ...a!,
        speed: 2.34567,
        capabilities: new Map([['v4l2', card]]),
        beat: { ...a!.beat, leases: [working, { ...working, attempt: 's-1' }], troubles: ['E_DISK_FULL: x'] },
      },
      b!,
    ]
    expect(statusOf(hallOf([]), fleet).nodes).toEqual([
      {
        ...{ id: 'a', name: 'name of a', cores: 1, platforms: ['software'], version: '0.0.0' },
        ...{ state: 'working', speed: 2.35, leases: 2, troubles: ['E_DISK_FULL: x'], keptOff: [] },
        proved: [
          {
            ...{
              platform: 'v4l2',
              decodes: ['hevc 8-bit by v4l2'],
              filters: [],
              encodes: ['h264_v4l2m2m 8-bit'],
            },
            failed: [{ what: 'h264 8-bit by v4l2', why: 'no device' }],
          },
        ],
      },
      {
        ...{ id: 'b', name: 'name of b', cores: 1, platforms: ['software'], version: '0.0.0' },
        ...{ state: 'ready', speed: null, leases: 0, troubles: [], keptOff, proved: [] },
      },
    ])
  })

  it('says of each session who made which segment', () => {
    const tally = tallyOf('a', [0, 2])
    tally.waits('E_DISK_FULL: /x')
    tally.hedged()
    const session = { id: 's', tally } as unknown as RunningEntry['session']
    const { sessions } = statusOf(
      hallOf([{ ...untold, demand: 1, title: 'film.mkv', startedMs: 2_000, session }]),
    )
    expect(sessions).toEqual([
      {
        ...{ id: 's', title: 'film.mkv', runningSeconds: 2.56, publishedSegments: 0, frames: 0 },
        hedges: 1,
        segments: { a: 2 },
        ways: { a: ['v4l2:full'] },
        arrivals: [
          { segment: 0, node: 'a' },
          { segment: 2, node: 'a' },
        ],
        waitsFor: ['E_DISK_FULL: /x'],
      },
    ])
  })

  it('remembers sessions that have ended, with the time they took', () => {
    const entry = { ...untold, id: 'old', title: 'film.mkv', ranMs: 1_234, tally: tallyOf('b', [0]) }
    const { recent, sessions } = statusOf(hallOf([], [entry]))
    expect(sessions).toEqual([])
    expect(recent).toMatchObject([{ id: 'old', runningSeconds: 1.23, segments: { b: 1 } }])
  })

  it('survives JSON, which is how it is told', () => {
    const session = { id: 's', tally: tallyOf('a', [0]) } as unknown as RunningEntry['session']
    const status = statusOf(hallOf([{ ...untold, demand: 1, title: 'film.mkv', startedMs: 2_000, session }]))
    expect(JSON.parse(JSON.stringify(status))).toEqual(status)
  })
})

describe('a node that is drained', () => {
  it.each(['draining', 'drained'] as const)('is shown as %s', (state) => {
    drainState = state
    try {
      const fleet = new SmallFleet(createLeaseBook(), () => null, ['a', 'b'])
      expect(statusOf(hallOf([]), fleet).nodes.map((node) => node.state)).toEqual(['ready', state])
    } finally {
      drainState = null
    }
  })

  it('is shown as such while it is away, and one that is only away as that', () => {
    const fleet = new SmallFleet(createLeaseBook(), () => null, ['c'])
    const known = ['a', 'b', 'c'].map((id) => ({ id, name: `name of ${id}` }))
    const drain = { stateOf: (id: string) => (id === 'b' ? ('drained' as const) : null) }
    const listed = knownNodes(known, fleet, drain, { keptOff: (id) => (id === 'a' ? keptOff : []) }, [])
    expect(listed.map(({ state, version }) => [state, version])).toEqual([
      ['away', null],
      ['drained', null],
      ['ready', '0.0.0'],
    ])
    expect(listed.map((node) => node.keptOff)).toEqual([keptOff, [], []])
  })
})
