import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clipFrames, makeClip } from '../clips/make-clip.ts'
import { collect } from '../clips/media-input.ts'
import { readAudio } from '../clips/read-audio.ts'
import { readFrames } from '../clips/read-frames.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { codecNoise } from '../seams/expect-seamless.ts'
import { largestDifference } from '../seams/seam-facts.ts'
import { type PlexMediaServer, startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { fillArguments, startTranscoder, type TranscoderProcess } from '../stand-in/transcoder-process.ts'
import { fileArguments } from './file-arguments.ts'

const name = 'a film (2024).mp4.882'

let folder: string
let server: PlexMediaServer
let paceline: RunningPaceline

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-files-'))
  server = await startPlexMediaServer()
})

afterEach(async () => {
  await server.close()
  await paceline.stop()
  await rm(folder, { recursive: true, force: true })
})

const start = (mediaPath: string, args = fileArguments()): Promise<TranscoderProcess> =>
  startTranscoder({
    ...{ program: paceline.shim, server, args, mediaPath, sessions: folder },
    environment: {
      PACELINE_HEAD: paceline.head,
      PACELINE_ORIGINAL: join(import.meta.dirname, 'stand-in-file-maker.js'),
      NOTE: join(folder, 'note.json'),
    },
  })

/** What the original was asked for; null when it never ran. */
function askedOfOriginal(): string[] | null {
  if (!readdirSync(folder).includes('note.json')) return null
  return (JSON.parse(readFileSync(join(folder, 'note.json'), 'utf8')) as { args: string[] }).args
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries++) {
    if (tries > 3_000) throw new Error('it did not come to that')
    await sleep(10)
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

describe('an optimised version', () => {
  it('made in leases of one segment, also of sound, is that of one run of FFmpeg', async () => {
    const clip = { container: 'mkv', rate: '24000/1001', audio: 'aac-48000', seconds: 12 } as const
    const mediaPath = await makeClip(clip)
    paceline = await startPaceline({ nodes: 2, environment: { PACELINE_MAX_LEASE_SEGMENTS: '1' } })
    const job = await start(mediaPath)
    expect(await job.exited()).toMatchObject({ exit: 0, stderr: '' })
    expect(askedOfOriginal()).toBeNull()
    expect(await readdir(job.directory)).toEqual([name])

    const wanted = join(folder, 'wanted.mp4')
    const values = { PMS: server.url, MEDIA: mediaPath, CWD: job.directory }
    const plain = fillArguments(fileArguments(wanted), values).filter(
      (arg) => !/^-(loglevel_plex|progressurl)$|^error$|^http:/.test(arg),
    )
    await collect('ffmpeg', ['-nostdin', ...plain])
    const made = join(job.directory, name)
    const frames = await readFrames(made)
    const expected = await readFrames(wanted)
    expect(frames.frames.map(({ number, pts }) => [number, pts])).toEqual(
      expected.frames.map(({ number, pts }) => [number, pts]),
    )
    expect(new Set(frames.frames.map(({ number }) => number)).size).toBe(clipFrames(clip))
    const [sound, wantedSound] = [await readAudio(made), await readAudio(wanted)]
    expect(sound.packets.map(({ pts }) => pts)).toEqual(wantedSound.packets.map(({ pts }) => pts))
    expect(sound.samples.length).toBe(wantedSound.samples.length)
    const seconds = sound.samples.length / sound.channels / sound.sampleRate
    expect(largestDifference(sound, wantedSound, 0, seconds - 0.15)).toBeLessThan(codecNoise)

    const { stdout } = await paceline.run('status', '--json')
    const { recent } = JSON.parse(stdout) as { recent: { segments: Record<string, number> }[] }
    expect(Object.values(recent[0]!.segments).filter((count) => count > 0)).toHaveLength(2)
  }, 60_000)

  it('is made anew by the original, with its own arguments, when the head is lost', async () => {
    const mediaPath = await makeClip({ seconds: 80, size: '1280x720', audio: 'aac-48000' })
    paceline = await startPaceline({ nodes: 1 })
    const job = await start(mediaPath)
    const path = join(job.directory, name)
    await until(() => sizeOf(path) > 20_000)
    const head = JSON.parse(readFileSync(join(paceline.dataFolder, 'head.json'), 'utf8')) as { pid: number }
    process.kill(head.pid, 'SIGKILL')
    expect(await job.exited()).toMatchObject({ exit: 0 })
    expect(askedOfOriginal()).toEqual(job.args)
    expect(readFileSync(path, 'utf8')).toBe('made by the original')
  }, 60_000)

  it('is the original’s from the beginning where its place cannot be written', async () => {
    const mediaPath = await makeClip({ seconds: 5, audio: 'aac-48000' })
    paceline = await startPaceline({ nodes: 1 })
    const job = await start(mediaPath, fileArguments('{CWD}/not there/film.mp4.1'))
    const { exit } = await job.exited()
    expect(askedOfOriginal()).toEqual(job.args)
    expect(exit).not.toBe(0)
    expect(await readdir(job.directory)).toEqual([])
    expect(paceline.log()).toContain('ENOENT')
  }, 60_000)
})
