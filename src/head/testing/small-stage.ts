import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLeaseBook, type LeaseBook } from '../data/lease-book.ts'
import { createStaging } from '../data/staging.ts'
import { noBytes } from '../files/testing/path-bytes.ts'
import { createLeaseCarrier, type LeaseCarrier } from '../session/lease-carrier.ts'
import type { LiveSession, LiveSessionOptions } from '../session/live-session.ts'
import { startLiveSession } from '../session/running-session.ts'
import { RecordingOutput } from './recording-output.ts'
import type { SampleFilm } from './sample-film.ts'
import { SmallFleet } from './small-fleet.ts'

/** One session with its carrier, its staging folder on the disk, an output, and nodes inside the test. */
export interface SmallStage {
  readonly session: LiveSession
  readonly fleet: SmallFleet
  readonly carrier: LeaseCarrier
  readonly leases: LeaseBook
  readonly output: RecordingOutput
  /** Where the session's own folder is made. */
  readonly parent: string
  /** The session may use these nodes from now on. */
  use(...nodes: string[]): void
  close(): Promise<void>
}

export async function openStage(
  film: SampleFilm,
  mode: 'stream' | 'file' = 'file',
  more: Pick<LiveSessionOptions, 'fonts'> = {},
): Promise<SmallStage> {
  const parent = await mkdtemp(join(tmpdir(), 'paceline-stage-'))
  const leases = createLeaseBook()
  const fleet = new SmallFleet(leases, (part, segment) => film.segment(part, segment), ['a', 'b'])
  const output = new RecordingOutput()
  const now = () => performance.now()
  const carrier = createLeaseCarrier({
    ...{ fleet, leases, now },
    inputs: [{ path: '/media/film.mkv', size: 1_000, identity: 'i', edges: 'e', bytes: noBytes }],
    onGranted: () => {},
    onClosed: () => {},
  })
  const staging = await createStaging(join(parent, 's'))
  const session = startLiveSession({
    ...{ id: 's', plan: film.plan, mode, attemptPrefix: 's', staging, carrier, output, now },
    onFull: () => {},
    ...more,
  })
  fleet.onReport = (report) => session.leaseEnded(report)
  return {
    ...{ session, fleet, carrier, leases, output, parent },
    use: (...nodes) => session.setNodes(nodes.map((id) => ({ id, cores: 1 }))),
    async close() {
      session.kill()
      await session.ended
      await rm(parent, { recursive: true, force: true })
    },
  }
}
