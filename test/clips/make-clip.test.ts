import { stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parseFrameRate, rescale } from '../../src/media/rational.ts'
import { type ClipOptions, clipFrames, makeClip, variableTicks } from './make-clip.ts'
import { collect } from './media-input.ts'
import { readFrames } from './read-frames.ts'

const ticks = { num: 1, den: 90_000 }
const containers = ['mp4', 'mkv', 'ts'] as const
/** Every codec with every container but one, open and closed, and every container with both. */
const kinds: readonly ClipOptions[] = (
  [
    ['h264', 'mp4', true],
    ['h264', 'ts', false],
    ['hevc', 'mkv', true],
    ['hevc', 'mp4', false],
    ['h264', 'mkv', false],
    ['hevc', 'ts', true],
  ] as const
).map(([codec, container, openGop]) => ({ codec, container, openGop, seconds: 6 }))

interface Packet {
  readonly pts: number
  readonly key: boolean
}

async function packetsOf(path: string): Promise<Packet[]> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=pts,flags', '-of', 'json']
  const { stdout } = await collect('ffprobe', ['-v', 'error', ...entries, path])
  const shown: { packets: { pts: number; flags: string }[] } = JSON.parse(stdout.toString())
  return shown.packets.map(({ pts, flags }) => ({ pts, key: flags.startsWith('K') }))
}

/** Packets after a key frame in the file that are shown before it; the first key frame's own count apart. */
function leading(packets: readonly Packet[]): number {
  let key: Packet | null = null
  let count = 0
  for (const packet of packets) {
    if (packet.key) key = packet
    else if (key !== null && packet.pts < key.pts) count += 1
  }
  return count
}

describe('makeClip', () => {
  it.each(kinds)('numbers every frame in showing order: %o', async (options) => {
    const { frames } = await readFrames(await makeClip(options))
    expect(frames.map(({ number }) => number)).toEqual(Array.from({ length: 150 }, (_, index) => index))
    expect(frames.map(({ number, key }) => (key ? number : -1)).filter((number) => number >= 0)).toEqual([
      0, 48, 96, 144,
    ])
  })

  it.each(kinds)(
    'has leading frames after key frames if and only if the GOP is open: %o',
    async (options) => {
      const packets = await packetsOf(await makeClip(options))
      expect(packets.filter(({ key }) => key)).toHaveLength(4)
      if (options.openGop) expect(leading(packets)).toBeGreaterThanOrEqual(3)
      else expect(leading(packets)).toBe(0)
    },
  )

  it.each(['24000/1001', '25', '30000/1001', '30'] as const)(
    'keeps a constant rate of %s in every container',
    async (rate) => {
      const { num, den } = parseFrameRate(rate)!
      for (const container of containers) {
        const { frames, timeBase } = await readFrames(await makeClip({ rate, container, seconds: 4 }))
        expect(frames).toHaveLength(clipFrames({ rate, seconds: 4 }))
        const first = frames[0]!.pts
        for (const { number, pts } of frames) {
          const exact = rescale(number, { num: den, den: num }, timeBase)
          expect(Math.abs(pts - first - exact), `frame ${number} in ${container}`).toBeLessThanOrEqual(1)
        }
      }
    },
  )

  it.each(containers)('jitters and has gaps at a variable rate in %s', async (container) => {
    const { frames, timeBase } = await readFrames(await makeClip({ rate: 'variable', container, seconds: 6 }))
    expect(frames).toHaveLength(clipFrames({ rate: 'variable', seconds: 6 }))
    const first = rescale(frames[0]!.pts, timeBase, ticks)
    const steps = frames.slice(1).map(({ pts }, index) => rescale(pts - frames[index]!.pts, timeBase, ticks))
    for (const { number, pts } of frames) {
      // Half a millisecond beside it in Matroska, at both ends.
      expect(Math.abs(rescale(pts, timeBase, ticks) - first - variableTicks(number))).toBeLessThanOrEqual(90)
    }
    expect(Math.max(...steps)).toBeGreaterThan(36_000)
    expect(new Set(steps).size).toBeGreaterThan(8)
    expect(Math.min(...steps)).toBeGreaterThan(0)
  })

  it.each(containers)('starts where it is told to in %s', async (container) => {
    const start = async (startSeconds: number) => {
      const { frames, timeBase } = await readFrames(await makeClip({ container, seconds: 2, startSeconds }))
      return rescale(frames[0]!.pts, timeBase, ticks)
    }
    // MPEG-TS adds 1.4 s, and two frames at 0, where decoding times would be below zero.
    const added = container === 'ts' ? 126_000 : 0
    expect((await start(0)) - added).toBe(container === 'ts' ? 7_200 : 0)
    expect((await start(12.5)) - added).toBe(12.5 * 90_000)
  })

  it('makes a clip once', async () => {
    const options = { seconds: 2, gop: 12 }
    const path = await makeClip(options)
    const made = (await stat(path)).mtimeMs
    expect(await makeClip(options)).toBe(path)
    expect((await stat(path)).mtimeMs).toBe(made)
    expect(await makeClip({ ...options, gop: 13 })).not.toBe(path)
  })

  it('gives the same path to suites that ask at the same moment, and a whole file to each', async () => {
    const options = { seconds: 2, gop: 14 }
    const paths = await Promise.all([makeClip(options), makeClip(options)])
    expect(paths[0]).toBe(paths[1])
    expect((await readFrames(paths[0])).frames).toHaveLength(50)
  })
})
