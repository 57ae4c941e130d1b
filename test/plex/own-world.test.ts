import { readdirSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { compareRecordings } from '../golden/compare.ts'
import { type RecordedRequest, readRecording } from '../golden/recording.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { describeFiles } from '../stand-in/describe-files.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { fillArguments } from '../stand-in/transcoder-process.ts'
import { noOtherWorld, openOtherWorld, otherUser, type WorldJob } from './other-world.ts'

const missing = sharedFolder === null ? sharedNote : noOtherWorld()
let paceline: RunningPaceline

beforeAll(async () => {
  if (missing === null) paceline = await startPaceline({ nodes: 2 })
})
afterAll(() => paceline?.stop())

const isListPost = (request: RecordedRequest): boolean =>
  request.method === 'POST' && request.url.includes('/manifest')

describe.skipIf(missing !== null)(
  `a media server in mount, network and user namespaces of its own${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    it.each(['hls-seek'])(
      'gets %s as recorded, in files of its own user, from a head that can see none of them',
      async (name) => {
        const golden = readRecording(join(sharedFolder!, 'golden', 'plex', `${name}.json`))
        const posts = golden.requests.filter(isListPost).length
        let seen = 0
        let job: WorldJob | null = null
        const server = await startPlexMediaServer({
          onRequest: (request) => {
            seen += isListPost(request) ? 1 : 0
            if (golden.signal === 'SIGKILL' && seen > posts) job?.kill()
          },
        })
        const world = await openOtherWorld({
          ...{ head: paceline.head, shim: paceline.shim, serverUrl: server.url, original: '/bin/false' },
          film: join(sharedFolder!, 'media', golden.media),
        })
        await expect(stat(world.film)).rejects.toMatchObject({ code: 'ENOENT' })
        server.watch(world.seen(join(world.sessions, `plex-transcode-${name}`)))
        const values = { PMS: world.url, MEDIA: world.film, CWD: world.sessions }
        job = world.start(name, fillArguments(golden.args, values))
        const { exit, signal, stderr } = await job.ended
        const directory = world.seen(job.directory)
        const made = {
          ...{ name, note: '', media: golden.media, args: golden.args, exit, signal, ms: 0, stderr },
          ...{ requests: [...server.requests], files: await describeFiles(directory) },
        }
        const owners = new Set(readdirSync(directory).map((file) => statSync(join(directory, file)).uid))
        expect(compareRecordings(golden, made, { whole: true })).toEqual([])
        expect(server.problems()).toEqual([])
        expect([...owners]).toEqual([otherUser])
        expect(exit).toBe(golden.signal === null ? 0 : null)
        await world.close()
        await server.close()
      },
      300_000,
    )
  },
)
