import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { compareRecordings } from '../golden/compare.ts'
import { type RecordedRequest, readRecording } from '../golden/recording.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { recordingOf, startTranscoder, type TranscoderProcess } from '../stand-in/transcoder-process.ts'

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
    it.each(['hls-seek', 'hls-mpegts', 'dash-seek', 'dash-old-layout', 'dash-software'])(
      '%s leaves the server nothing to notice',
      async (name) => {
        const golden = readRecording(join(sharedFolder!, 'golden', 'plex', `${name}.json`))
        // A job that the recorder stopped is stopped where it has come as far.
        const posts = golden.requests.filter(isListPost).length
        let seen = 0
        let transcoder: TranscoderProcess | null = null
        const server = await startPlexMediaServer({
          onRequest: (request) => {
            seen += isListPost(request) ? 1 : 0
            if (golden.signal === 'SIGKILL' && seen > posts) transcoder?.kill()
          },
        })
        const options = {
          program: paceline.shim,
          server,
          args: golden.args,
          mediaPath: join(sharedFolder!, 'media', golden.media),
          sessions,
          job: name,
          environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
        }
        transcoder = await startTranscoder(options)
        const made = await recordingOf(name, options, transcoder)
        await server.close()
        expect(compareRecordings(golden, made, { whole: true })).toEqual([])
        expect(server.problems()).toEqual([])
        expect(made.exit).toBe(golden.signal === null ? 0 : null)
      },
      300_000,
    )
  },
)

function isListPost(request: RecordedRequest): boolean {
  return request.method === 'POST' && request.url.includes('/manifest')
}
