import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { replayRecordedJob } from './recorded-job.ts'

let paceline: RunningPaceline
let sessions: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 2 })
  sessions = await mkdtemp(join(tmpdir(), 'paceline-plex-'))
})

afterAll(async () => {
  await paceline.stop()
  await rm(sessions, { recursive: true, force: true })
})

describe.skipIf(sharedFolder === null)(
  `jobs as the real transcoder was recorded doing them${sharedNote}`,
  () => {
    it.each([
      'hls-seek',
      'hls-matroska-header',
      'optimise-mp4-sidecar',
      'dash-hdr-tonemap',
      'burn-inlineass',
      'hls-direct-stream-copy',
      'sidecar-segments',
    ])(
      '%s leaves the server nothing to notice',
      async (name) => {
        expect((await replayRecordedJob(paceline, sessions, name)).differences).toEqual([])
      },
      300_000,
    )
  },
)
