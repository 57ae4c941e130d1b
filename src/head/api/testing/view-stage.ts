import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createLeaseBook } from '../../data/lease-book.ts'
import type { DrainState } from '../../drain/drain.ts'
import { noBytes } from '../../files/testing/path-bytes.ts'
import type { LiveSession } from '../../session/live-session.ts'
import { createSessionHall, type SessionHall } from '../../session/session-hall.ts'
import type { SessionOrder } from '../../session/session-order.ts'
import { RecordingOutput } from '../../testing/recording-output.ts'
import { type SampleFilm, sampleFilm } from '../../testing/sample-film.ts'
import { SmallFleet } from '../../testing/small-fleet.ts'
import type { KeptOffStatus } from '../../trust/trust-keeper.ts'
import { createFleetView, type FleetView } from '../view/fleet-view.ts'
import { type NodePower, noPower } from '../view/node-power.ts'

/** A hall with nodes inside the test, and the views of it. */
export interface ViewStage {
  readonly film: SampleFilm
  readonly fleet: SmallFleet
  readonly hall: SessionHall
  readonly view: FleetView
  /** By node: who delivered which segment of pictures, in order. */
  readonly delivered: { readonly segment: number; readonly node: string }[]
  /** Sessions that changed. */
  readonly touched: { readonly id: string; readonly segment: number | undefined }[]
  readonly drained: Map<string, DrainState>
  readonly keptOff: Map<string, readonly KeptOffStatus[]>
  readonly power: Map<string, NodePower>
  /** What listens besides. */
  onTouch: (id: string, segment?: number) => void
  start(more?: Partial<SessionOrder>): Promise<LiveSession & { readonly output: RecordingOutput }>
  close(): Promise<void>
}

export async function openViewStage(nodes: readonly string[] = ['a', 'b', 'c']): Promise<ViewStage> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-view-'))
  const film = sampleFilm(300, 563)
  const leases = createLeaseBook()
  const delivered: { segment: number; node: string }[] = []
  const fleet = new SmallFleet(
    leases,
    (part, segment, node) => {
      const bytes = film.segment(part, segment)
      if (part === 'video' && bytes) delivered.push({ segment, node: `name of ${node}` })
      return bytes
    },
    nodes,
  )
  const touched: { id: string; segment: number | undefined }[] = []
  const hall = createSessionHall({
    ...{ fleet, leases, stagingFolder: join(folder, 'staging'), now: () => performance.now() },
    log: pino({ level: 'silent' }),
    ...{ release: '0.0.0', clock: { boot: 'b', seconds: () => performance.now() / 1000 } },
    record: { session: () => {}, lease: () => {} },
    onSession(id, segment) {
      touched.push({ id, segment })
      stage.onTouch(id, segment)
    },
  })
  fleet.onReport = (report) => hall.leaseEnded(report)
  const drained = new Map<string, DrainState>()
  const keptOff = new Map<string, readonly KeptOffStatus[]>()
  const power = new Map<string, NodePower>()
  const known = nodes.map((id) => ({ id, name: `name of ${id}` }))
  const view = createFleetView({
    head: () => ({
      ...{ boot: 'b0', version: '0.0.0', startedAtMs: 1, observeOnly: false, natsTrouble: null },
      ...{ firstResponder: 'off', waitingForRoom: 0, localJobs: [] },
    }),
    ...{ known: () => known, responderId: undefined, fleet, hall, wallNow: Date.now },
    drain: { stateOf: (id) => drained.get(id) ?? null },
    trust: { keptOff: (id) => keptOff.get(id) ?? [] },
    power: { ...noPower, of: (id) => power.get(id) },
  })
  const stage: ViewStage = {
    ...{ film, fleet, hall, view, delivered, touched, drained, keptOff, power, onTouch: () => {} },
    async start(more = {}) {
      const output = new RecordingOutput()
      const input = { path: '/media/film.mkv', size: 1_000, identity: 'i', edges: 'e', bytes: noBytes }
      const order = { plan: film.plan, mode: 'stream', inputs: [input], output, title: 'film.mkv' } as const
      return Object.assign(await hall.start({ ...order, ...more }), { output })
    },
    async close() {
      await hall.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return stage
}
