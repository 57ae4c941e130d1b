import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { compareRecordings } from '../golden/compare.ts'
import { readRecording } from '../golden/recording.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { recordingOf, startTranscoder } from '../stand-in/transcoder-process.ts'

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
    it.each(['hls-seek', 'hls-mpegts'])(
      '%s leaves the server nothing to notice',
      async (name) => {
        const golden = readRecording(join(sharedFolder!, 'golden', 'plex', `${name}.json`))
        const server = await startPlexMediaServer()
        const options = {
          program: paceline.shim,
          server,
          args: golden.args,
          mediaPath: join(sharedFolder!, 'media', golden.media),
          sessions,
          job: name,
          environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
        }
        const made = await recordingOf(name, options, await startTranscoder(options))
        await server.close()
        expect(compareRecordings(golden, made, { whole: true })).toEqual([])
        expect(server.problems()).toEqual([])
        expect(made.exit).toBe(0)
      },
      300_000,
    )
  },
)
