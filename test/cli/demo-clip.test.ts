import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClipOptions, clipSeconds, demoClip } from '../../src/cli/demo/demo-clip.ts'
import { openDemoFilm } from '../../src/cli/demo/demo-film.ts'
import { transcoderArguments } from '../../src/cli/demo/transcoder-arguments.ts'
import { readRecording } from '../golden/recording.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'

let folder: string
const said: string[] = []
const options = (change: Partial<ClipOptions> = {}): ClipOptions => ({
  ...{ folder: join(folder, 'demo'), ffmpeg: 'ffmpeg', say: (text) => void said.push(text) },
  ...{ signal: new AbortController().signal, ...change },
})

beforeEach(async () => {
  said.length = 0
  folder = await mkdtemp(join(tmpdir(), 'paceline-clip-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the clip of the demonstration', () => {
  it('has 20 s of moving picture with a tone, and is made only once', async () => {
    const path = await demoClip(options())
    expect(said).toHaveLength(1)
    const film = await openDemoFilm(path, options().signal)
    expect(film).toMatchObject({
      picture: { index: 0, decoder: 'h264', width: 1280, height: 720, rate: '30' },
      sound: { index: 1, decoder: 'aac' },
    })
    expect(film.durationSeconds).toBeCloseTo(clipSeconds, 1)
    expect(await readdir(join(folder, 'demo'))).toEqual(['clip-1.mp4'])

    expect(await demoClip(options({ ffmpeg: '/nonexistent/ffmpeg' }))).toBe(path)
    expect(said).toHaveLength(1)
  })

  it('is not there in part when it is interrupted', async () => {
    const controller = new AbortController()
    const making = demoClip(options({ signal: controller.signal }))
    setTimeout(() => controller.abort(), 300)
    await expect(making).rejects.toThrow(/aborted/)
    expect(await readdir(join(folder, 'demo'))).toEqual([])
    await expect(demoClip(options({ signal: controller.signal }))).rejects.toThrow(/aborted/)
  })

  it('needs ffmpeg, and repeats its words when it fails', async () => {
    await expect(demoClip(options({ ffmpeg: '/nonexistent/ffmpeg' }))).rejects.toMatchObject({
      code: 'E_FFMPEG_MISSING',
    })
    const failing = join(folder, 'ffmpeg')
    await writeFile(failing, '#!/bin/sh\necho first >&2\necho No space left on device >&2\nexit 1\n', {
      mode: 0o755,
    })
    await expect(demoClip(options({ ffmpeg: failing }))).rejects.toMatchObject({
      code: 'E_OUTPUT_WRITE',
      where: expect.stringContaining('(No space left on device)'),
    })
    expect(await readdir(join(folder, 'demo'))).toEqual([])
  })
})

describe.skipIf(sharedFolder === null)(`the demonstration's command line${sharedNote}`, () => {
  it('is what Plex gave its transcoder for this film, word for word', async () => {
    const { args, media } = readRecording(join(sharedFolder!, 'golden', 'plex', 'hls-mpegts.json'))
    const film = await openDemoFilm(join(sharedFolder!, 'media', media), options().signal)
    const jobUrl = 'http://127.0.0.1:1/job'
    const recorded = args.map((arg) =>
      arg.replace('{MEDIA}', film.path).replace(/\{PMS\}.*\/(progress|manifest)/, `${jobUrl}/$1`),
    )
    // Plex knew the language from its own library.
    const spoken = {
      picture: { ...film.picture, language: 'eng' },
      sound: { ...film.sound!, language: 'eng' },
    }
    expect(transcoderArguments({ ...film, ...spoken }, jobUrl)).toEqual(recorded)
  })
})
