import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { clipFrames, makeClip } from '../clips/make-clip.ts'
import { collect } from '../clips/media-input.ts'
import { type CommandResult, type RunningPaceline, runPaceline, startPaceline } from '../fixture/paceline.ts'
import { frameNumbers, nothingIsLeft, range } from './transcode-result.ts'

const clip = { seconds: 10, audio: 'aac-48000' } as const

let paceline: RunningPaceline
let folder: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 2 })
})

afterAll(() => paceline.stop())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-whole-file-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const out = (name: string) => join(folder, name)

function transcode(input: string, output: string, ...flags: string[]): Promise<CommandResult> {
  return paceline.run('transcode', input, output, '--preset', 'ultrafast', '--json', ...flags)
}

interface Stream {
  readonly codec_name: string
  readonly codec_tag_string: string
  readonly start_time: string
  readonly duration?: string
  readonly height?: number
}

async function streamsOf(path: string): Promise<readonly Stream[]> {
  const args = ['-v', 'error', '-show_streams', '-of', 'json', path]
  return JSON.parse((await collect('ffprobe', args)).stdout.toString()).streams
}

describe('a whole file', () => {
  it('is made in three containers at a time, every picture once and in order', async () => {
    const input = await makeClip(clip)
    const names = ['film.mp4', 'film.mkv', 'film.ts']
    const results = await Promise.all(names.map((name) => transcode(input, out(name))))
    for (const { exit, stderr } of results) expect([exit, stderr]).toEqual([0, ''])
    for (const name of names) {
      expect(await frameNumbers(out(name))).toEqual(range(0, 250))
      const [picture, sound] = await streamsOf(out(name))
      expect([picture!.codec_name, sound!.codec_name]).toEqual(['h264', 'aac'])
      expect(Math.abs(Number(picture!.start_time) - Number(sound!.start_time))).toBeLessThan(0.05)
    }
    await nothingIsLeft(paceline)
    expect((await readdir(folder)).toSorted()).toEqual(names.toSorted())
  })

  it('says at the end what was made, how fast and by whom', async () => {
    const { stdout } = await transcode(await makeClip(clip), out('film.mkv'))
    const said = JSON.parse(stdout)
    expect(Object.keys(said)).toEqual(['frames', 'seconds', 'speed', 'nodes'])
    expect(said.frames).toBe(250)
    expect(said.speed).toBeCloseTo(10 / said.seconds, 1)
    const shares = Object.entries(said.nodes as Record<string, { segments: number }>)
    for (const [name] of shares) expect(['node-1', 'node-2']).toContain(name)
    expect(shares.reduce((sum, [, { segments }]) => sum + segments, 0)).toBeGreaterThanOrEqual(5)
  })

  it('may be HEVC, smaller, and without sound', async () => {
    const input = await makeClip({ ...clip, seconds: 4 })
    const flags = ['--codec', 'hevc', '--audio', 'none', '--height', '90']
    expect((await transcode(input, out('film.mp4'), ...flags)).exit).toBe(0)
    const streams = await streamsOf(out('film.mp4'))
    expect(streams).toMatchObject([{ codec_name: 'hevc', codec_tag_string: 'hvc1', height: 90 }])
    expect(await frameNumbers(out('film.mp4'))).toEqual(range(0, 100))
  })

  it('of a transport stream whose picture begins after its sound loses none of either', async () => {
    const plain = await makeClip({ ...clip, seconds: 6 })
    const late = out('late.ts')
    const delayed = ['-itsoffset', '0.7', '-i', plain, '-i', plain, '-map', '0:v', '-map', '1:a']
    await collect('ffmpeg', ['-v', 'error', ...delayed, '-c', 'copy', late])
    expect((await transcode(late, out('film.mkv'))).exit).toBe(0)
    expect(await frameNumbers(out('film.mkv'))).toEqual(range(0, 150))
    const [picture, sound] = await streamsOf(out('film.mkv'))
    expect(Number(picture!.start_time) - Number(sound!.start_time)).toBeCloseTo(0.7, 1)
  })

  it('may take the place of a former one, and of its own input', async () => {
    const input = out('film.mp4')
    await writeFile(input, await readFile(await makeClip({ ...clip, seconds: 4 })))
    expect((await transcode(input, input, '--overwrite', '--height', '90')).exit).toBe(0)
    expect(await frameNumbers(input)).toEqual(range(0, 100))
    expect(await readdir(folder)).toEqual(['film.mp4'])
  })
})

describe('a file that was cut off', () => {
  it.each([
    ['mp4', ['-movflags', '+faststart']],
    ['mkv', []],
    ['ts', []],
  ])('in the middle of its .%s gives what FFmpeg itself gets out of it', async (container, flags) => {
    const whole = out(`whole.${container}`)
    const source = await makeClip(clip)
    await collect('ffmpeg', ['-v', 'error', '-i', source, '-map', '0', '-c', 'copy', ...flags, whole])
    const bytes = await readFile(whole)
    const torn = out(`torn.${container}`)
    await writeFile(torn, bytes.subarray(0, Math.floor(bytes.length * 0.6)))
    // On the plan's grid: where the torn end lacks pictures, the one before fills their places.
    const grid = ['-map', '0:v', '-vf', 'fps=25', '-fps_mode', 'passthrough', '-f', 'framecrc', '-']
    const frames = await collect('ffmpeg', ['-v', 'quiet', '-i', torn, ...grid])
    const decoded = frames.stdout.toString().match(/^0,/gm)!.length
    const { exit, stdout } = await transcode(torn, out('film.mkv'))
    expect(exit).toBe(0)
    expect(JSON.parse(stdout).frames).toBe(decoded)
    expect(decoded).toBeGreaterThan(100)
    expect(decoded).toBeLessThan(clipFrames(clip))
    await nothingIsLeft(paceline)
  })
})

describe('what cannot be done', () => {
  const refusals: readonly [string, () => Promise<CommandResult>, number, string][] = [
    [
      'an input that is not there',
      () => transcode(out('no-film.mkv'), out('film.mkv')),
      4,
      'The input does not exist',
    ],
    [
      'an input that is a folder',
      () => transcode(folder, out('film.mkv')),
      4,
      'The input is not a media file',
    ],
    [
      'an input that is no film',
      async () => {
        await writeFile(out('garbage.mkv'), Buffer.alloc(100_000, 'garbage '))
        return transcode(out('garbage.mkv'), out('film.mkv'))
      },
      4,
      'The input is not a media file',
    ],
    [
      'an empty input',
      async () => {
        await writeFile(out('empty.mkv'), '')
        return transcode(out('empty.mkv'), out('film.mkv'))
      },
      4,
      'The input is not a media file',
    ],
    [
      'an input without a picture',
      async () => {
        const sine = ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=1']
        await collect('ffmpeg', [...sine, out('sound.m4a')])
        return transcode(out('sound.m4a'), out('film.mkv'))
      },
      4,
      'it has no picture',
    ],
    [
      'an output that is there',
      async () => {
        await writeFile(out('film.mkv'), 'mine')
        return transcode(await makeClip(clip), out('film.mkv'))
      },
      1,
      'The output is already there',
    ],
    [
      'an output in a folder that is not there',
      async () => transcode(await makeClip(clip), out('none/film.mkv')),
      1,
      'is not a folder',
    ],
    [
      'an output in a container that nobody knows',
      async () => transcode(await makeClip(clip), out('film.avi')),
      2,
      'ends in none of .mp4, .mkv and .ts',
    ],
  ]

  it.each(refusals)('is said, with what to try: %s', async (_name, attempt, exit, words) => {
    const result = await attempt()
    expect(result.exit).toBe(exit)
    expect(result.stderr).toContain(words)
    expect(result.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3)
    expect(result.stdout).toBe('')
    await nothingIsLeft(paceline)
    const left = (await readdir(folder)).filter((name) => name.includes('film') && name !== 'film.mkv')
    expect(left).toEqual([])
  })

  it('leaves an output that is there as it is', async () => {
    await writeFile(out('film.mkv'), 'mine')
    await transcode(await makeClip(clip), out('film.mkv'))
    expect(await readFile(out('film.mkv'), 'utf8')).toBe('mine')
  })

  it.skipIf(process.getuid?.() === 0)('is said of an input that may not be read', async () => {
    await writeFile(out('secret.mkv'), 'secret')
    await chmod(out('secret.mkv'), 0o000)
    const { exit, stderr } = await transcode(out('secret.mkv'), out('film.mkv'))
    expect([exit, stderr.includes('The input cannot be read')]).toEqual([4, true])
  })

  it('is said without a head', async () => {
    await mkdir(out('data'))
    const { exit, stderr } = await runPaceline('--data', out('data'), 'transcode', 'a.mkv', 'b.mkv')
    expect([exit, stderr.includes('The head does not answer')]).toEqual([3, true])
  })
})

describe('a second head on the same data folder', () => {
  it('does not start, and leaves the first one and what it makes alone', async () => {
    const making = transcode(await makeClip(clip), out('film.mkv'))
    const { exit, stderr } = await runPaceline('--data', paceline.dataFolder, 'head', '--host', '127.0.0.1')
    expect(exit).toBe(1)
    expect(stderr).toContain('Another head answers on this socket')
    expect((await making).exit).toBe(0)
    expect(await frameNumbers(out('film.mkv'))).toEqual(range(0, 250))
  })
})
