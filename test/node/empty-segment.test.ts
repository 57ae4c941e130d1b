import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { grantOrder, pictureArgs, type Rig, startRig } from './fixture.ts'

let rig: Rig

beforeEach(async () => {
  rig = await startRig({ beatMs: 50 })
})

afterEach(async () => {
  await rig.close()
  expect(rig.head.complaints).toEqual([])
})

/** As {@link pictureArgs}, but no picture before `slot` is kept: what a lease behind the end of its input gets. */
function argsFrom(slot: number, from: number): readonly string[] {
  const args = pictureArgs({ seconds: 2, from })
  const codec = args.indexOf('-c:v')
  return [...args.slice(0, codec), '-vf', `trim=start_frame=${slot}`, ...args.slice(codec)]
}

describe('a lease that begins where the input has ended', () => {
  test('delivers nothing, not even the empty file that ffmpeg makes, and says so cleanly', async () => {
    rig.grant({ attempt: 'a', from: 7, args: argsFrom(100, 7) })
    expect(await rig.report('a')).toMatchObject({ outcome: 'clean', next: 7, exitCode: 0 })
    expect(rig.head.requests).toEqual([])
  })

  test('leaves nothing behind that would keep the agent from the next one', async () => {
    rig.grant({ attempt: 'a', from: 7, args: argsFrom(100, 7) })
    await rig.report('a')
    rig.grant(grantOrder({ attempt: 'b', from: 0, args: argsFrom(40, 0) }))
    expect(await rig.report('b')).toMatchObject({ outcome: 'clean', next: 1 })
    expect(rig.head.numbers('b')).toEqual([0])
  })
})
