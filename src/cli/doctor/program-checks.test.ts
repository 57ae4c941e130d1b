import { describe, expect, it } from 'vitest'
import { judgeSpeed } from './encode-check.ts'
import { judgeVersion, missing } from './ffmpeg-checks.ts'
import { featuresText } from './nats-check.ts'
import { nodeCheck } from './node-check.ts'
import { lastWords, runTool, type ToolRun } from './run-tool.ts'

const said = (stdout: string, change: Partial<ToolRun> = {}): ToolRun => ({
  ...{ code: 0, stdout, stderr: '', problem: null },
  ...change,
})

describe('the version of Node.js', () => {
  it.each([
    ['20.19.0', true],
    ['22.1.0', true],
    ['20.18.9', false],
    ['18.20.0', false],
  ])('%s: enough is %s', async (version, ok) => {
    const finding = await nodeCheck(version).look()
    expect(finding).toMatchObject({ ok, found: expect.stringContaining(version) })
    expect(finding.remedy === null).toBe(ok)
  })
})

describe('the version of ffmpeg', () => {
  it.each([
    ['5.1.9-0+deb12u1', true],
    ['n7.1', true],
    ['10.0', true],
    ['N-109468-gd39b34123d', true],
    ['5.0.3', false],
    ['4.4.2-0ubuntu0.22.04.1', false],
  ])('%s: enough is %s', (version, ok) => {
    expect(judgeVersion('ffmpeg', said(`ffmpeg version ${version} Copyright (c) 2000-2026`))).toMatchObject({
      ok,
      found: expect.stringContaining(version),
    })
  })

  it('is not that of another program', () => {
    expect(judgeVersion('ffprobe', said('ffmpeg version 5.1.9'))).toMatchObject({ ok: false })
  })

  it('is missing with the program', () => {
    expect(judgeVersion('ffmpeg', said('', { code: null, problem: 'ENOENT' }))).toEqual({
      ok: false,
      found: 'not found on the search path',
      remedy: 'Install it: apt-get install ffmpeg.',
    })
  })

  it('is missing where it was said to be', () => {
    const nobody = said('', { code: null, problem: 'ENOENT' })
    expect(judgeVersion('ffmpeg', nobody, '/opt/ffmpeg').found).toBe('/opt/ffmpeg is not there')
  })

  it('is missing where the program only complains, and its words are repeated', () => {
    const run = said('', { code: 127, stderr: 'error while loading shared libraries: libx.so\n' })
    expect(judgeVersion('ffmpeg', run).found).toBe(
      'cannot be run: error while loading shared libraries: libx.so',
    )
  })
})

describe('what ffmpeg can do', () => {
  const listing = [
    'Encoders:',
    ' V..... = Video',
    ' ------',
    ' V....D libx264              libx264 H.264 / AVC (codec h264)',
    ' V....D libx264rgb           libx264 RGB (codec h264)',
    ' E stream_segment,ssegment streaming segment muxer',
    ' TSC scale             V->V       Scale the input video size.',
  ].join('\n')

  it.each(['libx264', 'ssegment', 'stream_segment', 'scale'])('includes %s, which is listed', (name) => {
    expect(missing({ what: 'thing', wanted: [name] }, listing)).toEqual([])
  })

  it.each(['libx265', 'x264', 'segment', 'libx264rg', 'H.264'])('does not include %s', (name) => {
    expect(missing({ what: 'thing', wanted: [name, 'scale'] }, listing)).toEqual([`thing ${name}`])
  })
})

describe('the version of nats-server', () => {
  it('comes with what newer ones add', () => {
    expect(featuresText('2.9.10')).toMatch(
      /^2\.9\.10, which works; newer ones add sync_interval .* \(2\.10\.0\)/,
    )
    expect(featuresText('2.12.0')).toBe('2.12.0')
  })
})

describe('the speed of a test encode', () => {
  it('is no fault, but is said when several nodes have to share a stream', () => {
    expect(judgeSpeed(0.5)).toEqual({
      ok: true,
      found: '2 s of 720p in 0.50 s: 120 frames a second, 4.0x real time',
      remedy: null,
    })
    expect(judgeSpeed(8).found).toMatch(/ 8 frames a second, 0\.3x real time; several such nodes/)
  })
})

describe('running a program', () => {
  it('gives its exit code and what it said', async () => {
    const script = 'console.log("out"); console.error("err"); process.exit(3)'
    expect(await runTool(process.execPath, ['-e', script])).toEqual({
      ...{ code: 3, stdout: 'out\n', stderr: 'err\n', problem: null },
    })
  })

  it('tells of a program that is not there', async () => {
    const run = await runTool('paceline-no-such-program', [])
    expect(run).toMatchObject({ code: null, problem: 'ENOENT' })
    expect(lastWords(run)).toBe('it was not found')
  })

  it('tells of one that was killed', async () => {
    const run = await runTool(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'])
    expect(lastWords(run)).toBe('killed by SIGKILL')
  })

  it('runs it with the environment that is given', async () => {
    const run = await runTool(process.execPath, ['-p', 'process.env.WORD'], { WORD: 'x' })
    expect(run.stdout).toBe('x\n')
  })

  it.each([
    [said('one\ntwo\n\n'), 'two'],
    [said('one', { stderr: 'three\n' }), 'three'],
    [said(''), 'it said nothing'],
  ])('has last words', (run, words) => {
    expect(lastWords(run)).toBe(words)
  })
})
