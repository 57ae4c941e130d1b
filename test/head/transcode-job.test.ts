import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TranscodeEvent } from '../../src/head/api/transcode-request.ts'
import { createLeaseBook } from '../../src/head/data/lease-book.ts'
import { createRoots } from '../../src/head/files/roots.ts'
import { createInputLibrary, type InputLibrary } from '../../src/head/input-library.ts'
import { openProbeDesk, type ProbeDesk } from '../../src/head/probe/probe-desk.ts'
import { noResponder } from '../../src/head/responder/no-responder.ts'
import { createSessionHall, type SessionHall } from '../../src/head/session/session-hall.ts'
import { createSourceSeeking } from '../../src/head/source-seeking.ts'
import { SmallFleet } from '../../src/head/testing/small-fleet.ts'
import { unknownLight } from '../../src/head/testing/unknown-light.ts'
import { transcodeFile } from '../../src/head/transcode-job.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { makeClip } from '../clips/make-clip.ts'
import { encodersBelow } from './process-tree.ts'
import { eventually } from './transcode-result.ts'

let folder: string
let hall: SessionHall
let fleet: SmallFleet
let desk: ProbeDesk
let library: InputLibrary

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-transcode-job-'))
  const leases = createLeaseBook()
  desk = await openProbeDesk(pino({ level: 'silent' }))
  library = createInputLibrary(
    desk,
    { probe: (path) => probeMedia(path) },
    createSourceSeeking({ log: pino({ level: 'silent' }) }),
    unknownLight,
  )
  fleet = new SmallFleet(leases, () => new Error('no encoder here'), ['a'])
  hall = createSessionHall({
    ...{ fleet, leases, stagingFolder: join(folder, 'staging'), now: () => performance.now() },
    log: pino({ level: 'silent' }),
    ...{ release: '0.0.0', clock: { boot: 'b', seconds: () => performance.now() / 1000 } },
    record: { session: () => {}, lease: () => {} },
  })
  fleet.onReport = (report) => hall.leaseEnded(report)
})

afterEach(async () => {
  await hall.close()
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

async function begin(signal: AbortSignal, sources: { hall: SessionHall } = { hall }) {
  const wish = { codec: 'h264', quality: 21, preset: 'ultrafast', audio: 'none', audioBitrate: 160 } as const
  const request = {
    input: await makeClip({ seconds: 4 }),
    output: join(folder, 'film.mp4'),
    overwrite: false,
  }
  const now = () => performance.now()
  const roots = createRoots([])
  return transcodeFile(
    {
      ...sources,
      library,
      fleet,
      responder: noResponder,
      ffmpeg: 'ffmpeg',
      now,
      mediaRoots: roots,
      transcodeRoots: roots,
    },
    { ...request, ...wish },
    signal,
  )
}

async function lastOf(events: AsyncIterable<TranscodeEvent>): Promise<TranscodeEvent | undefined> {
  let last: TranscodeEvent | undefined
  for await (const event of events) last = event
  return last
}

/** No process that joins, and no piece of a file. */
async function nothingIsLeft(): Promise<void> {
  await eventually('no ffmpeg is left', () => encodersBelow(process.pid).length === 0)
  expect((await readdir(folder)).filter((name) => name.includes('film'))).toEqual([])
  expect(hall.running()).toEqual([])
}

describe('making a file', () => {
  it('is refused when no node is there', async () => {
    fleet.lose('a')
    await expect(lastOf(await begin(new AbortController().signal))).rejects.toMatchObject({
      code: 'E_NO_NODES',
    })
    await nothingIsLeft()
  })

  it('fails with what the nodes said when none of them can do it', async () => {
    const last = await lastOf(await begin(new AbortController().signal))
    expect(last).toMatchObject({ type: 'failed', message: expect.stringContaining('no encoder here') })
    await nothingIsLeft()
  })

  it('is over at once when it was cancelled before it began', async () => {
    fleet.gate = () => new Promise(() => {})
    const last = await lastOf(await begin(AbortSignal.abort()))
    expect(last).toMatchObject({ type: 'failed', message: 'it was cancelled' })
    await nothingIsLeft()
  })

  it('ends its session when nobody listens any more', async () => {
    fleet.gate = () => new Promise(() => {})
    const events = await begin(new AbortController().signal)
    await events.next()
    expect(hall.running().length).toBe(1)
    await events.return(undefined)
    await nothingIsLeft()
  })

  it('leaves nothing behind when no session can be started', async () => {
    const broken = { ...hall, start: () => Promise.reject(new Error('no room')) }
    await expect(lastOf(await begin(new AbortController().signal, { hall: broken }))).rejects.toThrow(
      'no room',
    )
    await nothingIsLeft()
  })
})
