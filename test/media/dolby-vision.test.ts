import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCommand } from '../../src/command/parse-command.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { readSegmentedJob } from '../../src/plan/segmented.ts'
import { asDolbyVision, type DolbyVision } from '../clips/dolby-vision.ts'
import { makeClip } from '../clips/make-clip.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'

let folder: string
let plain: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-dolby-vision-'))
  plain = join(folder, 'plain.mp4')
  const clip = await makeClip({
    codec: 'hevc',
    container: 'mkv',
    seconds: 1,
    hdr10: true,
    audio: 'aac-48000',
  })
  await remux(clip, plain, [])
})
afterAll(() => rm(folder, { recursive: true }))

const remux = (from: string, to: string, options: readonly string[]) =>
  promisify(execFile)('ffmpeg', [
    '-v',
    'error',
    '-i',
    from,
    '-c',
    'copy',
    '-tag:v',
    'hev1',
    ...options,
    '-y',
    to,
  ])

/** A film whose stream says so much of its colours, and whose container that it is Dolby Vision. */
async function film(what: DolbyVision, transfer: 'pq' | 'hlg' | 'unsaid'): Promise<string> {
  const tagged = join(folder, `tagged-${transfer}.mp4`)
  const number = { pq: 16, hlg: 18, unsaid: 2 }[transfer]
  await remux(plain, tagged, ['-bsf:v', `hevc_metadata=transfer_characteristics=${number}`])
  const path = join(folder, `${transfer}-${what.profile}-${what.compatibility}.mp4`)
  await asDolbyVision(tagged, path, what)
  return path
}

/** How a job of Plex with a tone map is planned, or why it stays local. */
async function toneMapOf(path: string): Promise<unknown> {
  const info = await probeMedia(path)
  const args = hlsArguments({ toneMap: 'mobius' }).map((arg) => arg.replace('{MEDIA}', path))
  const job = readSegmentedJob(parseCommand(args), info)
  if ('local' in job) return job.code
  const { operations } = job.plan(null).video
  return operations.find(({ kind }) => kind === 'tone-map')
}

describe('a tone map of a film in Dolby Vision', () => {
  it.each([
    ['8.1 is mapped as HDR10', { profile: 8, compatibility: 1 }, 'pq', 'pq'],
    [
      '8.1 is mapped as HDR10 where nothing says its transfer',
      { profile: 8, compatibility: 1 },
      'unsaid',
      'pq',
    ],
    ['7, which is on Blu-rays, is mapped by its base layer', { profile: 7, compatibility: 6 }, 'pq', 'pq'],
    ['8.4 is mapped as HLG', { profile: 8, compatibility: 4 }, 'hlg', 'hlg'],
    [
      '8.4 is mapped as HLG where nothing says its transfer',
      { profile: 8, compatibility: 4 },
      'unsaid',
      'hlg',
    ],
  ] as const)('of profile %s', async (_what, what, said, transfer) => {
    const map = await toneMapOf(await film(what, said))
    expect(map).toMatchObject({ kind: 'tone-map', curve: 'mobius', transfer })
  })

  it.each([
    ['5, whose colours are Dolby’s own', { profile: 5, compatibility: 0 }, 'unsaid'],
    ['5, whatever else it says', { profile: 5, compatibility: 1 }, 'pq'],
    ['8.2, whose base layer is no HDR', { profile: 8, compatibility: 2 }, 'pq'],
  ] as const)('of profile %s, is left to the server', async (_what, what, said) => {
    expect(await toneMapOf(await film(what, said))).toBe('dolby-vision')
  })

  it('is not in the way of a job without one', async () => {
    const path = await film({ profile: 5, compatibility: 0 }, 'unsaid')
    const args = hlsArguments().map((arg) => arg.replace('{MEDIA}', path))
    expect(readSegmentedJob(parseCommand(args), await probeMedia(path))).not.toHaveProperty('local')
  })
})

describe.skipIf(sharedFolder === null)(`a real film of a phone in profile 8.4${sharedNote}`, () => {
  it('is mapped as HLG, which is what it is', async () => {
    const path = join(sharedFolder!, 'media', 'dolbyVision-hdr.MOV')
    expect((await probeMedia(path)).streams.find(({ kind }) => kind === 'video')).toMatchObject({
      ...{ dolbyVisionProfile: 8, dolbyVisionBase: 'hlg' },
      color: { transfer: 'arib-std-b67' },
    })
    const map = await toneMapOf(path)
    expect(map).toMatchObject({ kind: 'tone-map', transfer: 'hlg' })
    // What it says of a display is not the film's peak.
    expect(map).not.toHaveProperty('peakNits')
  })
})
