import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CutFinder } from '../../src/media/cut-points.ts'
import type { MediaInfo, VideoStream } from '../../src/media/media-info.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { toNumber } from '../../src/media/rational.ts'
import { readCuts } from '../../src/media/read-cuts.ts'
import { seekShiftSeconds } from '../../src/plan/source.ts'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'
import { collect } from '../clips/media-input.ts'

const clips: readonly ClipOptions[] = [
  { container: 'mp4', rate: '24000/1001', seconds: 30, gop: 30 },
  { container: 'mp4', codec: 'hevc', openGop: true, rate: '30000/1001', seconds: 30, gop: 75 },
  { container: 'mkv', openGop: true, rate: '24000/1001', bFrames: 4, seconds: 30, gop: 48 },
  { container: 'mkv', rate: 'variable', seconds: 30, gop: 40 },
  { container: 'ts', openGop: true, gop: 100, seconds: 30 },
  { container: 'mp4', rate: 'variable', startSeconds: 3, seconds: 30, gop: 50 },
]

/** So that no timestamp is below zero. */
const offsetSeconds = 10

async function opened(options: ClipOptions): Promise<{ path: string; info: MediaInfo; stream: VideoStream }> {
  const path = await makeClip(options)
  const info = await probeMedia(path)
  return { path, info, stream: info.streams.find(({ kind }) => kind === 'video') as VideoStream }
}

/** What FFmpeg’s own muxer makes of a copy: when its segments begin, and how many pictures they have. */
async function muxed(path: string, seek: readonly string[]): Promise<{ starts: number[]; frames: number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-cuts-'))
  try {
    const times = [
      '-start_at_zero',
      '-copyts',
      '-map',
      '0:v',
      '-codec',
      'copy',
      '-avoid_negative_ts',
      'disabled',
    ]
    const list = join(folder, 'list.csv')
    const muxer = ['-f', 'ssegment', '-segment_format', 'mpegts', '-segment_time', '4', '-segment_list', list]
    await collect('ffmpeg', [
      ...[
        '-v',
        'error',
        '-noaccurate_seek',
        ...seek,
        '-itsoffset',
        '0.000001',
        '-i',
        path,
        ...times,
        ...muxer,
      ],
      ...[
        '-segment_list_type',
        'csv',
        '-segment_time_delta',
        '0.0625',
        '-max_delay',
        '0',
        '-segment_format_options',
        'output_ts_offset=10',
        join(folder, '%03d.ts'),
      ],
    ])
    const rows = (await readFile(list, 'utf8')).trim().split('\n')
    const starts: number[] = []
    const frames: number[] = []
    for (const row of rows) {
      const entries = ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0']
      const { stdout } = await collect('ffprobe', [...entries, join(folder, row.split(',')[0]!)])
      const packets = stdout.toString().trim().split(/\s+/)
      starts.push(Number.parseFloat(packets[0]!) - offsetSeconds)
      frames.push(packets.length)
    }
    return { starts, frames }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function read(options: ClipOptions, seekSeconds: number, stepSeconds: number) {
  const { path, info, stream } = await opened(options)
  const cuts = new CutFinder({ segmentSeconds: 4, deltaSeconds: 0.0625 }, stream.timeBase)
  const fromSeconds = Math.max(0, seekSeconds - seekShiftSeconds(info, stream))
  const place = { startSeconds: info.startSeconds, fromSeconds }
  for (let until = stepSeconds; cuts.endSlot === null; until += stepSeconds) {
    await readCuts(path, stream, cuts, { ...place, untilSeconds: seekSeconds + until })
  }
  const tick = toNumber(stream.timeBase)
  return { path, starts: cuts.starts.map((slot) => slot * tick), frames: cuts.frames }
}

describe('the cuts of copied pictures', () => {
  it.each(clips)('are those of FFmpeg’s own muxer, read in one go or in pieces: %o', async (options) => {
    const whole = await read(options, 0, 100)
    const expected = await muxed(whole.path, [])
    expect(expected.starts.length).toBeGreaterThan(3)
    expect(whole.frames).toEqual(expected.frames)
    for (const [index, start] of whole.starts.entries()) expect(start).toBeCloseTo(expected.starts[index]!, 3)
    expect(await read(options, 0, 3)).toEqual(whole)
  })

  it.each(clips.flatMap((clip) => [13.3, 14.1].map((seconds) => [seconds, clip] as const)))(
    'begin after a seek to %d where FFmpeg’s seek begins: %o',
    async (seconds, options) => {
      const made = await read(options, seconds, 6)
      const expected = await muxed(made.path, ['-ss', String(seconds)])
      expect(made.starts[0]).toBeCloseTo(expected.starts[0]!, 3)
      expect(made.frames.reduce((sum, count) => sum + count)).toBe(
        expected.frames.reduce((sum, count) => sum + count),
      )
    },
  )
})
