import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { planOf } from '../../src/plan/testing/plan-of.ts'
import { jellyfinLines, plexLines, sampleOf } from '../../src/plan/testing/server-jobs.ts'
import { platformNamed } from '../../src/platforms/all.ts'
import { chips } from '../../src/platforms/chips.ts'
import { hdrPlan, televisionPlan, withVideo } from '../../src/platforms/testing/chip-plans.ts'
import { boardNamed, boardNames } from './boards/board.js'
import { type BoardName, makeBoard } from './boards/make-board.ts'
import { askBoard } from './boards/prove-board.ts'
import { capabilitiesOf, provedOfBoards } from './boards/proved.ts'
import { type Film, translate } from './boards/translate.js'

const run = promisify(execFile)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-boards-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('an ffmpeg that answers like a board’s', () => {
  it('lists what the board has, and nothing else of any chip', async () => {
    const { facts, listing } = await askBoard(await makeBoard('jetson-nano', folder))
    expect(facts.version).toContain('5.1.9-nvmpi')
    expect([...listing.devices]).toEqual(['cuda', 'nvtegra'])
    for (const name of ['h264_nvmpi', 'h264_nvenc', 'libx264'])
      expect(listing.encoders.has(name), name).toBe(true)
    for (const name of ['h264_vaapi', 'h264_v4l2m2m', 'libsvtav1'])
      expect(listing.encoders.has(name), name).toBe(false)
    expect(listing.decoders.has('hevc_nvmpi')).toBe(true)
    expect(listing.filters.has('scale_cuda')).toBe(true)
    expect(listing.filters.has('scale_vaapi')).toBe(false)
    expect(listing.filters.has('yadif')).toBe(true)
  })

  it('encodes no more at once than the board can, and says so as its driver does', async () => {
    const { ffmpeg } = await makeBoard('raspberry-pi-4', folder)
    const args = [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'color=size=320x180:rate=5:duration=0.4',
      '-c:v',
      'h264_v4l2m2m',
    ]
    const busy = (pid: number) =>
      writeFile(join(folder, 'raspberry-pi-4-state', `running-${pid}-h264_v4l2m2m`), '')
    await busy(process.pid)
    await run(ffmpeg, [...args, '-b:v', '100000', '-f', 'null', '-'])
    await busy(process.ppid)
    await expect(run(ffmpeg, [...args, '-b:v', '100000', '-f', 'null', '-'])).rejects.toMatchObject({
      stderr: expect.stringContaining('VIDIOC_REQBUFS failed: Cannot allocate memory') as string,
    })
  })
})

const film = (codec: string, bits: number, width = 1920, height = 1080): Film => ({
  codec,
  bits,
  width,
  height,
})

/** The board's words for a command; what it would run instead where it has none. */
async function wordsOf(board: BoardName, args: string, looked: Film): Promise<string> {
  const translation = translate(await boardNamed(board), args.split(' '), () => looked)
  return 'words' in translation ? translation.words : translation.args.join(' ')
}

describe('a board refuses in its own words', () => {
  it.each<[string, BoardName, string, Film, RegExp]>([
    [
      'VP9 of ten bits',
      'jetson-nano',
      '-c:v vp9_nvmpi -i a -f null -',
      film('vp9', 10),
      /Invalid Pix_FMT for NVMPI/,
    ],
    ['NVDEC', 'jetson-nano', '-hwaccel cuda -i a -f null -', film('h264', 8), /Cannot load libnvcuvid/],
    ['NVENC', 'orin-nano', '-i a -c:v h264_nvenc b', film('h264', 8), /Cannot load libnvidia-encode/],
    [
      'an encoder of another module',
      'orin-nano',
      '-i a -c:v h264_nvmpi b',
      film('h264', 8),
      /Unknown encoder/,
    ],
    [
      '4K',
      'raspberry-pi-4',
      '-i a -vf scale=w=3840:h=2160 -c:v h264_v4l2m2m b',
      film('h264', 8),
      /STREAMON failed/,
    ],
    [
      '4K to decode',
      'raspberry-pi-4',
      '-c:v h264_v4l2m2m -i a -f null -',
      film('h264', 8, 3840, 2160),
      /valid device/,
    ],
    ['AV1', 'mac', '-hwaccel videotoolbox -i a -f null -', film('av1', 8), /hwaccel initialisation/],
    [
      'a filter of another chip',
      'n100',
      '-i a -vf scale_cuda=w=2:h=2 b',
      film('h264', 8),
      /No such filter: 'scale_cuda'/,
    ],
    [
      'a device of another chip',
      'rk3588',
      '-init_hw_device cuda=cu:0 -i a b',
      film('h264', 8),
      /Device creation failed/,
    ],
  ])('%s on %s', async (_what, board, args, looked, words) => {
    expect(await wordsOf(board, args, looked)).toMatch(words)
  })

  it('gives eight bits of a deep film where that is the trap', async () => {
    const trap = await wordsOf(
      'jetson-nano',
      '-c:v hevc_nvmpi -i a -vf format=p010le -f null -',
      film('hevc', 10),
    )
    expect(trap).toBe('-i a -vf format=yuv420p,format=pix_fmts=p010le -f null -')
    const whole = await wordsOf(
      'jetson-nano',
      '-hwaccel nvtegra -i a -vf format=p010le -f null -',
      film('hevc', 10),
    )
    expect(whole).toBe('-i a -vf format=pix_fmts=p010le -f null -')
  })

  it('takes whatever its own platform makes of servers’ lines with what it has proved', async () => {
    const lines = [...sampleOf(jellyfinLines(), 101), ...sampleOf(plexLines(), 101)]
    const plans = lines.map(({ argv }) => planOf(argv)).filter(({ video }) => video.encoder.codec !== 'av1')
    for (const { board: name, chip } of provedOfBoards) {
      const board = await boardNamed(name)
      const capabilities = capabilitiesOf(name, chip)
      const refused = plans.flatMap((plan) => {
        const { codec, bits } = plan.video.decoded!
        const done = platformNamed(chip)!.compileVideo(plan, rangeOf(plan), { capabilities })
        // The one without an encoder has no decoder for deep films either: its processor makes all of those.
        if ('out' in done && chip === 'jetson' && name === 'orin-nano' && bits === 10) {
          expect(done.out).toMatch(/decoding hevc of 10 bits .* not proved; encoding .* not proved$/)
          return []
        }
        const translation = 'out' in done ? done : translate(board, done.args, () => film(codec, bits))
        return 'args' in translation ? [] : [Object.values(translation).join()]
      })
      expect(refused, `${chip} on ${name}`).toEqual([])
    }
    expect(plans.length).toBeGreaterThan(40)
  })
})

const rangeOf = ({ timeline: { firstSegment } }: Plan) => ({
  ...{ from: firstSegment, to: firstSegment + 2, open: false, failures: 0 },
})

const plain: Plan = withVideo({
  decoded: { codec: 'h264', bits: 8 },
  size: { width: 1920, height: 1080 },
  operations: [
    { kind: 'scale', width: '1280', height: '720' },
    { kind: 'format', pixelFormats: ['yuv420p'] },
  ],
  encoder: { codec: 'h264', bitrate: '3M', tuning: [] },
})
const toHevc: Plan = withVideo({ ...plain.video, encoder: { codec: 'hevc', bitrate: '3M', tuning: [] } })

/** The decoder, the rung and the encoder that a board's capabilities lead to, or why it is out. */
function choice(board: BoardName, plan: Plan, chip?: string): string {
  const capabilities = capabilitiesOf(board, chip)
  const done = platformNamed(capabilities.chip)!.compileVideo(plan, rangeOf(plan), { capabilities })
  if ('out' in done) return `out: ${done.out}`
  const value = (option: string) => done.args[done.args.indexOf(option) + 1]
  const before = done.args.slice(0, done.args.indexOf('-i'))
  const decoder = before.includes('-hwaccel')
    ? value('-hwaccel')
    : before.includes('-c:v')
      ? value('-c:v')
      : 'processor'
  return `${done.rung}: ${decoder} to ${done.args[done.args.lastIndexOf('-c:v') + 1]}`
}

describe('the way that is chosen on a board', () => {
  it.each<[BoardName, string, string, string, string]>([
    [
      'jetson-nano',
      'full: nvtegra to h264_nvmpi',
      'full: nvtegra to h264_nvmpi',
      'full: nvtegra to hevc_nvmpi',
      'full: nvtegra to hevc_nvmpi',
    ],
    [
      'orin-nano',
      'decode-filter: h264_nvv4l2dec to libx264',
      'filter: processor to libx264',
      'decode-filter: h264_nvv4l2dec to libx265',
      'decode-filter: h264_nvv4l2dec to libx265',
    ],
    [
      'n100',
      'full: vaapi to h264_qsv',
      'full: vaapi to h264_qsv',
      'full: vaapi to hevc_qsv',
      'full: vaapi to hevc_qsv',
    ],
    [
      'raspberry-pi-4',
      'copy-back: h264_v4l2m2m to h264_v4l2m2m',
      'copy-back: drm to h264_v4l2m2m',
      'decode: h264_v4l2m2m to libx265',
      'decode: h264_v4l2m2m to libx265',
    ],
    [
      'rk3588',
      'full: rkmpp to h264_rkmpp',
      'full: rkmpp to h264_rkmpp',
      'full: rkmpp to hevc_rkmpp',
      'full: rkmpp to hevc_rkmpp',
    ],
    [
      'mac',
      'full: videotoolbox to h264_videotoolbox',
      'full: videotoolbox to h264_videotoolbox',
      'full: videotoolbox to hevc_videotoolbox',
      'full: videotoolbox to hevc_videotoolbox',
    ],
  ])('%s: plain, HDR10, to HEVC, television', (board, sdr, hdr, hevc, television) => {
    expect([plain, hdrPlan, toHevc, televisionPlan].map((plan) => choice(board, plan))).toEqual([
      ...[sdr, hdr, hevc, television],
    ])
  })

  it('is never one that loses two bits before a tone map', () => {
    const nvmpiOnly = { ...capabilitiesOf('jetson-nano') }
    const decoders = nvmpiOnly.decoders.filter(({ name }) => name === 'nvmpi')
    const range = { from: 0, to: 2, open: false, failures: 0 }
    const done = platformNamed('jetson')!.compileVideo(hdrPlan, range, {
      capabilities: { ...nvmpiOnly, decoders },
    })
    expect(
      'args' in done &&
        done.args.includes('hevc_nvmpi') &&
        done.args.indexOf('hevc_nvmpi') < done.args.indexOf('-i'),
    ).toBe(false)
    expect(done).toMatchObject({ rung: 'upload' })
  })

  it('is of a kind that the chips’ tables have', () => {
    for (const name of boardNames) expect(chips.map((chip) => chip.name)).toContain(capabilitiesOf(name).chip)
  })
})
