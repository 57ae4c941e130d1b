import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'
import { copyPlan, packetsOf, picturesOf, serversOwn } from './copied-job.ts'
import { everySegment, LeaseRunner, uncut } from './lease-runner.ts'

let runner: LeaseRunner
beforeAll(async () => {
  runner = await LeaseRunner.open()
})
afterAll(() => runner.close())

const clips: readonly ClipOptions[] = [
  { container: 'mp4', openGop: true, rate: '24000/1001', seconds: 24, gop: 30, audio: 'aac-48000' },
  { container: 'mp4', codec: 'hevc', openGop: true, rate: '30000/1001', seconds: 24, gop: 75, audio: 'ac3' },
  {
    container: 'mkv',
    openGop: true,
    rate: '24000/1001',
    bFrames: 4,
    seconds: 24,
    gop: 48,
    audio: 'aac-44100',
  },
  { container: 'mkv', rate: 'variable', seconds: 24, gop: 40, audio: 'aac-48000' },
  { container: 'ts', openGop: true, gop: 60, seconds: 24, audio: 'aac-48000' },
]

describe('copied pictures', () => {
  it.each(clips)(
    'are those of one copy, packet by packet, with leases cut at every segment: %o',
    async (clip) => {
      const path = await makeClip(clip)
      const plan = await copyPlan(path, [])
      const whole = await runner.make(plan, uncut)
      expect(whole.segments.length).toBeGreaterThan(4)
      const pieces = await runner.make(plan, { video: everySegment(plan), audio: [] })
      expect(await picturesOf(pieces)).toEqual(await picturesOf(whole))
      expect(await packetsOf(pieces.files, 'a', 'pts')).toEqual(await packetsOf(whole.files, 'a', 'pts'))
      const killed = await runner.make(plan, { video: [6], audio: [], end: 'killed' })
      expect(await picturesOf(killed)).toEqual(await picturesOf(whole))
    },
  )

  it.each(clips)(
    'come out as the server’s own command line makes them, sound with them: %o',
    async (clip) => {
      const path = await makeClip(clip)
      const folder = await mkdtemp(join(tmpdir(), 'paceline-copied-'))
      try {
        const own = await serversOwn(path, [], folder)
        const plan = await copyPlan(path, [])
        const made = await runner.make(plan, { video: everySegment(plan), audio: [] })
        // Decoding times of the first pictures are FFmpeg’s guess where a container has none.
        expect(await packetsOf(made.files, 'v', 'pts')).toEqual(await packetsOf(own, 'v', 'pts'))
        const counts = (packets: string[][]) => packets.map(({ length }) => length)
        expect(counts(await packetsOf(made.files, 'a', 'pts'))).toEqual(
          counts(await packetsOf(own, 'a', 'pts')),
        )
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  )

  it.each(clips)('begin after a seek with the key frame before it: %o', async (clip) => {
    const path = await makeClip(clip)
    const folder = await mkdtemp(join(tmpdir(), 'paceline-copied-'))
    try {
      const seek = ['-ss', '9.1']
      const own = await serversOwn(path, seek, folder)
      const plan = await copyPlan(path, seek)
      const made = await runner.make(plan, { video: everySegment(plan), audio: [] })
      // To a tenth of a millisecond: where a container has no decoding times, FFmpeg rounds once more.
      const shown = async (files: readonly string[]) =>
        (await packetsOf(files, 'v', 'pts')).flat().map((ticks) => Math.round(Number(ticks) / 9))
      expect(await shown(made.files)).toEqual(await shown(own))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
