import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LogLine } from '../../src/head/api/contract/node-detail.ts'
import type { AllSegments, SessionDetail } from '../../src/head/api/contract/session-detail.ts'
import type { Snapshot } from '../../src/head/api/contract/snapshot.ts'
import { WebCaller } from '../attacks/browser.ts'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'

let paceline: RunningPaceline
let caller: WebCaller
let folder: string
let id: string

async function get<T>(path: string): Promise<T> {
  const reply = await caller.send('GET', `/api/v1${path}`, await caller.token('viewer'))
  expect(reply.status).toBe(200)
  return JSON.parse(reply.text) as T
}

beforeAll(async () => {
  // A lease for each segment or two, so that hands change often.
  paceline = await startPaceline({ nodes: 2, environment: { PACELINE_MAX_LEASE_SEGMENTS: '2' } })
  caller = await WebCaller.at(paceline)
  folder = await mkdtemp(join(tmpdir(), 'paceline-views-'))
  const clip = await makeClip({ container: 'mkv', seconds: 20 })
  const made = await paceline.run('transcode', clip, join(folder, 'out.mp4'), '--json')
  expect(made.exit).toBe(0)
  id = (await get<Snapshot>('/state')).recent.at(-1)!.id
})

afterAll(async () => {
  caller?.close()
  await paceline?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('the strip of a session that real nodes made', () => {
  it('is in the order of publication, with the makers that the head recorded', async () => {
    const { segments } = await get<AllSegments>(`/sessions/${id}/segments`)
    const { recent } = await get<{
      recent: { id: string; publishedSegments: number; arrivals: { segment: number; node: string }[] }[]
    }>('/status')
    const recorded = recent.find((session) => session.id === id)!
    expect(segments.length).toBe(recorded.publishedSegments)
    expect(segments.length).toBeGreaterThan(5)
    const byNumber = recorded.arrivals.toSorted((one, other) => one.segment - other.segment)
    expect(segments.map(([segment, node]) => ({ segment, node }))).toEqual(byNumber)
    const times = segments.map(([, , , publishedAtMs]) => publishedAtMs ?? Number.NaN)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(new Set(segments.map(([, node]) => node)).size).toBe(2)
  })

  it('agrees with what each node wrote down itself', async () => {
    const { segments } = await get<AllSegments>(`/sessions/${id}/segments`)
    const log = await get<LogLine[]>(`/logs?session=${id}&last=1000`)
    const granted = new Map(
      log
        .filter(({ message, fields }) => message === 'order' && fields.type === 'grant')
        .map(({ from, fields }) => [fields.attempt, from]),
    )
    for (const [segment, node, attempt] of segments) {
      expect([segment, granted.get(attempt)]).toEqual([segment, node])
    }
  })
})

describe('the page of a session', () => {
  it('says what it was, who ran what and why, and that it ended well', async () => {
    const detail = await get<SessionDetail>(`/sessions/${id}`)
    expect(detail.session).toMatchObject({
      state: 'finished',
      dialect: 'paceline',
      mode: 'file',
      reason: null,
    })
    expect(detail.plan[0]).toMatch(/^It reads .*\.mkv\.$/)
    expect(detail.ran.length).toBeGreaterThan(3)
    for (const { args, why, outcome } of detail.ran) {
      expect(args.length).toBeGreaterThan(10)
      expect(why).toMatch(/node/)
      expect(outcome).not.toBeNull()
    }
    expect(detail.moments.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['begun', 'lease', 'published', 'ended']),
    )
    expect(detail.errors).toEqual([])
  })

  it('has the lines of all logs that are about it, in the order of time', async () => {
    const { stdout, exit } = await paceline.run('logs', '--session', id, '--json')
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LogLine)
    expect(exit).toBe(0)
    expect(new Set(lines.map(({ from }) => from))).toEqual(new Set(['head', 'node-1', 'node-2']))
    expect(lines.every(({ session }) => session === id)).toBe(true)
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['a session begins', 'order', 'lease over', 'a session is over']),
    )
    const times = lines.map(({ atMs }) => atMs)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
  })
})
