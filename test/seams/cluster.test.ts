import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClipOptions, clipFrames, makeClip } from '../clips/make-clip.ts'
import { type AudioRead, readAudio } from '../clips/read-audio.ts'
import { type FramesRead, readFrames } from '../clips/read-frames.ts'
import { startPaceline } from '../fixture/paceline.ts'
import { codecNoise } from './expect-seamless.ts'
import { largestDifference } from './seam-facts.ts'

const clip: ClipOptions = {
  ...{ container: 'mkv', openGop: true, rate: '24000/1001', seconds: 24, audio: 'aac-48000' },
}

/** What `transcode --json` prints at its end. */
interface Summary {
  readonly frames: number
  readonly nodes: Readonly<Record<string, { readonly segments: number }>>
}

interface Transcoded extends Summary {
  readonly pictures: FramesRead
  readonly sound: AudioRead
}

let folder: string
let path: string
let alone: Transcoded

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-cluster-'))
  path = await makeClip(clip)
  alone = await transcode('alone', 1)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Through the whole product: head, NATS, nodes, data plane, joiner. */
async function transcode(
  name: string,
  nodes: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<Transcoded> {
  const paceline = await startPaceline({ nodes, environment })
  try {
    const output = join(folder, `${name}.mkv`)
    const options = ['--preset', 'superfast', '--audio-bitrate', '256', '--json']
    const { exit, stdout, stderr } = await paceline.run('transcode', path, output, ...options)
    if (exit !== 0) throw new Error(`transcode ended with ${exit}: ${stderr}\n${paceline.log()}`)
    const summary: Summary = JSON.parse(stdout.trim().split('\n').at(-1)!)
    return { ...summary, pictures: await readFrames(output), sound: await readAudio(output) }
  } finally {
    await paceline.stop()
  }
}

const segmentsOf = ({ nodes }: Summary) => Object.values(nodes).map(({ segments }) => segments)

function expectEqual(made: Transcoded): void {
  expect(made.frames).toBe(clipFrames(clip))
  expect(made.pictures).toEqual(alone.pictures)
  expect(made.sound.packets.map(({ pts }) => pts)).toEqual(alone.sound.packets.map(({ pts }) => pts))
  expect(made.sound.samples.length).toBe(alone.sound.samples.length)
  const seconds = made.sound.samples.length / made.sound.channels / made.sound.sampleRate
  expect(largestDifference(made.sound, alone.sound, 0, seconds - 0.15)).toBeLessThan(codecNoise)
}

describe('a whole file', () => {
  it('made by one node has every frame once, in step', () => {
    const { frames, timeBase } = alone.pictures
    expect(frames.map(({ number }) => number)).toEqual([...Array(clipFrames(clip)).keys()])
    const step = (1001 / 24000) * (timeBase.den / timeBase.num)
    for (const { number, pts } of frames) {
      expect(Math.abs(pts - frames[0]!.pts - number * step), `frame ${number}`).toBeLessThanOrEqual(1)
    }
    expect(segmentsOf(alone)).toHaveLength(1)
  })

  it('made by four nodes is the same', async () => {
    const made = await transcode('by-4', 4)
    expectEqual(made)
    expect(segmentsOf(made).filter((segments) => segments > 0).length).toBeGreaterThan(1)
  })

  it('made by leases of one segment each, also of sound, is the same', async () => {
    const made = await transcode('cut', 2, { PACELINE_MAX_LEASE_SEGMENTS: '1' })
    expectEqual(made)
    expect(segmentsOf(made).filter((segments) => segments > 0)).toHaveLength(2)
    // The encoder's noise shows that there were seams at all.
    expect(largestDifference(made.sound, alone.sound)).toBeGreaterThan(0)
  })
})
