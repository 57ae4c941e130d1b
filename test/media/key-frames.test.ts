import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstFrameAtOrAfter, frameSeconds, readKeyFrames } from '../../src/media/key-frames.ts'
import type { VideoStream } from '../../src/media/media-info.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { toNumber } from '../../src/media/rational.ts'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'
import { collect } from '../clips/media-input.ts'
import { readFrames } from '../clips/read-frames.ts'

const clips: readonly ClipOptions[] = [
  { container: 'mp4', rate: '24000/1001' },
  { container: 'mp4', codec: 'hevc', openGop: true, rate: '30000/1001' },
  { container: 'mkv', openGop: true, rate: '24000/1001', bFrames: 4 },
  { container: 'mkv', codec: 'hevc', rate: 'variable' },
  { container: 'ts', openGop: true, gop: 100 },
  { container: 'ts', rate: 'variable', startSeconds: 5_000, bFrames: 4 },
  { container: 'mp4', rate: 'variable', startSeconds: 3 },
]

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-key-frames-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** What ffmpeg makes of a clip; a seek among the arguments is one of the input. */
async function derive(source: string, name: string, ...args: string[]): Promise<string> {
  const path = join(folder, name)
  const seek = args[0] === '-ss' ? args.splice(0, 2) : []
  await collect('ffmpeg', ['-v', 'error', '-y', ...seek, '-i', source, ...args, path])
  return path
}

async function videoOf(path: string): Promise<VideoStream> {
  const stream = (await probeMedia(path)).streams.find(({ kind }) => kind === 'video')
  return stream as VideoStream
}

describe('readKeyFrames', () => {
  it.each(clips)('finds the key frames that a decoder finds: %o', async (options) => {
    const path = await makeClip(options)
    const stream = await videoOf(path)
    const { frames, timeBase } = await readFrames(path)
    expect(stream.timeBase).toEqual(timeBase)
    expect(await readKeyFrames(path, stream)).toEqual(frames.filter(({ key }) => key).map(({ pts }) => pts))
  })

  it('reads a stretch of the file when asked to', async () => {
    const path = await makeClip({ container: 'mp4', seconds: 20, gop: 50 })
    const stream = await videoOf(path)
    const tb = toNumber(stream.timeBase)
    const keys = await readKeyFrames(path, stream, { fromSeconds: 9.5, toSeconds: 13 })
    expect(keys.map((pts) => pts * tb)).toEqual([8, 10, 12])
    expect((await readKeyFrames(path, stream, { fromSeconds: 17 })).map((pts) => pts * tb)).toEqual([16, 18])
    expect((await readKeyFrames(path, stream, { toSeconds: 3 })).map((pts) => pts * tb)).toEqual([0, 2])
  })

  it('fails as a probe does', async () => {
    const stream = { index: 0, timeBase: { num: 1, den: 1_000 } }
    await expect(readKeyFrames('/nothing/here.mkv', stream)).rejects.toMatchObject({
      code: 'E_PROBE_MISSING',
    })
    await expect(firstFrameAtOrAfter('/nothing/here.mkv', stream, 5)).rejects.toMatchObject({
      code: 'E_PROBE_MISSING',
    })
  })
})

describe('firstFrameAtOrAfter', () => {
  it.each(clips)('is the frame that showing every frame finds: %o', async (options) => {
    const path = await makeClip(options)
    const stream = await videoOf(path)
    const { frames } = await readFrames(path)
    const tb = toNumber(stream.timeBase)
    const start = frames[0]!.pts * tb
    // Between frames, exactly on one (the 96th is a key frame in most), beside key frames, and before and past all.
    const exact = [95, 96, 97, 100].map((index) => frames[index]!.pts * tb)
    const times = [start - 1, start, start + 3.37, start + 4.05, ...exact, start + 8.9, start + 60]
    const found = await Promise.all(times.map((seconds) => firstFrameAtOrAfter(path, stream, seconds)))
    const expected = times.map((seconds) =>
      frames.find(({ pts }) => pts >= Math.round(Math.round(seconds * 1e6) / 1e6 / tb)),
    )
    expect(found.map((frame) => frame?.pts)).toEqual(expected.map((frame) => frame?.pts))
  })

  it('is found among frames that are decoded seconds before they are shown', async () => {
    const args = [
      '-vf',
      "select='not(mod(n\\,100))'",
      '-fps_mode',
      'passthrough',
      '-c:v',
      'libx264',
      '-bf',
      '4',
    ]
    const path = await derive(
      await makeClip({ seconds: 50, rate: '25' }),
      'slides.ts',
      ...args,
      '-x264-params',
      'b-adapt=0',
    )
    const stream = await videoOf(path)
    const { frames, timeBase } = await readFrames(path)
    expect(frames.map(({ number }) => number)).toEqual(Array.from({ length: 13 }, (_, index) => index * 100))
    const found = await Promise.all(
      frames.map(({ pts }) => firstFrameAtOrAfter(path, stream, (pts - 90_000) * toNumber(timeBase))),
    )
    expect(found.map((frame) => frame?.pts)).toEqual(frames.map(({ pts }) => pts))
  })

  it('is never a frame that an edit list hides', async () => {
    const cut = await derive(await makeClip({ seconds: 10 }), 'cut.mp4', '-ss', '3.32', '-c', 'copy')
    const stream = await videoOf(cut)
    const { frames } = await readFrames(cut)
    const first = await firstFrameAtOrAfter(cut, stream, -1)
    expect([first?.pts, frames[0]!.number]).toEqual([frames[0]!.pts, 83])
    expect(await readKeyFrames(cut, stream)).toEqual(frames.filter(({ key }) => key).map(({ pts }) => pts))
  })

  it('is the frame that an accurate seek of ffmpeg begins with', async () => {
    for (const container of ['mp4', 'mkv'] as const) {
      const path = await makeClip({ container, rate: '24000/1001', seconds: 12 })
      const stream = await videoOf(path)
      for (const seconds of [3.37, 4.0045, 7.1071]) {
        const args = [
          '-v',
          'error',
          '-ss',
          String(seconds),
          '-i',
          path,
          '-copyts',
          '-start_at_zero',
          '-frames:v',
          '1',
        ]
        const copy = ['-fps_mode', 'passthrough', '-c:v', 'ffv1', '-f', 'matroska', 'pipe:1']
        const { frames } = await readFrames((await collect('ffmpeg', [...args, ...copy])).stdout)
        const found = await firstFrameAtOrAfter(path, stream, seconds)
        expect(Math.round((frameSeconds(found!) * 24_000) / 1_001), `${container} ${seconds}`).toBe(
          frames[0]!.number,
        )
      }
    }
  })

  it.each(['mp4', 'mkv', 'ts'] as const)('reads a small part of a long file in %s', async (container) => {
    const path = await makeClip({ container, size: '640x360', seconds: 60 })
    const { size } = await stat(path)
    const stream = await videoOf(path)
    const source = await slowly(path, size)
    try {
      const found = await firstFrameAtOrAfter(source.url, stream, 40)
      expect(frameSeconds(found!)).toBeCloseTo(40, 1)
      expect(source.sent()).toBeLessThan(size / 3)
    } finally {
      source.server.close()
      source.server.closeAllConnections()
    }
  })
})

/** Serves a file by byte range at a few megabytes a second, and counts: what is not read is hardly sent. */
async function slowly(
  path: string,
  size: number,
): Promise<{ url: string; server: Server; sent: () => number }> {
  let sent = 0
  const server = createServer(async (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const range = { 'accept-ranges': 'bytes', 'content-range': `bytes ${from}-${size - 1}/${size}` }
    response.writeHead(206, { ...range, 'content-length': size - from })
    for await (const piece of createReadStream(path, { start: from, highWaterMark: 16_384 })) {
      if (response.destroyed) return
      sent += (piece as Buffer).length
      response.write(piece)
      await pause(4)
    }
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/film`, server, sent: () => sent }
}
