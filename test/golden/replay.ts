import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { PlexJob } from '../../src/dialects/plex/job.ts'
import { openPlexPublisher, type PlexPublisher } from '../../src/dialects/plex/publisher.ts'
import type { StagedSegment } from '../../src/dialects/plex/segment-announcer.ts'
import type { MediaInfo } from '../../src/media/media-info.ts'
import {
  type PlexMediaServer,
  type PlexMediaServerOptions,
  startPlexMediaServer,
} from '../stand-in/plex-media-server.ts'
import { digestOf, listFiles } from '../stand-in/session-listing.ts'
import { requestsOf } from './compare-calls.ts'
import { parseList } from './compare-lists.ts'
import type { Recording } from './recording.ts'

/** A session folder, a stand-in server and a place for staged segments; all gone after `close`. */
export interface Stage {
  readonly server: PlexMediaServer
  readonly directory: string
  readonly staging: string
  close(): Promise<void>
}

export async function openStage(options: PlexMediaServerOptions = {}): Promise<Stage> {
  const root = mkdtempSync(join(tmpdir(), 'paceline-replay-'))
  const directory = mkdtempSync(join(root, 'plex-transcode-'))
  const staging = mkdtempSync(join(root, 'staging-'))
  const server = await startPlexMediaServer({ ...options, directory })
  return {
    server,
    directory,
    staging,
    async close() {
      await server.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** What a recorded job's segment list says was made, in order; `last` where the job came to its own end. */
export function recordedSegments(golden: Recording, staging: string): StagedSegment[] {
  const rows = new Map<string, StagedSegment>()
  for (const row of requestsOf(golden, 'list').flatMap((post) => parseList(post.body))) {
    const segment = Number(/(\d+)\D*$/.exec(row.name)?.[1])
    if (row.open) continue
    const [startSeconds = 0, endSeconds = 0, endAudioSeconds = 0, endVideoSeconds = 0] = row.times
    const stagedPath = join(staging, String(segment))
    rows.set(row.name, {
      segment,
      startSeconds,
      endSeconds,
      endAudioSeconds,
      endVideoSeconds,
      stagedPath,
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

export function openReplay(stage: Stage, job: PlexJob, reportMilliseconds: number): Replay {
  const throttles: boolean[] = []
  const problems: string[] = []
  const publisher = openPlexPublisher({
    job,
    directory: stage.directory,
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
  const replay = openReplay(stage, job, pace.reportMilliseconds)
  const segments = recordedSegments(golden, stage.staging)
  const origin = segments[0]?.startSeconds ?? 0
  await replay.publisher.begin(info)
  for (const segment of segments) {
    await replay.publisher.opened({ segment: segment.segment, startSeconds: segment.startSeconds })
    await pause(pace.milliseconds)
    while (replay.throttles.at(-1)) await pause(1)
    writeFileSync(segment.stagedPath, `segment ${segment.segment}`)
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
