import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { builtFfmpeg } from '../tonemap/cpu-filter-tools.ts'
import { replayRecordedJob } from './recorded-job.ts'

const ffmpeg = builtFfmpeg()
if (ffmpeg === undefined)
  console.warn('A job is not tone mapped by our filter: `npm run build:ffmpeg` has not been run.')

let paceline: RunningPaceline
let folder: string
let calls: string

/** Nodes run this instead of ffmpeg: it writes down what it is called with, and becomes ffmpeg. */
async function startWatched(nodes: number): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'paceline-tone-map-'))
  calls = join(folder, 'calls')
  const program = join(folder, 'ffmpeg')
  await writeFile(calls, '')
  await writeFile(program, `#!/bin/sh\necho "$*" >>'${calls}'\nexec '${ffmpeg}' "$@"\n`)
  await chmod(program, 0o755)
  paceline = await startPaceline({ nodes, args: ['--ffmpeg', program] })
}

describe.skipIf(ffmpeg === undefined || sharedFolder === null)(
  `a job with a tone map, where the head’s own nodes have the filter${sharedNote}`,
  () => {
    beforeAll(() => startWatched(2))
    afterAll(async () => {
      await paceline.stop()
      await rm(folder, { recursive: true, force: true })
    })

    it('leaves the server nothing to notice, and no picture is made by FFmpeg’s own tone map', async () => {
      expect((await replayRecordedJob(paceline, folder, 'dash-hdr-tonemap')).differences).toEqual([])
      const pictures = (await readFile(calls, 'utf8'))
        .split('\n')
        .filter((call) => call.includes('-vf') && call.includes('ssegment'))
      expect(pictures.length).toBeGreaterThan(0)
      expect(pictures.filter((call) => !call.includes('tonemap_paceline=tonemap=mobius:peak=1000'))).toEqual(
        [],
      )
    }, 120_000)
  },
)
