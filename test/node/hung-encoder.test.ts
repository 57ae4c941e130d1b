import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import {
  childrenOf,
  encodersOf,
  eventually,
  isRunning,
  leaseInput,
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
})

const nextEncoder = async (than: readonly number[]): Promise<number> =>
  eventually('another ffmpeg', () => encodersOf(process.pid).find((pid) => !than.includes(pid)))

test('an ffmpeg that hangs ends its lease within seconds; one that waits for the head does not', async () => {
  rig.head.media[0] = readFileSync(await makeClip({ container: 'mkv' }))
  rig.head.intercept = (request) => request.method === 'GET'
  rig.grant({ attempt: 'without-credit', until: 2, args: pictureArgs({ seconds: 60 }) })
  const waiting = [await nextEncoder([])]
  const input = leaseInput(rig.head, 'without-media', 0, 'film')
  const reading = ['-nostdin', '-progress', '{progress}', '-i', '{input:0}', '-map', '0:v', '-f', 'segment']
  rig.grant({ attempt: 'without-media', args: [...reading, '{output}/%d'], inputs: [input] })
  waiting.push(await nextEncoder(waiting))
  rig.grant({ attempt: 'hung', args: pictureArgs({ seconds: 60, pace: 'real' }) })
  const hung = await nextEncoder(waiting)
  await eventually('a segment', () => rig.head.numbers('hung').length > 0)

  process.kill(-hung, 'SIGSTOP')
  const stoppedAtMs = performance.now()
  const report = await rig.report('hung')
  const seconds = (performance.now() - stoppedAtMs) / 1000
  expect(report).toMatchObject({ outcome: 'failed', exitCode: null })
  expect(report.stderr).toMatch(/E_ENCODER_HUNG: ffmpeg hangs, there was no sign of life from it for 4 s$/)
  expect(seconds).toBeGreaterThan(3)
  expect(seconds).toBeLessThan(8)
  expect(isRunning(hung)).toBe(false)
  expect(rig.head.numbers('hung')).toEqual([...Array(report.next).keys()])

  expect(rig.control.reports).toHaveLength(1)
  expect(waiting.map(isRunning)).toEqual([true, true])
  expect(rig.head.numbers('without-credit')).toEqual([0, 1])
})
