import pino from 'pino'
import { describe, expect, it } from 'vitest'
import type { DoorJob } from '../door/door-job.ts'
import type { JobSources } from '../job-sources.ts'
import { eventually } from '../testing/eventually.ts'
import type { ObservedJob } from './observed-log.ts'
import { createObserver, type ObserverOptions } from './observer.ts'

const plan = { video: { operations: [], rate: { num: 25, den: 1 } } }

function observerOf(carryOut: ObserverOptions['carryOut']) {
  const written: ObservedJob[] = []
  const warnings: string[] = []
  const log = {
    ...pino({ level: 'silent' }),
    info() {},
    warn: (text: string) => void warnings.push(text),
    error() {},
  }
  const node = { id: 'a', name: 'loft', cores: 1, platforms: ['software'], speed: 3 }
  const sources = {
    fleet: { nodes: () => [node] },
    hall: { start: () => Promise.reject(new Error('a session was begun')) },
    log: Object.assign(log, { child: () => pino({ level: 'silent' }) }),
  } as unknown as JobSources
  const observer = createObserver({
    ...{ sources, carryOut, isOn: true, today: () => new Date(0) },
    log: { add: async (job) => void written.push(job), last: async (count) => written.slice(-count) },
  })
  return { observer, written, warnings }
}

function jobOf(title: string) {
  const answers: string[] = []
  const job = {
    args: ['-i', `/films/${title}`],
    inputs: [],
    local: (reason: string) => answers.push(reason) > 0,
  }
  return { job: job as unknown as DoorJob, answers }
}

const starts: ObserverOptions['carryOut'] = async ({ hall }, job) => {
  if (!job.accept()) return
  await hall.start({ plan } as never).catch(() => undefined)
  job.local('after the session')
}

describe('the observer', () => {
  it('gives the job to the original before it looks at it', async () => {
    const { job, answers } = jobOf('film.mkv')
    let answeredBefore: boolean | null = null
    const { observer, written } = observerOf(async (sources, dry) => {
      answeredBefore = answers.length === 1
      await starts(sources, dry)
    })
    observer.take(job)
    expect(answers).toEqual([expect.stringMatching(/^observe-only: /)])
    await eventually(() => written.length === 1)
    expect(answeredBefore).toBe(true)
    expect(answers).toHaveLength(1)
  })

  it('writes down the nodes that would have had the session, which never begins', async () => {
    const { observer, written } = observerOf(starts)
    observer.take(jobOf('film.mkv').job)
    await eventually(() => written.length === 1)
    expect(written).toEqual([
      {
        ...{ at: '1970-01-01T00:00:00.000Z', title: 'film.mkv', decision: 'node', reason: null },
        ...{ nodes: ['loft'], speed: 3, basis: 'measured', watts: null },
      },
    ])
  })

  it('writes down a reason, shortened where somebody made it long', async () => {
    const { observer, written } = observerOf(
      async (_sources, job) => void job.local(`live: ${'x'.repeat(9_999)}`),
    )
    observer.take(jobOf(`${'y'.repeat(999)}.mkv`).job)
    await eventually(() => written.length === 1)
    expect(written[0]).toMatchObject({ decision: 'local', nodes: [] })
    expect([written[0]?.reason?.length, written[0]?.title.length]).toEqual([500, 200])
  })

  it('looks at one job after the other, and goes on after one that cannot be looked at', async () => {
    let now = 0
    let most = 0
    const { observer, written } = observerOf(async (sources, job) => {
      now += 1
      most = Math.max(most, now)
      await new Promise((done) => setTimeout(done, 5))
      now -= 1
      if (job.args[1] === '/films/b') throw new Error('a fault')
      await starts(sources, job)
    })
    for (const title of ['a', 'b', 'c']) observer.take(jobOf(title).job)
    await eventually(() => written.length === 2)
    expect([most, written.map(({ title }) => title)]).toEqual([1, ['a', 'c']])
  })

  it('does not pile them up without end, and no job waits for it', async () => {
    let release: () => void = () => {}
    const held = new Promise<void>((done) => {
      release = done
    })
    const { observer, written, warnings } = observerOf(async (_sources, job) => {
      await held
      job.local('live')
    })
    const all = Array.from({ length: 60 }, (_, n) => jobOf(String(n)))
    for (const { job } of all) observer.take(job)
    expect(all.map(({ answers }) => answers.length)).toEqual(all.map(() => 1))
    expect(warnings).toHaveLength(10)
    release()
    await eventually(() => written.length === 50)
  })

  it('ends what it looks at when the head is closed', async () => {
    const { observer, written } = observerOf(
      (_sources, job) => new Promise((done) => job.released.addEventListener('abort', () => done())),
    )
    observer.take(jobOf('a').job)
    observer.take(jobOf('b').job)
    await new Promise((done) => setTimeout(done, 20))
    await observer.close()
    expect(written.map(({ decision }) => decision)).toEqual(['unknown'])
  })

  it('is switched on and off', () => {
    const { observer } = observerOf(starts)
    expect(observer.isOn()).toBe(true)
    observer.set(false)
    expect(observer.isOn()).toBe(false)
  })
})
