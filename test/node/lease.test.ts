import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually, grantOrder, pictureArgs, processesWith, type Rig, startRig } from './fixture.ts'

let rig: Rig

beforeEach(async () => {
  rig = await startRig()
})

afterEach(async () => {
  await rig.close()
})

test('a lease that runs to its end delivers every segment in order and is clean', async () => {
  rig.grant({ attempt: 'a', from: 5, args: pictureArgs({ seconds: 4, from: 5 }) })
  const report = await rig.report('a')
  expect(report).toMatchObject({ type: 'ended', node: 'node-1', outcome: 'clean', next: 15, exitCode: 0 })
  expect(report.cpuSeconds).toBeGreaterThan(0)
  expect(rig.head.numbers('a')).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
  expect(rig.head.complaints).toEqual([])
})
