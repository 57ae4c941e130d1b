import { mkdtempSync, rmSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { PlexJob } from '../../src/dialects/plex/job.ts'
import { openPlexPublisher, type PlexPublisher } from '../../src/dialects/plex/publisher.ts'
import type { StagedSegment } from '../../src/dialects/plex/segment-announcer.ts'
import { openSegmentFolder } from '../../src/dialects/plex/segment-folder.ts'
import { nodeExchange } from '../../src/dialects/plex/testing/node-exchange.ts'
import type { MediaInfo } from '../../src/media/media-info.ts'
import {
  type PlexMediaServer,
  type PlexMediaServerOptions,
  startPlexMediaServer,
} from '../stand-in/plex-media-server.ts'
import { digestOf, listFiles } from '../stand-in/session-listing.ts'
import { requestsOf } from './compare-calls.ts'
import { parseList } from './compare-lists.ts'
import { tokenOf } from './jobs.ts'
import type { Recording } from './recording.ts'

/** A session folder and a stand-in server; both gone after `close`. */
export interface Stage {
  readonly server: PlexMediaServer
  readonly directory: string
  close(): Promise<void>
}

export async function openStage(options: PlexMediaServerOptions = {}): Promise<Stage> {
  const root = mkdtempSync(join(tmpdir(), 'paceline-replay-'))
  const directory = mkdtempSync(join(root, 'plex-transcode-'))
  const server = await startPlexMediaServer({ ...options, directory })
  return {
    server,
    directory,
    async close() {
      await server.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** What a recorded job's segment list says was made, in order; `last` where the job came to its own end. */
export function recordedSegments(golden: Recording): StagedSegment[] {
  const rows = new Map<string, StagedSegment>()
  for (const row of requestsOf(golden, 'list').flatMap((post) => parseList(post.body))) {
    const segment = Number(/(\d+)\D*$/.exec(row.name)?.[1])
    if (row.open) continue
    const [startSeconds = 0, endSeconds = 0, endAudioSeconds = 0, endVideoSeconds = 0] = row.times
    rows.set(row.name, {
      segment,
      startSeconds,
      endSeconds,
      endAudioSeconds,
      endVideoSeconds,
      bytes: Buffer.from(`segment ${segment}`),
      last: false,
    })
  }
  const segments = [...rows.values()]
  return segments.map((segment, index) => ({
    ...segment,
    last: golden.signal === null && index === segments.length - 1,
  }))
}

/** Where the publisher of a replay is, and what it was told. */
export interface Replay {
  readonly publisher: PlexPublisher
  readonly throttles: boolean[]
  readonly problems: string[]
  positionSeconds: number
}

export function openReplay(
  stage: Stage,
  job: PlexJob,
  reportMilliseconds: number,
  token = 'token-123',
): Replay {
  const throttles: boolean[] = []
  const problems: string[] = []
  const publisher = openPlexPublisher({
    job,
    folder: folderOf(stage),
    exchange: nodeExchange(token),
    positionSeconds: () => replay.positionSeconds,
    onThrottle: (throttled) => throttles.push(throttled),
    onProblem: (problem) => problems.push(problem),
    now: () => performance.now(),
    reportMilliseconds,
    timeoutMilliseconds: 2000,
  })
  const replay: Replay = { publisher, throttles, problems, positionSeconds: 0 }
  return replay
}

/** The folder of a stage, written by this process. */
export function folderOf({ directory }: Stage) {
  return openSegmentFolder({
    directory,
    files: { write: writeFile, rename, remove: rm },
    onFull: () => undefined,
    onRoom: () => undefined,
    signal: new AbortController().signal,
  })
}

/**
 * Publishes what the golden recording's list says with bytes that are no media, `milliseconds` apart, and waits
 * while throttled. Leaves the job as the recorder did: finished, or killed in the middle of a segment.
 */
export async function replayJob(
  golden: Recording,
  stage: Stage,
  job: PlexJob,
  info: MediaInfo,
  pace: { readonly reportMilliseconds: number; readonly milliseconds: number },
): Promise<{ readonly made: Recording; readonly replay: Replay }> {
  const replay = openReplay(stage, job, pace.reportMilliseconds, tokenOf(golden))
  const segments = recordedSegments(golden)
  const origin = segments[0]?.startSeconds ?? 0
  await replay.publisher.begin([info])
  for (const segment of segments) {
    await replay.publisher.opened({ segment: segment.segment, startSeconds: segment.startSeconds })
    await pause(pace.milliseconds)
    while (replay.throttles.at(-1)) await pause(1)
    replay.positionSeconds = segment.endSeconds - origin
    await replay.publisher.publish(segment)
  }
  if (golden.signal === null) await replay.publisher.finish()
  else {
    const next = segments.at(-1)!
    await replay.publisher.opened({ segment: next.segment + 1, startSeconds: next.endSeconds })
    replay.publisher.abandon()
  }
  const { exit, signal, args, media, name } = golden
  const requests = [...stage.server.requests]
  const files = listFiles(stage.directory).map(([file, bytes]) => {
    const digest = digestOf(join(stage.directory, file)) ?? 'missing'
    return { name: file, bytes, digest }
  })
  return {
    made: { name, note: 'replay', media, args, exit, signal, ms: 0, stderr: '', requests, files },
    replay,
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds))
}
