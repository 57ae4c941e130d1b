import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { copyPlan, packetsOf, picturesOf } from './copied-job.ts'
import { everySegment, LeaseRunner, uncut } from './lease-runner.ts'

let runner: LeaseRunner
beforeAll(async () => {
  runner = await LeaseRunner.open()
})
afterAll(() => runner.close())

describe('copied pictures of a film with open groups of pictures in Matroska', () => {
  it('are those of one copy, packet by packet, with leases cut at every segment', async () => {
    const clip = { openGop: true, rate: '24000/1001', bFrames: 4, gop: 48, audio: 'aac-44100' } as const
    const plan = await copyPlan(await makeClip({ ...clip, container: 'mkv', seconds: 24 }), [])
    const whole = await runner.make(plan, uncut)
    const pieces = await runner.make(plan, { video: everySegment(plan), audio: [] })
    expect(whole.segments.length).toBeGreaterThan(4)
    expect(await picturesOf(pieces)).toEqual(await picturesOf(whole))
    expect(await packetsOf(pieces.files, 'a', 'pts')).toEqual(await packetsOf(whole.files, 'a', 'pts'))
  })
})
