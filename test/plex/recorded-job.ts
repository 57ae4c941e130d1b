import { join } from 'node:path'
import type { RunningPaceline } from '../fixture/paceline.ts'
import { compareRecordings } from '../golden/compare.ts'
import { type RecordedRequest, type Recording, readRecording } from '../golden/recording.ts'
import { sharedFolder } from '../golden/shared-folder.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { recordingOf, startTranscoder, type TranscoderProcess } from '../stand-in/transcoder-process.ts'

export interface ReplayedJob {
  readonly golden: Recording
  readonly made: Recording
  /** All that a server could notice, in sentences: none when there is nothing. */
  readonly differences: readonly string[]
}

/** Has a recorded job done again through the shim, stopped and slowed down where the recorder did so. */
export async function replayRecordedJob(
  paceline: RunningPaceline,
  sessions: string,
  name: string,
): Promise<ReplayedJob> {
  const golden = readRecording(join(sharedFolder!, 'golden', 'plex', `${name}.json`))
  // A job that the recorder stopped is stopped where it has come as far.
  const posts = golden.requests.filter(isListPost).length
  const throttled = throttledReports(golden)
  let seen = 0
  let transcoder: TranscoderProcess | null = null
  const server = await startPlexMediaServer({
    onRequest: (request) => {
      seen += isListPost(request) ? 1 : 0
      if (golden.signal === 'SIGKILL' && seen > posts) transcoder?.kill()
    },
    throttle: (report) => throttled.has(report),
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
  const end = golden.signal === null ? 0 : null
  const differences = [
    ...compareRecordings(golden, made, { whole: true }),
    ...server.problems(),
    ...(made.exit === end ? [] : [`it ended with ${made.exit}`]),
  ]
  return { golden, made, differences }
}

function isListPost(request: RecordedRequest): boolean {
  return request.method === 'POST' && request.url.includes('/manifest')
}

/** Which progress reports, counted from 1, the server answered with the wish for less. */
function throttledReports(golden: Recording): ReadonlySet<number> {
  const reports = golden.requests.filter(
    ({ method, url }) => method === 'PUT' && url.includes('/progress?progress='),
  )
  return new Set(reports.flatMap(({ reply }, index) => (reply === 'canThrottle' ? [index + 1] : [])))
}
