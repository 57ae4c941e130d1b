import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeFilm } from '../../src/cli/demo/demo-film.ts'
import { transcoderArguments } from '../../src/cli/demo/transcoder-arguments.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { makeClip } from '../clips/make-clip.ts'
import { type CommandResult, runPaceline } from '../fixture/paceline.ts'

let folder: string
let args: readonly string[]
let silent: readonly string[]

const jobUrl = 'http://127.0.0.1:32400/video/:/transcode/session/s/j'
const plexArguments = async (path: string) =>
  transcoderArguments(describeFilm(path, await probeMedia(path)), jobUrl)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-plan-'))
  const size = '640x360'
  args = await plexArguments(await makeClip({ seconds: 7, size, audio: 'aac-48000' }))
  silent = await plexArguments(await makeClip({ seconds: 4, size, audio: 'none' }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const planned = (given: readonly string[]): Promise<CommandResult> =>
  runPaceline('plan', '--json', '--', ...given)
const explained = async (given: readonly string[]) => JSON.parse((await planned(given)).stdout)

/** The arguments with one of them replaced, or with a word put before the input. */
const replaced = (from: string, to: string) => args.map((arg) => (arg === from ? to : arg))
const inserted = (...words: string[]) => args.flatMap((arg) => (arg === '-i' ? [...words, arg] : [arg]))

describe('paceline plan', () => {
  it('shows the plan of a job for nodes, and the leases of picture and sound', async () => {
    const { exit, stdout, stderr } = await planned(args)
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const { decision, reason, plan, platforms, ...more } = JSON.parse(stdout)
    expect({ decision, reason }).toEqual({ decision: 'node', reason: null })
    expect(more).toEqual({ code: null, pending: [], assumed: [] })
    expect(plan.timeline).toMatchObject({
      firstSegment: 0,
      segmentSeconds: 3,
      firstSlot: 0,
      expectedEndSlot: 175,
    })
    expect(plan.video.encoder).toMatchObject({ codec: 'h264', crf: '21', maxrate: '3419k' })
    const { args: picture, sound } = platforms.software
    expect(picture).toEqual(
      expect.arrayContaining(['-i', '{input:0}', 'libx264', '0.000000,3.000000,6.000000']),
    )
    expect(sound).toEqual(expect.arrayContaining(['-i', '{input:0}', 'aac', '-vn']))
  })

  it('begins with the first picture after a seek, and leaves a seek behind the last one to the original', async () => {
    const at = args.indexOf('-fps_mode')
    const seeking = (seconds: string) => explained(inserted('-ss', seconds).toSpliced(at + 2, 2))
    const [inside, nearTheEnd, behind] = await Promise.all(['3', '6.9', '7.5'].map(seeking))
    expect(inside.plan.timeline.firstSlot).toBe(75)
    expect(nearTheEnd.plan.timeline.firstSlot).toBe(173)
    expect([behind.decision, behind.code]).toEqual(['local', 'seek'])
  })

  it('has no lease of sound for a silent film', async () => {
    const { plan, platforms } = await explained(silent)
    expect(plan.audio).toBeNull()
    expect(Object.keys(platforms.software)).toEqual(['args'])
  })

  it('begins where a seek begins', async () => {
    // After a seek Plex leaves the frame rate mode to its transcoder.
    const seeking = inserted('-ss', '3')
      .filter((arg) => arg !== '-fps_mode' && arg !== 'cfr')
      .map((arg, index, all) => (all[index - 1] === '-segment_start_number' ? '1' : arg))
    const { plan, platforms } = await explained(seeking)
    expect(plan.timeline).toMatchObject({ firstSegment: 1, firstSlot: 75 })
    expect(platforms.software.args).toEqual(expect.arrayContaining(['-ss', '3.000000,6.000000']))
  })

  it.each([
    ['an option that nobody knows', () => inserted('-frobnicate', '1'), /-frobnicate/],
    ['an option that is not understood', () => inserted('-itsoffset', '1'), /-itsoffset/],
    [
      'a codec that is not made here',
      () => replaced('libx264', 'libvpx-vp9'),
      /^unknown-encoder: .*libvpx-vp9/,
    ],
    ['a filter that is not known', () => args.map((arg) => arg.replace(/^\[0:0\]scale/, '[0:0]hqx')), /hqx/],
    ['another server', () => args.map((arg) => arg.replace('127.0.0.1', '192.168.1.2')), /this machine/],
    ['another form of segments', () => replaced('mpegts', 'webm'), /^unknown-container: .*webm/],
    ['no name for its output', () => args.slice(0, -1), /^incomplete-command: /],
  ])('leaves to the original transcoder what has %s', async (_what, given, why) => {
    const { decision, reason, plan, platforms } = await explained(given())
    expect({ decision, plan, platforms }).toEqual({ decision: 'local', plan: null, platforms: {} })
    expect(reason).toMatch(why)
  })

  it('takes a film that is not there for a usual one, and says so', async () => {
    const missing = replaced(args[args.indexOf('-i') + 1]!, '/nonexistent/film.mkv')
    const { exit, stdout } = await planned(missing)
    expect(exit).toBe(0)
    const { decision, assumed, plan } = JSON.parse(stdout)
    expect({ decision, assumed }).toEqual({
      decision: 'node',
      assumed: [
        expect.stringMatching(/^\/nonexistent\/film.mkv is not there and is taken to be .*1920x1080/),
      ],
    })
    expect(plan.timeline).toMatchObject({ firstSlot: 0, segmentSeconds: 3 })
    const { stdout: text } = await runPaceline('plan', '--', ...missing)
    expect(text).toMatch(/^node: .*\nassumed: \/nonexistent\/film.mkv is not there/)
  })

  it('says what the media server would hear when the input is no film', async () => {
    const [words, exitCode] = ['Invalid data found when processing input', 183]
    const input = join(folder, 'nonsense.mkv')
    await writeFile(input, 'this is no film')
    const { exit, stdout } = await planned(replaced(args[args.indexOf('-i') + 1]!, input))
    expect(exit).toBe(4)
    const { reason, ...more } = JSON.parse(stdout)
    expect(more).toEqual({
      ...{ decision: 'local', code: 'unopened', pending: [], assumed: [], plan: null, platforms: {} },
    })
    expect(reason).toMatch(/^unopened: /)
    expect(reason).toContain(
      `${input} cannot be opened: ${words}. The media server is told so, and the job ends with exit code ${exitCode}.`,
    )
  })

  it('shows how the segments are packed', async () => {
    const matroska = args.flatMap((arg) =>
      arg === 'mpegts' ? ['matroska', '-segment_header_filename', 'header'] : [arg],
    )
    const { decision, pending, plan } = await explained(matroska)
    expect({ decision, pending }).toEqual({ decision: 'node', pending: [] })
    expect(plan.packaging).toMatchObject({ kind: 'matroska', header: 'header' })
  })

  it('is readable without --json', async () => {
    const { exit, stdout } = await runPaceline('plan', '--', ...args)
    expect(exit).toBe(0)
    expect(stdout).toMatch(
      /^node: .*\n\ninput {5}\/.*\npicture {3}stream 0, as yuv420p, .*\nsound {5}stream 1/,
    )
    expect(stdout).toMatch(/^software, its sound:\n {2}ffmpeg .* -vn /m)
  })

  it('wants arguments', async () => {
    expect((await runPaceline('plan', '--')).exit).toBe(2)
  })
})
