import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openFileOutput } from '../../src/head/session/file-output.ts'
import type { FinishedSegment, SessionOutput } from '../../src/head/session/output.ts'
import { samplePlan } from '../../src/plan/testing/sample-plan.ts'
import { collect } from '../clips/media-input.ts'

/** Segments as the assembler makes them: two seconds of picture and sound each, 20 s after the job's timeline. */
let segments: Buffer[]
let made: string
let folder: string

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'paceline-joined-segments-'))
  await collect('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=6'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=6'],
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-c:a', 'aac'],
    ...[
      '-force_key_frames',
      'expr:gte(t,n_forced*2)',
      '-max_delay',
      '5000000',
      '-avoid_negative_ts',
      'disabled',
    ],
    ...['-f', 'segment', '-segment_format', 'mpegts', '-segment_format_options', 'output_ts_offset=10'],
    ...['-segment_time', '2', join(made, '%d.ts')],
  ])
  segments = await Promise.all([0, 1, 2].map((n) => readFile(join(made, `${n}.ts`))))
})

afterAll(() => rm(made, { recursive: true, force: true }))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-joined-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (name: string, ffmpeg = 'ffmpeg') =>
  openFileOutput({ path: join(folder, name), plan: samplePlan, ffmpeg })

const finished = (number: number): FinishedSegment => ({
  ...{ segment: number, bytes: segments[number]!, frames: 50, last: number === 2 },
  ...{ startSeconds: number * 2, endSeconds: number * 2 + 2 },
  ...{ endVideoSeconds: number * 2 + 2, endAudioSeconds: number * 2 + 2 },
})

async function publishAll(output: SessionOutput): Promise<void> {
  await output.opened()
  for (const number of [0, 1, 2]) await output.publish(finished(number))
}

async function publishMany(output: SessionOutput, count: number): Promise<number> {
  for (let n = 0; n < count; n++) await output.publish(finished(0))
  return count
}

interface Shown {
  readonly format: { readonly format_name: string }
  readonly streams: readonly {
    readonly codec_type: string
    readonly codec_tag_string: string
    readonly start_time: string
    readonly nb_read_packets: string
  }[]
}

async function show(name: string): Promise<Shown> {
  const args = ['-v', 'error', '-show_streams', '-show_format', '-count_packets', '-of', 'json']
  return JSON.parse((await collect('ffprobe', [...args, join(folder, name)])).stdout.toString())
}

describe('a file that is joined from segments', () => {
  it.each([
    ['film.mp4', 'mov'],
    ['film.mkv', 'matroska'],
    ['film.ts', 'mpegts'],
  ])('%s has every picture and all sound, beginning together', async (name, format) => {
    const output = open(name)
    await publishAll(output)
    await output.finish()
    const shown = await show(name)
    expect(shown.format.format_name).toContain(format)
    const [picture, sound] = shown.streams
    expect([picture!.codec_type, Number(picture!.nb_read_packets)]).toEqual(['video', 150])
    // 6 s of 1024 samples, the encoder's priming and what it pads.
    expect(Number(sound!.nb_read_packets)).toBeGreaterThanOrEqual(282)
    expect(Math.abs(Number(sound!.start_time) - Number(picture!.start_time))).toBeLessThan(0.025)
    // Transport streams begin at the muxer's own 1.4 s.
    const begin = format === 'mpegts' ? 1.4 : 0
    expect(Number(picture!.start_time)).toBeCloseTo(begin, 2)
    expect(await readdir(folder)).toEqual([name])
  })

  it.each(['film.mp4', 'film.mkv', 'film.ts'])('%s decodes without a complaint', async (name) => {
    const output = open(name)
    await publishAll(output)
    await output.finish()
    const path = join(folder, name)
    const { stderr } = await collect('ffmpeg', ['-v', 'warning', '-xerror', '-i', path, '-f', 'null', '-'])
    expect(stderr).toBe('')
  })

  it('has its index at the front when it is an MP4, for players that do not wait', async () => {
    const output = open('film.mp4')
    await publishAll(output)
    await output.finish()
    const bytes = await readFile(join(folder, 'film.mp4'))
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
    expect(bytes.indexOf('moov')).toBeGreaterThan(0)
  })

  it('is not there under its name before it is whole', async () => {
    const output = open('film.mkv')
    await publishAll(output)
    expect(await readdir(folder)).not.toContain('film.mkv')
    await output.finish()
    expect(await readdir(folder)).toEqual(['film.mkv'])
  })

  it('takes some segments from the head before ffmpeg has read them, but not without end', async () => {
    const program = join(folder, 'ffmpeg')
    await writeFile(program, '#!/bin/sh\nexec sleep 100\n')
    await chmod(program, 0o755)
    const output = open('film.mkv', program)
    const few = Math.floor((4 * 1024 * 1024) / segments[0]!.length)
    expect(await publishMany(output, few)).toBe(few)
    const many = Math.ceil((32 * 1024 * 1024) / segments[0]!.length)
    const waiting = publishMany(output, many).catch(() => 'was let go')
    expect(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])).toBe(
      'waits',
    )
    await output.fail('')
    expect(await waiting).toBe('was let go')
  })

  it('takes the place of a former one in one step', async () => {
    await writeFile(join(folder, 'film.mkv'), 'former')
    const output = open('film.mkv')
    await publishAll(output)
    expect(await readFile(join(folder, 'film.mkv'), 'utf8')).toBe('former')
    await output.finish()
    expect((await show('film.mkv')).streams.length).toBe(2)
  })

  it('does not meet another one that is made for the same place', async () => {
    const outputs = [open('film.mkv'), open('film.mkv')]
    await Promise.all(outputs.map(publishAll))
    await Promise.all(outputs.map((output) => output.finish()))
    expect(Number((await show('film.mkv')).streams[0]!.nb_read_packets)).toBe(150)
    expect(await readdir(folder)).toEqual(['film.mkv'])
  })

  it('may have a name that a shell or a URL would stumble over', async () => {
    const name = "-a film: 100% 'good' #1 [é].mkv"
    const output = open(name)
    await publishAll(output)
    await output.finish()
    expect(await readdir(folder)).toEqual([name])
  })
})

describe('a file that cannot be made', () => {
  it('says what ffmpeg said, and leaves nothing behind', async () => {
    const output = open('film.unknown')
    const failure = await publishAll(output)
      .then(() => output.finish())
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'E_OUTPUT_WRITE' })
    expect(String(failure)).toContain('suitable output format')
    await output.fail('')
    expect(await readdir(folder)).toEqual([])
  })

  it('says so when there is no ffmpeg', async () => {
    const output = open('film.mkv', join(folder, 'no-such-ffmpeg'))
    const failure = await publishAll(output)
      .then(() => output.finish())
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'E_OUTPUT_WRITE', message: expect.stringContaining('ENOENT') })
    await output.fail('')
  })

  it.each([
    ['exits', 'head -c 100000 >/dev/null; echo "No space left on device" >&2; exit 1'],
    ['is killed', 'head -c 100000 >/dev/null; echo "No space left on device" >&2; kill -9 $$'],
  ])(
    'fails the publication that comes after an ffmpeg that %s, and is not waited for',
    async (_how, script) => {
      const program = join(folder, 'ffmpeg')
      await writeFile(program, `#!/bin/sh\n${script}\n`)
      await chmod(program, 0o755)
      const output = open('film.mkv', program)
      const failure = await Promise.race([
        publishMany(output, 1_000).catch((error: unknown) => error),
        new Promise((resolve) => setTimeout(resolve, 10_000, 'it hangs')),
      ])
      expect(failure).toMatchObject({
        code: 'E_OUTPUT_WRITE',
        message: expect.stringContaining('No space left on device'),
      })
      await output.fail('')
      expect(await readdir(folder)).toEqual(['ffmpeg'])
    },
  )

  it('leaves nothing behind when its place is taken by a folder', async () => {
    await mkdir(join(folder, 'film.mkv'))
    const output = open('film.mkv')
    await publishAll(output)
    await expect(output.finish()).rejects.toMatchObject({ code: 'E_OUTPUT_WRITE' })
    expect(await readdir(folder)).toEqual(['film.mkv'])
  })
})

describe('a file that is no longer wanted', () => {
  it('leaves nothing behind, whenever that is', async () => {
    for (const published of [0, 1, 3]) {
      const output = open('film.mp4')
      for (let number = 0; number < published; number++) await output.publish(finished(number))
      await output.fail('it was cancelled')
      await output.fail('it was cancelled')
      expect(await readdir(folder)).toEqual([])
    }
  })

  it('lets go of a publication that waits for ffmpeg', async () => {
    const program = join(folder, 'ffmpeg')
    await writeFile(program, '#!/bin/sh\nexec sleep 100\n')
    await chmod(program, 0o755)
    const output = open('film.mkv', program)
    const publishing = publishMany(output, 1_000).catch((error: unknown) => error)
    await output.fail('it was cancelled')
    expect(await publishing).toMatchObject({ code: 'E_OUTPUT_WRITE' })
  })
})
