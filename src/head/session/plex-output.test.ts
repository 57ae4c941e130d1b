import { beforeEach, describe, expect, it } from 'vitest'
import type { PlexPublisher } from '../../dialects/plex/publisher.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import type { FinishedSegment } from './output.ts'
import { openPlexOutput } from './plex-output.ts'

let calls: string[]
let trouble: Error | null

beforeEach(() => {
  calls = []
  trouble = null
})

const publisher: Pick<PlexPublisher, 'opened' | 'publish'> = {
  opened: async ({ segment, startSeconds }) => void calls.push(`opened ${segment} at ${startSeconds}`),
  publish: async ({ segment, bytes, last }) => {
    calls.push(`publish ${segment} (${bytes})${last ? ', the last' : ''}`)
    if (trouble) throw trouble
  },
}

const open = (timeline = samplePlan.timeline) =>
  openPlexOutput(publisher as PlexPublisher, { ...samplePlan, timeline })

const segment = (number: number, last = false): FinishedSegment => ({
  ...{ segment: number, bytes: Buffer.from(`bytes of ${number}`), frames: 50, last },
  ...{ startSeconds: number * 2, endSeconds: number * 2 + 2 },
  ...{ endVideoSeconds: number * 2 + 2, endAudioSeconds: number * 2 + 2 },
})

describe('segments on their way to Plex', () => {
  it('are announced as being made before the one before is out of hand', async () => {
    const output = open()
    await output.opened()
    await output.publish(segment(0))
    await output.publish(segment(1, true))
    expect(calls).toEqual([
      'opened 0 at 0',
      'publish 0 (bytes of 0)',
      'opened 1 at 2',
      'publish 1 (bytes of 1), the last',
    ])
  })

  it('begin at the number and the time of the job', async () => {
    await open({ ...samplePlan.timeline, firstSegment: 20, firstSlot: 1_000 }).opened()
    expect(calls).toEqual(['opened 20 at 40'])
  })

  it('are followed by none when they cannot be put in place', async () => {
    trouble = new Error('no such folder')
    await expect(open().publish(segment(0))).rejects.toThrow('no such folder')
    expect(calls).toEqual(['publish 0 (bytes of 0)'])
  })
})
