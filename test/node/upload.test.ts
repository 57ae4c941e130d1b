import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { fingerprintOf, makeCertificate } from '../../src/cluster/certificate.ts'
import { createHeadClient } from '../../src/node/head-client.ts'
import {
  becomesIdle,
  childrenOf,
  encodersOf,
  eventually,
  pictureArgs,
  type Rig,
  startRig,
} from './fixture.ts'
import { end, type Interception } from './test-head.ts'

let rig: Rig

afterEach(async () => {
  await rig.close()
  expect(childrenOf(process.pid)).toEqual([])
  expect(rig.head.complaints).toEqual([])
})

const isSegment = (request: IncomingMessage, number: number) => request.url?.endsWith(`/${number}`) ?? false

/** Misbehaves the first `times` that segment 1 comes. */
function firstTimes(times: number, misbehave: Interception): Interception {
  let left = times
  return (request, response) => {
    if (!isSegment(request, 1) || left === 0) return false
    left -= 1
    return misbehave(request, response)
  }
}

const troubles: Record<string, Interception> = {
  'has no room for a while': (_, response) => {
    end(response, 507)
    return true
  },
  'fails inside': (_, response) => {
    end(response, 500)
    return true
  },
  'closes the connection before the answer': (request) => {
    request.socket.destroy()
    return true
  },
  'closes the connection within the body': async (request) => {
    request.once('data', () => request.socket.destroy())
    return true
  },
  'stores the segment and its answer is lost': async (request) => {
    await sleep(20)
    request.socket.destroy()
    return true
  },
}

test.for(Object.keys(troubles))('a head that %s gets every segment in the end, in order', async (name) => {
  rig = await startRig()
  rig.head.intercept = firstTimes(3, troubles[name]!)
  rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 2 }) })
  expect(await rig.report('a')).toMatchObject({ outcome: 'clean', next: 5 })
  expect(rig.head.numbers('a')).toEqual([0, 1, 2, 3, 4])
  expect(rig.head.requests.filter((line) => line === 'PUT segment 1')).toHaveLength(4)
})

test('a head that is slow does not hold up ffmpeg', async () => {
  rig = await startRig({ beatMs: 50 })
  rig.head.intercept = async () => {
    await sleep(150)
    return false
  }
  rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 4 }) })
  await eventually(
    'the end of ffmpeg',
    () => rig.head.requests.length > 0 && encodersOf(process.pid).length === 0,
  )
  expect(rig.head.numbers('a').length).toBeLessThan(8)
  expect(rig.control.reports).toEqual([])
  expect(await rig.report('a')).toMatchObject({ outcome: 'clean', next: 10 })
})

test.for([401, 409, 410])('a head that answers %i to a segment ends the lease at once', async (status) => {
  rig = await startRig()
  rig.head.intercept = (request, response) => {
    if (isSegment(request, 1)) end(response, status)
    return isSegment(request, 1)
  }
  rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 60, pace: 'real' }) })
  const report = await rig.report('a')
  expect(report).toMatchObject({ outcome: 'stopped', next: 1, exitCode: null })
  expect(report.stderr).toContain(`the head answers ${status} to segment 1`)
  expect(rig.head.numbers('a')).toEqual([0])
})

test('a head that refuses a segment as wrong makes the lease fail', async () => {
  rig = await startRig()
  rig.head.intercept = (request, response) => {
    if (isSegment(request, 1)) end(response, 400)
    return isSegment(request, 1)
  }
  rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 2 }) })
  expect(await rig.report('a')).toMatchObject({ outcome: 'failed', next: 1 })
})

test('a refusal after the cut was reached makes the lease fail all the same', async () => {
  rig = await startRig()
  let answer = () => {}
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  rig.head.intercept = async (request, response) => {
    if (!isSegment(request, 1)) return false
    await answered
    end(response, 400)
    return true
  }
  rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 60, pace: 'real' }) })
  rig.control.order({ type: 'cut', attempt: 'a', at: 2 })
  await eventually(
    'the end of ffmpeg',
    () => rig.head.requests.length > 0 && encodersOf(process.pid).length === 0,
  )
  answer()
  expect(await rig.report('a')).toMatchObject({ outcome: 'failed', next: 1 })
})

test('a head that takes nothing fills a bounded store, and then ffmpeg waits', async () => {
  rig = await startRig({ segmentBytes: 50_000 })
  let open = false
  rig.head.intercept = (request) => {
    if (!open) request.socket.destroy()
    return !open
  }
  rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 40 }) })
  await eventually('an encoder', () => encodersOf(process.pid).length > 0)
  const [pid] = encodersOf(process.pid)
  await becomesIdle(pid!)
  expect(rig.control.reports).toEqual([])
  open = true
  expect(await rig.report('a')).toMatchObject({ outcome: 'clean', next: 100 })
  expect(rig.head.numbers('a')).toEqual(Array.from({ length: 100 }, (_, index) => index))
})

test('segments are offered again as soon as the connection to the head is back', async () => {
  rig = await startRig()
  let isAway = true
  rig.head.intercept = (request) => {
    if (isAway) request.socket.destroy()
    return isAway
  }
  rig.grant({ attempt: 'a', args: pictureArgs({ seconds: 1 }) })
  // By now the pauses are 1.5 s and longer.
  await eventually('many tries', () => rig.head.requests.length >= 7)
  isAway = false
  const backMs = performance.now()
  rig.control.reconnect()
  await eventually('a segment', () => rig.head.stored.get('a')?.length)
  expect(performance.now() - backMs).toBeLessThan(1_200)
  expect(await rig.report('a')).toMatchObject({ outcome: 'clean', next: 3 })
}, 20_000)

test('nothing is said to a server with another certificate, whoever signed it', async () => {
  rig = await startRig()
  const client = createHeadClient(rig.head.url, {
    fingerprint: fingerprintOf(makeCertificate().certificate),
    identity: rig.head.node,
  })
  const { signal } = new AbortController()
  const asked = client.request({ method: 'GET', path: '/', headers: {}, signal })
  await expect(asked).rejects.toMatchObject({ code: 'E_HEAD_CHANGED' })
  expect(rig.head.requests).toEqual([])
  client.close()
})
