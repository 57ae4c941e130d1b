import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  becomesIdle,
  childrenOf,
  commandLineOf,
  encodersOf,
  eventually,
  grantOrder,
  isRunning,
  pictureArgs,
  type Rig,
  startRig,
} from './fixture.ts'

let rig: Rig

beforeEach(async () => {
  rig = await startRig({ beatMs: 50 })
})

afterEach(async () => {
  await rig.close()
  expect(childrenOf(process.pid)).toEqual([])
  expect(rig.head.complaints).toEqual([])
})

/** The one ffmpeg that runs, or does so in a moment: the shell that becomes it takes a millisecond. */
async function encoder(): Promise<number> {
  const [pid, ...more] = await eventually('an ffmpeg', () => {
    const pids = encodersOf(process.pid)
    return pids.length > 0 && pids
  })
  if (pid === undefined || more.length > 0) throw new Error('there is not exactly one ffmpeg')
  return pid
}

function untilStored(attempt: string, count: number): Promise<boolean> {
  return eventually(`${count} segments`, () => rig.head.numbers(attempt).length >= count)
}

/** What leases without any order deliver, to compare with. */
async function uncut(seconds: number): Promise<readonly Buffer[]> {
  rig.grant({ attempt: 'uncut', args: pictureArgs({ seconds }) })
  await rig.report('uncut')
  return rig.head.stored.get('uncut')!.map((segment) => segment.bytes)
}

describe('a lease that is left alone', () => {
  test('delivers every segment in order and ends clean', async () => {
    rig.grant({ attempt: 'a', from: 5, args: pictureArgs({ seconds: 4, from: 5 }) })
    const report = await rig.report('a')
    expect(report).toMatchObject({ type: 'ended', node: 'node-1', outcome: 'clean', next: 15, exitCode: 0 })
    expect(report.cpuSeconds).toBeGreaterThan(0)
    expect(report.stderr.length).toBeLessThanOrEqual(2_000)
    expect(report.stderr).toContain('video:')
    expect(rig.head.numbers('a')).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
  })

  test('is killed when it goes on beyond its last segment', async () => {
    rig.grant({ attempt: 'a', to: 3, args: pictureArgs({ seconds: 60, pace: 'real' }) })
    expect(await rig.report('a')).toMatchObject({ outcome: 'stopped', next: 3, exitCode: null })
    expect(rig.head.numbers('a')).toEqual([0, 1, 2])
  })

  test('shows in every beat until the head has heard that it is over', async () => {
    rig.control.unanswered = 2
    rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 2, pace: 'real' }) })
    const seen = await eventually('progress', () => {
      const lease = rig.control.beats.at(-1)?.leases[0]
      return lease !== undefined && lease.frames > 0 && lease.next > 0 ? lease : undefined
    })
    expect(seen).toMatchObject({ attempt: 'a' })
    expect(seen.speed).toBeGreaterThan(0)
    expect(await rig.report('a')).toMatchObject({ outcome: 'clean', next: 5 })
    expect(rig.control.tries).toBe(3)
    await eventually('an empty beat', () => rig.control.beats.at(-1)?.leases.length === 0)
    expect(new Set(rig.control.beats.map((beat) => beat.boot)).size).toBe(1)
    expect(rig.control.beats[0]).toMatchObject({
      node: 'node-1',
      name: 'first',
      contract: 2,
      platforms: ['software'],
    })
  })
})

describe('a cut', () => {
  test('gives exactly the segments before it, byte for byte, and ends ffmpeg', async () => {
    const expected = await uncut(2)
    rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 2, pace: 'real' }) })
    const pid = await encoder()
    expect(rig.control.order({ type: 'cut', attempt: 'a', at: 3 })).toEqual({ ok: true })
    expect(await rig.report('a')).toMatchObject({ outcome: 'stopped', next: 3, exitCode: null })
    expect(isRunning(pid)).toBe(false)
    expect(rig.head.stored.get('a')!.map((segment) => segment.bytes)).toEqual(expected.slice(0, 3))
  })

  test('in the past ends ffmpeg at once', async () => {
    rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 60, pace: 'real' }) })
    await untilStored('a', 2)
    rig.control.order({ type: 'cut', attempt: 'a', at: 1 })
    const pid = encodersOf(process.pid)[0]
    await eventually('the end of ffmpeg', () => pid === undefined || !isRunning(pid), 500)
    expect(await rig.report('a')).toMatchObject({ outcome: 'stopped', next: 2 })
  })

  test('cannot be moved to a later segment', async () => {
    rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 60, pace: 'real' }) })
    rig.control.order({ type: 'cut', attempt: 'a', at: 2 })
    rig.control.order({ type: 'cut', attempt: 'a', at: 9 })
    expect(await rig.report('a')).toMatchObject({ outcome: 'stopped', next: 2 })
  })

  test('beyond the credit waits for it', async () => {
    rig.grant({ attempt: 'a', until: 1, args: pictureArgs({ seconds: 60 }) })
    rig.control.order({ type: 'cut', attempt: 'a', at: 3 })
    await untilStored('a', 1)
    await sleep(200)
    expect(rig.head.numbers('a')).toEqual([0])
    rig.control.order({ type: 'extend', attempt: 'a', until: 10 })
    expect(await rig.report('a')).toMatchObject({ outcome: 'stopped', next: 3 })
  })
})

describe('the credit', () => {
  test('stops ffmpeg itself, and raising it lets ffmpeg go on to the same end', async () => {
    const expected = await uncut(8)
    rig.grant({ attempt: 'a', until: 2, args: pictureArgs({ seconds: 8 }) })
    await untilStored('a', 2)
    await becomesIdle(await encoder())
    expect(rig.head.numbers('a')).toEqual([0, 1])
    rig.control.order({ type: 'extend', attempt: 'a', until: 5 })
    await untilStored('a', 5)
    await sleep(200)
    expect(rig.head.numbers('a')).toEqual([0, 1, 2, 3, 4])
    rig.control.order({ type: 'extend', attempt: 'a', until: 1_000 })
    expect(await rig.report('a')).toMatchObject({ outcome: 'clean', next: 20 })
    expect(rig.head.bytesOf('a')).toEqual(Buffer.concat(expected))
  })
})

describe('a lower credit', () => {
  test('lets the segment in hand be finished, and no other be begun before it is raised again', async () => {
    rig.grant({ attempt: 'a', until: 1_000, args: pictureArgs({ seconds: 60, pace: 'real' }) })
    await untilStored('a', 1)
    rig.control.order({ type: 'extend', attempt: 'a', until: 2 })
    await untilStored('a', 2)
    await sleep(1_500)
    expect(rig.head.numbers('a')).toEqual([0, 1])
    rig.control.order({ type: 'extend', attempt: 'a', until: 4 })
    rig.control.order({ type: 'cut', attempt: 'a', at: 4 })
    expect(await rig.report('a')).toMatchObject({ outcome: 'stopped', next: 4 })
  })
})

describe('a cancel', () => {
  test('ends ffmpeg within 500 ms and gives up what is not delivered', async () => {
    rig.head.intercept = () => new Promise(() => {})
    rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 60, pace: 'real' }) })
    const pid = await encoder()
    await eventually('an upload', () => rig.head.requests.length > 0)
    const started = performance.now()
    rig.control.order({ type: 'cancel', attempt: 'a' })
    await eventually('the end of ffmpeg', () => !isRunning(pid))
    const report = await rig.report('a')
    expect(performance.now() - started).toBeLessThan(500)
    expect(report).toMatchObject({ outcome: 'stopped', next: 0, exitCode: null })
  })

  test('ends a lease that waits for credit', async () => {
    rig.grant({ attempt: 'a', until: 0, args: pictureArgs({ seconds: 60 }) })
    await sleep(150)
    rig.control.order({ type: 'cancel', attempt: 'a' })
    expect(await rig.report('a')).toMatchObject({ outcome: 'stopped', next: 0 })
  })
})

describe('an ffmpeg that goes wrong', () => {
  test('is reported as failed with its exit code and last words', async () => {
    rig.grant({ attempt: 'a', args: ['-nostdin', '-hide_banner', '-i', '/nothing/here.mkv', '{output}/%d'] })
    const report = await rig.report('a')
    expect(report).toMatchObject({ outcome: 'failed', next: 0, exitCode: 1 })
    expect(report.stderr).toContain('/nothing/here.mkv: No such file or directory')
  })

  test('and dies in mid-segment loses that segment only', async () => {
    rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 60, pace: 'real' }) })
    await untilStored('a', 2)
    process.kill(await encoder(), 'SIGKILL')
    expect(await rig.report('a')).toMatchObject({ outcome: 'failed', next: 2, exitCode: null })
    expect(rig.head.numbers('a')).toEqual([0, 1])
  })

  test('and numbers its segments wrongly delivers none of them', async () => {
    rig.grant({ attempt: 'a', from: 5, args: pictureArgs({ seconds: 4, from: 7 }) })
    const report = await rig.report('a')
    expect(report).toMatchObject({ outcome: 'failed', next: 5 })
    expect(report.stderr).toContain('segment 7 where 5 was due')
    expect(rig.head.requests).toEqual([])
  })
})

describe('orders', () => {
  test('that grant the same attempt twice start it once', async () => {
    const order = grantOrder({ attempt: 'a', args: pictureArgs({ seconds: 60, pace: 'real' }) })
    expect(rig.control.order(order)).toEqual({ ok: true })
    expect(rig.control.order(order)).toEqual({ ok: true })
    expect(await encoder()).toBeGreaterThan(0)
  })

  test('about an attempt that is not here are refused', () => {
    const refusal = { ok: false, code: 'unknown-attempt', message: 'b' }
    expect(rig.control.order({ type: 'cut', attempt: 'b', at: 1 })).toEqual(refusal)
    expect(rig.control.order({ type: 'extend', attempt: 'b', until: 1 })).toEqual(refusal)
    expect(rig.control.order({ type: 'cancel', attempt: 'b' })).toEqual(refusal)
  })

  test.for([
    { from: 3, to: 3 },
    { from: -1 },
    { until: 1.5 },
    { args: ['-i', '{input:0}'] },
    { inputs: [{ url: '/', identity: 'x', size: -1 }] },
  ])('that make no sense are refused and start nothing: %j', async (fault) => {
    expect(rig.control.order(grantOrder(fault))).toMatchObject({ ok: false, code: 'bad-order' })
    await sleep(20)
    expect(encodersOf(process.pid)).toEqual([])
  })
})

describe('a head that is out of reach', () => {
  test('for too long ends every ffmpeg, and hears of it once it is back', async () => {
    await rig.close()
    rig = await startRig({ headPatienceMs: 200 })
    rig.control.unanswered = 1
    rig.grant({ attempt: 'a', until: 0, args: pictureArgs({ seconds: 60 }) })
    const pid = await encoder()
    rig.control.disconnect()
    await sleep(100)
    expect(isRunning(pid)).toBe(true)
    await eventually('the end of ffmpeg', () => !isRunning(pid), 1_000)
    rig.control.reconnect()
    expect(await rig.report('a')).toMatchObject({ outcome: 'stopped', next: 0 })
  })

  test('for a moment changes nothing', async () => {
    await rig.close()
    rig = await startRig({ headPatienceMs: 200 })
    rig.grant({ attempt: 'a', until: 0, args: pictureArgs({ seconds: 60 }) })
    const pid = await encoder()
    rig.control.disconnect()
    await sleep(100)
    rig.control.reconnect()
    await sleep(250)
    expect(isRunning(pid)).toBe(true)
  })

  test('so that sending a report throws is told again', async () => {
    rig.control.failing = 1
    rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 1 }) })
    expect(await rig.report('a')).toMatchObject({ outcome: 'clean' })
    expect(rig.control.tries).toBe(2)
  })
})

test('ffmpeg runs in its own process group with few variables, away from the agent’s folder', async () => {
  process.env.PACELINE_TEST_SECRET = 'secret'
  process.env.http_proxy = 'http://127.0.0.1:9'
  // The shells that become ffmpeg are forked when an agent starts.
  await rig.close()
  rig = await startRig()
  rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 60, pace: 'real' }) })
  const pid = await encoder()
  delete process.env.PACELINE_TEST_SECRET
  delete process.env.http_proxy
  const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .map((line) => line.split('=')[0])
  expect(names).toContain('PATH')
  expect(names).not.toContain('PACELINE_TEST_SECRET')
  expect(names).not.toContain('http_proxy')
  expect(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[2]).toBe(String(pid))
})

test('closing the agent ends every ffmpeg, tells the head, and leaves its port', async () => {
  rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 60, pace: 'real' }) })
  rig.grant({ attempt: 'b', until: 0, args: pictureArgs({ seconds: 60 }) })
  const pids = await eventually('two of them', () => {
    const running = encodersOf(process.pid)
    return running.length === 2 && running
  })
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(commandLineOf(pids[0]!).join(' '))?.[1])
  await rig.agent.close()
  expect(pids.filter(isRunning)).toEqual([])
  expect(rig.control.closed).toBe(true)
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
  expect(rig.control.reports.map(({ attempt, outcome }) => [attempt, outcome]).sort()).toEqual([
    ['a', 'stopped'],
    ['b', 'stopped'],
  ])
  expect(rig.control.order(grantOrder({ attempt: 'c' }))).toMatchObject({
    ok: false,
    code: 'stopping',
  })
})
