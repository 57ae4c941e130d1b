import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { replayRecordedJob } from './recorded-job.ts'

/** Has these recorded jobs done again by one cluster of two nodes, each as a test. */
export function replayRecordedJobs(what: string, names: readonly string[]): void {
  describe.skipIf(sharedFolder === null)(`${what}${sharedNote}`, () => {
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

    it.each(names)(
      '%s leaves the server nothing to notice',
      async (name) => {
        expect((await replayRecordedJob(paceline, sessions, name)).differences).toEqual([])
      },
      300_000,
    )
  })
}
