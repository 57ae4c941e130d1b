import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PacelineError } from '../../src/errors.ts'
import type { FfprobeOptions, ProbeFailure } from '../../src/media/ffprobe.ts'
import type { VideoStream } from '../../src/media/media-info.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { createProbeCache } from '../../src/media/probe-cache.ts'
import { makeClip } from '../clips/make-clip.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-probe-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** A program that stands in for ffprobe. */
async function standIn(name: string, script: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

async function failure(path: string, options: FfprobeOptions = {}) {
  const error: unknown = await probeMedia(path, options).catch((cause: unknown) => cause)
  if (!(error instanceof PacelineError)) throw new Error(`not the expected error: ${error}`)
  const { reason, log } = error.cause as ProbeFailure
  return { code: error.code, where: error.where, reason, log }
}

describe('probeMedia', () => {
  it('does not open what names other files, and does not say that the file is at fault', async () => {
    const clip = await makeClip({ seconds: 2 })
    const list = join(folder, 'film.mkv')
    await writeFile(list, `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${clip}\n#EXT-X-ENDLIST\n`)
    expect(await failure(list)).toMatchObject({
      code: 'E_PROBE_TOOL',
      log: [expect.stringContaining('whitelist'), expect.stringContaining('Invalid argument')],
    })
  })

  it('reads an MP4 with sound', async () => {
    const info = await probeMedia(await makeClip({ rate: '24000/1001', seconds: 4, audio: 'aac-48000' }))
    expect(info.formats).toContain('mp4')
    expect(info.durationSeconds).toBeCloseTo(4, 1)
    expect(info.startSeconds).toBe(0)
    expect(info.streams).toHaveLength(2)
    expect(info.streams[0]).toMatchObject({
      kind: 'video',
      index: 0,
      id: 1,
      codec: 'h264',
      width: 320,
      height: 180,
      averageRate: { num: 24_000, den: 1_001 },
      realRate: { num: 24_000, den: 1_001 },
      pixelFormat: 'yuv420p',
      fieldOrder: 'progressive',
      reorderFrames: 2,
      language: 'und',
      dispositions: ['default'],
      attachedPicture: false,
    })
    expect(info.streams[1]).toMatchObject({
      kind: 'audio',
      codec: 'aac',
      profile: 'LC',
      channels: 2,
      layout: 'stereo',
      sampleRate: 48_000,
      frameSize: 1_024,
      timeBase: { num: 1, den: 48_000 },
    })
  })

  it('reads the start of a transport stream, exactly', async () => {
    const info = await probeMedia(await makeClip({ container: 'ts', seconds: 4, startSeconds: 100 }))
    const stream = info.streams[0] as VideoStream
    expect(info.startSeconds).toBe(101.4)
    expect(stream.startPts).toBe(101.4 * 90_000)
    expect(stream.timeBase).toEqual({ num: 1, den: 90_000 })
    expect(stream.id).toBe(256)
  })

  it('finds the duration of streams in Matroska', async () => {
    const info = await probeMedia(
      await makeClip({ codec: 'hevc', container: 'mkv', seconds: 4, audio: 'ac3' }),
    )
    expect(info.formats).toEqual(['matroska', 'webm'])
    expect(info.streams.map(({ codec, durationSeconds }) => [codec, Math.round(durationSeconds!)])).toEqual([
      ['hevc', 4],
      ['ac3', 4],
    ])
  })

  it('passes the probe sizes of the media server on', async () => {
    const path = await standIn('echo', 'echo "$@" >&2; exit 1')
    const { reason } = await failure('/film.mkv', {
      ffprobe: path,
      analyzeDuration: '20000000',
      probeSize: '5000000',
    })
    expect(reason).toContain('-analyzeduration 20000000 -probesize 5000000')
  })
})

describe('what ffprobe cannot read', () => {
  it('is missing', async () => {
    const path = join(folder, 'nothing here.mkv')
    const failed = await failure(path)
    expect(failed).toEqual({
      code: 'E_PROBE_MISSING',
      where: path,
      reason: 'No such file or directory',
      log: [],
    })
  })

  it('is denied', async () => {
    const script = 'echo "/film.mkv: Permission denied" >&2; exit 1'
    const failed = await failure('/film.mkv', { ffprobe: await standIn('denied', script) })
    expect(failed).toEqual({
      code: 'E_PROBE_DENIED',
      where: '/film.mkv',
      reason: 'Permission denied',
      log: [],
    })
  })

  it.skipIf(process.getuid?.() === 0)(
    'is denied by the system (skipped for root, who may read everything)',
    async () => {
      const path = join(folder, 'locked.mp4')
      await copyFile(await makeClip({ seconds: 2 }), path)
      await chmod(path, 0)
      expect((await failure(path)).code).toBe('E_PROBE_DENIED')
    },
  )

  it('is no media file', async () => {
    const path = join(folder, 'notes.txt')
    await writeFile(path, 'milk, bread, eggs')
    const failed = await failure(path)
    expect(failed).toMatchObject({
      code: 'E_PROBE_INVALID',
      reason: 'Invalid data found when processing input',
    })
    expect((await failure(folder)).reason).toBe('Is a directory')
  })

  it('is cut off before its index, in the words that FFmpeg logs', async () => {
    const path = join(folder, 'cut: off.mp4')
    await writeFile(path, (await readFile(await makeClip({ seconds: 4 }))).subarray(0, 20_000))
    const failed = await failure(path)
    expect(failed).toMatchObject({
      code: 'E_PROBE_INVALID',
      where: path,
      reason: 'Invalid data found when processing input',
    })
    expect(failed.log).toHaveLength(1)
    expect(failed.log[0]).toMatch(/^\[mov,mp4,m4a,3gp,3g2,mj2 @ 0x[0-9a-f]+\] moov atom not found$/)
  })

  it('keeps its reason however much FFmpeg logs before it', async () => {
    const script =
      'i=0; while [ $i -lt 5000 ]; do echo "damaged packet number $i of them all" >&2; i=$((i+1)); done'
    const program = await standIn('chatty', `${script}; echo "/film.mkv: End of file" >&2; exit 1`)
    const failed = await failure('/film.mkv', { ffprobe: program })
    expect(failed).toMatchObject({ code: 'E_PROBE_INVALID', reason: 'End of file' })
    expect(failed.log[0]).toBe('damaged packet number 0 of them all')
    expect(failed.log.join('\n').length).toBeLessThan(100_000)
  })
})

describe('an ffprobe that does not work', () => {
  it('is missing', async () => {
    const error: unknown = await probeMedia('/film.mkv', { ffprobe: join(folder, 'none') }).catch(
      (cause) => cause,
    )
    expect(error).toMatchObject({ code: 'E_PROBE_TOOL', where: join(folder, 'none') })
  })

  it('is killed', async () => {
    const program = await standIn('killed', 'kill -9 $$')
    const error: unknown = await probeMedia('/film.mkv', { ffprobe: program }).catch((cause) => cause)
    expect(error).toMatchObject({ code: 'E_PROBE_TOOL', cause: { message: 'killed by SIGKILL' } })
  })

  it.each([
    ['nothing', 'exit 0'],
    ['something else', 'echo hello'],
    ['a stream without a number', `echo '{"format":{"format_name":"mp4"},"streams":[{}]}'`],
  ])('prints %s', async (_, script) => {
    const program = await standIn('odd', script)
    expect((await failure('/film.mkv', { ffprobe: program })).code).toBe('E_PROBE_TOOL')
  })

  it('is ended when the caller gives up', async () => {
    const program = await standIn('slow', `echo $$ > ${folder}/pid; exec sleep 60`)
    const giveUp = new AbortController()
    const started = performance.now()
    const probing = probeMedia('/film.mkv', { ffprobe: program, signal: giveUp.signal })
    setTimeout(() => giveUp.abort(new Error('the viewer has gone')), 300)
    await expect(probing).rejects.toThrow('the viewer has gone')
    expect(performance.now() - started).toBeLessThan(10_000)
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('a cache over real files', () => {
  it('sees that a file was replaced', async () => {
    const path = join(folder, 'film')
    const cache = createProbeCache()
    await copyFile(await makeClip({ seconds: 2 }), path)
    const first = await cache.probe(path)
    expect(await cache.probe(path)).toBe(first)
    await copyFile(await makeClip({ seconds: 2, container: 'mkv' }), path)
    expect((await cache.probe(path)).formats).toContain('matroska')
  })
})
