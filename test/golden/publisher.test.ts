import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { nodeExchange } from '../../src/dialects/plex/testing/node-exchange.ts'
import { PacelineError } from '../../src/errors.ts'
import type { MediaInfo } from '../../src/media/media-info.ts'
import { probeMedia } from '../../src/media/probe.ts'
import type { PlexMediaServerOptions } from '../stand-in/plex-media-server.ts'
import { compareRecordings } from './compare.ts'
import { kindOf, requestsOf } from './compare-calls.ts'
import { jobOf } from './jobs.ts'
import { type Recording, readRecording } from './recording.ts'
import { folderOf, openReplay, openStage, recordedSegments, replayJob, type Stage } from './replay.ts'
import { sharedFolder, sharedNote } from './shared-folder.ts'

const fixture = readRecording(new URL('fixtures/fixture-hls.json', import.meta.url))
const denied = readRecording(new URL('fixtures/fixture-denied.json', import.meta.url))
const fixtureInfo = JSON.parse(
  readFileSync(new URL('fixtures/fixture-media.json', import.meta.url), 'utf8'),
) as MediaInfo

const stages: Stage[] = []
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
})

async function stageFor(options: PlexMediaServerOptions = {}): Promise<Stage> {
  const stage = await openStage(options)
  stages.push(stage)
  return stage
}

/** Reports 20 ms apart stand for the real half second, so that a job of half a minute is told in a few seconds. */
const quick = { reportMilliseconds: 20, milliseconds: 1 }

/** Which of a recording's reports were answered with the wish to throttle. */
function throttleOf(golden: Recording): (report: number) => boolean {
  const replies = requestsOf(golden, 'progress').map((request) => request.reply === 'canThrottle')
  return (report) => replies[report - 1] ?? false
}

describe('a job told by the publisher', () => {
  it('cannot be told from the fixture', async () => {
    const stage = await stageFor({ throttle: throttleOf(fixture) })
    const pace = { reportMilliseconds: 20, milliseconds: 45 }
    const { made, replay } = await replayJob(
      fixture,
      stage,
      jobOf(fixture, stage.server.url),
      fixtureInfo,
      pace,
    )
    expect(compareRecordings(fixture, made, { withoutMedia: true })).toEqual([])
    expect(replay.problems).toEqual([])
    expect(stage.server.problems()).toEqual([])
    expect(replay.throttles).toEqual([true, false])
    expect(requestsOf(made, 'log').map((request) => request.url.replace(/.*level=/, ''))).toEqual(
      requestsOf(fixture, 'log').map((request) => request.url.replace(/.*level=/, '')),
    )
  })

  it('sends the recorded headers, each client its own, the control calls on one connection', async () => {
    const stage = await stageFor()
    const { made } = await replayJob(fixture, stage, jobOf(fixture, stage.server.url), fixtureInfo, quick)
    const headers = (recording: Recording) =>
      new Set(
        recording.requests.map(
          (request) => `${kindOf(request) === 'list'} ${JSON.stringify(request.headers)}`,
        ),
      )
    expect(headers(made)).toEqual(headers(fixture))
    expect(stage.server.connections).toBe(1 + requestsOf(made, 'list').length)
  })

  it('has its last report just before the row of the last segment', async () => {
    const stage = await stageFor()
    const { made } = await replayJob(fixture, stage, jobOf(fixture, stage.server.url), fixtureInfo, quick)
    expect(made.requests.slice(-2).map(kindOf)).toEqual(['progress', 'list'])
    expect(made.requests.at(-2)?.url).toContain('progress=56.0')
  })

  const folder = sharedFolder === null ? null : sharedFolder
  it.skipIf(folder === null).each(['hls-mpegts', 'hls-seek', 'hls-throttled'])(
    `cannot be told from the recording %s${sharedNote}`,
    async (name) => {
      const golden = readRecording(join(folder ?? '', 'golden/plex', `${name}.json`))
      const info = await probeMedia(join(folder ?? '', 'media', golden.media))
      const stage = await stageFor({ throttle: throttleOf(golden) })
      const pace = name === 'hls-throttled' ? { reportMilliseconds: 20, milliseconds: 5 } : quick
      const { made, replay } = await replayJob(golden, stage, jobOf(golden, stage.server.url), info, pace)
      expect(compareRecordings(golden, made, { whole: true, withoutMedia: true })).toEqual([])
      expect([...replay.problems, ...stage.server.problems()]).toEqual([])
      expect(replay.throttles).toEqual(name === 'hls-throttled' ? [true, false] : [])
    },
  )
})

describe('a job that fails', () => {
  it('tells why as the fixture does', async () => {
    const stage = await stageFor()
    const { publisher } = openReplay(stage, jobOf(denied, stage.server.url), 500)
    const input = { index: 0, path: '/films/locked.mkv' }
    const exit = await publisher.fail(new PacelineError('E_PROBE_DENIED', input.path), input)
    const made = { ...denied, exit, requests: [...stage.server.requests] }
    expect(compareRecordings(denied, made)).toEqual([])
    expect(made.requests).toHaveLength(3)
  })

  it.skipIf(sharedFolder === null)(
    `tells of a missing input as the recording does${sharedNote}`,
    async () => {
      const golden = readRecording(join(sharedFolder ?? '', 'golden/plex/missing-input.json'))
      const stage = await stageFor()
      const job = { ...jobOf(fixture, stage.server.url), hasToken: true }
      const { publisher } = openReplay(stage, job, 500)
      const input = { index: 0, path: join(stage.directory, golden.media) }
      const error: unknown = await probeMedia(input.path).catch((failure: unknown) => failure)
      const exit = await publisher.fail(error, input)
      expect(compareRecordings(golden, { ...golden, exit, requests: [...stage.server.requests] })).toEqual([])
    },
  )

  it('says nothing when the server wants no log, and ends all the same', async () => {
    const stage = await stageFor()
    const { publisher } = openReplay(stage, { ...jobOf(fixture, stage.server.url), logLevel: -8 }, 500)
    expect(await publisher.fail(new Error('the last node went away'))).toBe(1)
    expect(stage.server.requests).toEqual([])
  })

  it('says no errors when the server wants only worse', async () => {
    const stage = await stageFor()
    const { publisher } = openReplay(stage, { ...jobOf(fixture, stage.server.url), logLevel: 8 }, 500)
    expect(await publisher.fail(new Error('the last node went away'))).toBe(1)
    expect(stage.server.requests).toEqual([])
  })

  it('drops the report that waits', async () => {
    const stage = await stageFor({ delayMilliseconds: 40 })
    const { publisher } = openReplay(stage, jobOf(fixture, stage.server.url), 5)
    await publisher.begin([fixtureInfo])
    const opened = publisher.opened({ segment: 7, startSeconds: 8 })
    await new Promise((done) => setTimeout(done, 20))
    await Promise.all([opened, publisher.fail(new Error('gone'))])
    expect(stage.server.requests.slice(-2).map(kindOf)).toEqual(['list', 'log'])
  })

  it('in its middle says that the conversion failed, and makes no report after that', async () => {
    const stage = await stageFor()
    const { publisher } = openReplay(stage, jobOf(fixture, stage.server.url), 10)
    await publisher.begin([fixtureInfo])
    expect(await publisher.fail(new Error('the last node went away'))).toBe(1)
    expect(stage.server.requests.at(-1)?.url).toMatch(/log\?level=0&message=Conversion%20failed%21$/)
    const count = stage.server.requests.length
    await new Promise((done) => setTimeout(done, 60))
    expect(stage.server.requests).toHaveLength(count)
  })
})

describe('a job that is killed', () => {
  it('says nothing more, and leaves no call waiting', async () => {
    const stage = await stageFor({ delayMilliseconds: 30 })
    const { publisher } = openReplay(stage, jobOf(fixture, stage.server.url), 10)
    const [first, second] = recordedSegments(fixture)
    const calls = [
      publisher.begin([fixtureInfo]),
      publisher.publish(first!),
      publisher.publish(second!),
      publisher.finish(),
    ]
    await expect.poll(() => stage.server.requests.length, { interval: 2 }).toBeGreaterThanOrEqual(2)
    publisher.abandon()
    const count = stage.server.requests.length
    await Promise.all(calls)
    await new Promise((done) => setTimeout(done, 120))
    expect(stage.server.requests.length).toBeLessThanOrEqual(count + 1)
    expect(readdirSync(stage.directory)).toEqual([])
  })

  it('is one whose signal is aborted, even before it began', async () => {
    const stage = await stageFor()
    const stop = new AbortController()
    stop.abort()
    const { openPlexPublisher } = await import('../../src/dialects/plex/publisher.ts')
    const publisher = openPlexPublisher({
      job: jobOf(fixture, stage.server.url),
      folder: folderOf(stage),
      exchange: nodeExchange(),
      positionSeconds: () => 0,
      onThrottle: () => undefined,
      onProblem: () => undefined,
      now: () => performance.now(),
      signal: stop.signal,
    })
    await publisher.begin([fixtureInfo])
    await publisher.opened({ segment: 7, startSeconds: 8 })
    expect(stage.server.requests).toEqual([])
    expect(readdirSync(stage.directory)).toEqual([])
  })
})

describe('a server that is gone', () => {
  it('does not stop the job, and the head hears of every call that failed', async () => {
    const stage = await stageFor()
    const job = jobOf(fixture, stage.server.url)
    const replay = openReplay(stage, job, 10)
    await replay.publisher.begin([fixtureInfo])
    await stage.server.close()
    for (const segment of recordedSegments(fixture)) {
      await replay.publisher.publish(segment)
    }
    await replay.publisher.finish()
    expect(replay.problems.filter((problem) => problem.startsWith('segment list: '))).toHaveLength(12)
    expect(readdirSync(stage.directory)).toHaveLength(6)
  })

  it('is no excuse for a disk that fails', async () => {
    const stage = await stageFor()
    const { publisher } = openReplay(stage, jobOf(fixture, stage.server.url), 500)
    const [first] = recordedSegments(fixture)
    await publisher.opened({ segment: first!.segment, startSeconds: first!.startSeconds })
    expect(existsSync(join(stage.directory, 'media-00007.ts'))).toBe(true)
    rmSync(stage.directory, { recursive: true })
    await expect(publisher.publish(first!)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(stage.server.requests.map((request) => request.body[0])).toEqual(['#'])
    publisher.abandon()
  })
})
