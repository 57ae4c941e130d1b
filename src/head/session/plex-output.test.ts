import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlexPublisher } from '../../dialects/plex/publisher.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import type { FinishedSegment } from './output.ts'
import { openPlexOutput } from './plex-output.ts'

let folder: string
let calls: string[]
/** Takes the place of the media server's folder: what a staged file held when it was handed over. */
let handed: string[]
let trouble: Error | null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-plex-output-'))
  calls = []
  handed = []
  trouble = null
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const publisher: Pick<PlexPublisher, 'opened' | 'publish'> = {
  opened: async ({ segment, startSeconds }) => void calls.push(`opened ${segment} at ${startSeconds}`),
  publish: async ({ segment, stagedPath, last }) => {
    calls.push(`publish ${segment}${last ? ', the last' : ''}`)
    if (trouble) throw trouble
    handed.push(await readFile(stagedPath, 'utf8'))
    await rm(stagedPath)
  },
}

function open(timeline = samplePlan.timeline) {
  return openPlexOutput({
    publisher: publisher as PlexPublisher,
    plan: { ...samplePlan, timeline },
    folder: join(folder, 'outgoing'),
    onAnnounce: () => {},
  })
}

const segment = (number: number, last = false): FinishedSegment => ({
  ...{ segment: number, bytes: Buffer.from(`segment ${number}`), frames: 50, last },
  ...{ startSeconds: number * 2, endSeconds: number * 2 + 2 },
  ...{ endVideoSeconds: number * 2 + 2, endAudioSeconds: number * 2 + 2 },
})

describe('segments on their way to Plex', () => {
  it('are announced as being made before the one before is out of hand', async () => {
    const output = open()
    await output.opened()
    await output.publish(segment(0))
    await output.publish(segment(1, true))
    expect(calls).toEqual(['opened 0 at 0', 'publish 0', 'opened 1 at 2', 'publish 1, the last'])
  })

  it('begin at the number and the time of the job', async () => {
    await open({ ...samplePlan.timeline, firstSegment: 20, firstSlot: 1_000 }).opened()
    expect(calls).toEqual(['opened 20 at 40'])
  })

  it('are handed over as files, whole', async () => {
    await open().publish(segment(3))
    expect(handed).toEqual(['segment 3'])
    expect(await readdir(join(folder, 'outgoing'))).toEqual([])
  })

  it('of two jobs do not meet in the folder that both use', async () => {
    await Promise.all([open().publish(segment(0)), open().publish(segment(0))])
    expect(handed).toEqual(['segment 0', 'segment 0'])
  })

  it('leave nothing behind when the job was abandoned before their turn came', async () => {
    const idle = { ...publisher, publish: async () => {} } as unknown as PlexPublisher
    const output = openPlexOutput({
      publisher: idle,
      plan: samplePlan,
      folder: join(folder, 'outgoing'),
      onAnnounce: () => {},
    })
    await output.publish(segment(0))
    expect(await readdir(join(folder, 'outgoing'))).toEqual([])
  })

  it('leave nothing behind when they cannot be put in place', async () => {
    trouble = new Error('no space left on device')
    await expect(open().publish(segment(0))).rejects.toThrow('no space left')
    expect(await readdir(join(folder, 'outgoing'))).toEqual([])
  })
})
