import { describe, expect, it } from 'vitest'
import { sampleInfo } from '../plan/testing/sample-info.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import type { DoorJob } from './door/door-job.ts'
import { deliverFilm } from './film-delivery.ts'
import type { JobSources } from './job-sources.ts'
import type { LiveSession } from './session/live-session.ts'
import type { FinishedSegment } from './session/output.ts'
import { createTally } from './session/tally.ts'

const path = '/versions/film.mp4.1'
const segment = (last: boolean, ...bytes: number[]): FinishedSegment => ({
  ...{ segment: 0, bytes: Buffer.alloc(0), startSeconds: 0, endSeconds: 2, endAudioSeconds: 2 },
  ...{ endVideoSeconds: 2, frames: 50, last, pieces: [{ position: 0, bytes: Buffer.from(bytes) }] },
})

/** A delivery whose disk is full as many times as told, and what is asked of the shim. */
function delivery(fullTimes = 0) {
  const asked: string[] = []
  let full = fullTimes
  const released = new AbortController()
  const disk = async (what: string) => {
    asked.push(what)
    if (what.startsWith('writeAt') && full-- > 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  }
  const job = {
    args: ['-progressurl', 'http://127.0.0.1:1/progress'],
    ...{ cwd: '/transcode', features: [], released: released.signal },
    hands: {
      files: {
        write: (name: string) => disk(`write ${name}`),
        writeAt: (_name: string, position: number, bytes: Uint8Array) =>
          disk(`writeAt ${position} ${bytes.length}`),
        remove: (name: string) => disk(`remove ${name}`),
      },
      http: {
        exchange: async ({ suffix }: { suffix: string }) => {
          asked.push(suffix)
          return { status: 200, body: '' }
        },
      },
    },
  } as unknown as DoorJob
  const words: string[] = []
  const say = (_fields: object, message: string) => void words.push(message)
  const log = { info: say, warn: say }
  const sources = { log, now: () => performance.now() } as unknown as JobSources
  const tally = createTally()
  const server = { progressUrl: 'http://127.0.0.1:1/progress', logLevel: 16, hasToken: false }
  const made = deliverFilm(
    sources,
    job,
    { ...server, filePath: path },
    {
      session: () => ({ plan: samplePlan, tally }) as unknown as LiveSession,
      startSeconds: () => 0,
      onProblem: (problem) => void words.push(problem),
    },
  )
  return { made, asked, words, tally, released }
}

describe('the delivery of a whole file', () => {
  it('writes through the shim, under the name that the server gave it', async () => {
    const { made, asked } = delivery()
    const output = made.output(samplePlan)
    await output.opened()
    await output.publish(segment(true, 1, 2, 3))
    await output.finish()
    expect(asked).toEqual([`write ${path}`, 'writeAt 0 3'])
    expect(made.mode).toBe('file')
  })

  it('waits where the disk is full, and goes on when there is room', async () => {
    const { made, asked, words, tally } = delivery(1)
    const writing = made.output(samplePlan).publish(segment(true, 1))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([...tally.waitsFor]).toEqual(['E_DISK_FULL: /transcode'])
    await writing
    expect(asked.filter((what) => what.startsWith('writeAt'))).toHaveLength(2)
    expect([...tally.waitsFor]).toEqual([])
    expect(words).toHaveLength(2)
  })

  it('tells how long the file is, and how much of the film is made wherever that lies', async () => {
    const { made, asked, tally } = delivery()
    await made.output(samplePlan).publish(segment(false, 1, 2, 3, 4))
    const lease = { part: 'video', nodeName: 'a' } as Parameters<typeof tally.arrived>[0]
    for (const number of [0, 4, 5]) tally.arrived(lease, number)
    await made.reports.begin([sampleInfo([], { durationSeconds: 12 })])
    await made.reports.finish()
    // Three segments of two seconds in a film of twelve.
    expect(asked.filter((what) => what.includes('progress='))).toEqual([
      expect.stringMatching(/progress=0\.0&size=4&/),
      expect.stringMatching(/progress=50\.0&size=4&/),
    ])
  })

  it('takes a file away that failed', async () => {
    const { made, asked } = delivery()
    const output = made.output(samplePlan)
    await output.opened()
    await output.fail('no node is left')
    expect(asked).toEqual([`write ${path}`, `remove ${path}`])
  })
})
