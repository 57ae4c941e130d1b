import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { EndedReport } from '../../cluster/messages.ts'
import { createLeaseBook } from '../data/lease-book.ts'
import { createStaging } from '../data/staging.ts'
import { noBytes } from '../files/testing/path-bytes.ts'
import type { FormerSession } from '../memory/former-sessions.ts'
import { RecordingOutput } from '../testing/recording-output.ts'
import { sampleFilm } from '../testing/sample-film.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import { createTrustKeeper, type TrustKeeper } from '../trust/trust-keeper.ts'
import { createSessionHall, type SessionHall } from './session-hall.ts'

const film = sampleFilm(300, 563)
const first = film.plan.timeline.firstSegment

let folder: string
let fleet: SmallFleet
let hall: SessionHall
let trust: TrustKeeper

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-taken-over-'))
  const [leases, log, now] = [createLeaseBook(), pino({ level: 'silent' }), () => performance.now()]
  fleet = new SmallFleet(leases, (part, segment) => film.segment(part, segment), ['a', 'b'])
  trust = createTrustKeeper({ fleet, now, log, onChange: () => hall.shareOut() })
  hall = createSessionHall({
    ...{ fleet, leases, now, log, trust, stagingFolder: join(folder, 'staging') },
    ...{ release: '0.0.0', clock: { boot: 'b', seconds: () => now() / 1000 } },
    record: { session() {}, lease() {} },
  })
  fleet.onReport = (report) => hall.leaseEnded(report)
})

afterEach(async () => {
  trust.close()
  await hall.close()
  await rm(folder, { recursive: true, force: true })
})

/** A session with nothing announced, of which node `a` had the pictures, and has said that it failed. */
function past(id: string): FormerSession {
  const attempt = `${id}-0`
  const lease = { attempt, node: 'a', from: first, to: first + 5, until: first + 5, cut: false }
  const failed: EndedReport = {
    ...{ type: 'ended', node: 'a', attempt, outcome: 'failed', next: first, exitCode: 1 },
    stderr: 'the driver is gone',
  }
  const part = { bound: null, floor: first, whole: [], short: [], wholeThoughShort: [] }
  return {
    ...{ id, plan: 'p', staging: createStaging(join(folder, 'staging', id)) },
    ...{ look: null, ways: { [attempt]: { platform: 'software' } } },
    stand: {} as FormerSession['stand'],
    goingOn: {
      ...{ next: first, publishedSeconds: 0, leadSeconds: 0 },
      parts: [
        { ...part, name: 'video', leases: [lease] },
        { ...part, name: 'audio', leases: [] },
      ],
    },
    adopt: () => [failed],
    discard: async () => undefined,
  }
}

async function goOn(id: string): Promise<unknown> {
  const input = { path: '/media/film.mkv', size: 1_000, identity: 'i', edges: 'e', bytes: noBytes }
  const order = { plan: film.plan, inputs: [input], output: new RecordingOutput(), title: 'film.mkv' }
  const session = await hall.start({ ...order, mode: 'stream', past: past(id) })
  return session.ended
}

it('a node that fails at a lease of an earlier head has failed at that kind of work', async () => {
  const failed = vi.spyOn(trust, 'failed')
  expect(await goOn('s-1')).toEqual({ how: 'finished' })
  expect(failed.mock.calls).toEqual([
    [
      {
        ...{ node: 'a', part: 'video', session: 's-1', segment: first },
        ...{ work: 'software: any source to h264', reason: 'the driver is gone' },
      },
    ],
  ])
})
