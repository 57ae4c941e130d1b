import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { startPaceline } from '../fixture/paceline.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { type CopiedFilm, copiedSoundOf, expectCopied, millisecond } from './expect-copied-sound.ts'
import { LeaseRunner } from './lease-runner.ts'
import { makeFilm } from './strange/source-kit.ts'

let runner: LeaseRunner
let folder: string
beforeAll(async () => {
  runner = await LeaseRunner.open()
  folder = await mkdtemp(join(tmpdir(), 'paceline-copied-sound-'))
})
afterAll(async () => {
  await runner.close()
  await rm(folder, { recursive: true, force: true })
})

const films: readonly (readonly [string, CopiedFilm])[] = [
  ['AAC in MP4', { clip: { container: 'mp4', audio: 'aac-44100', seconds: 8 }, most: 0 }],
  [
    'AAC in Matroska, sought',
    {
      clip: { container: 'mkv', audio: 'aac-48000', seconds: 8 },
      ...{ job: { seek: '3.3', firstSegment: 3 }, most: millisecond },
    },
  ],
  ['AC-3 in Matroska', { clip: { container: 'mkv', audio: 'ac3', seconds: 8 }, most: millisecond }],
  ['AAC in a transport stream', { clip: { container: 'ts', audio: 'aac-48000', seconds: 8 }, most: 0 }],
  [
    'AAC in MP4, sought, pictures in open groups',
    {
      clip: { container: 'mp4', audio: 'aac-48000', openGop: true, rate: '24000/1001', seconds: 10 },
      ...{ job: { seek: '4', firstSegment: 4, rate: '23.976' }, most: 0 },
    },
  ],
]

/** One lease of a segment would find nothing in these: they are cut by nodes that are lost. */
const pausing: readonly (readonly [string, CopiedFilm])[] = [
  [
    'AAC that begins late',
    {
      clip: { container: 'mkv', audio: 'aac-48000', seconds: 8 },
      steps: [{ as: 'mkv', ffmpeg: '-copyts -c:v copy -c:a aac -af atrim=start=2.6' }],
      most: millisecond,
    },
  ],
  [
    'AC-3 with a hole, in a transport stream',
    {
      clip: { container: 'mkv', audio: 'aac-48000', seconds: 8 },
      steps: [{ as: 'ts', ffmpeg: '-c:v copy -c:a ac3 -bsf:a noise=drop=between(n\\,70\\,180)' }],
      most: 0,
    },
  ],
  [
    'MP2 that ends early',
    {
      clip: { container: 'mkv', audio: 'aac-48000', seconds: 8 },
      steps: [{ as: 'ts', ffmpeg: '-c:v copy -c:a mp2 -af atrim=end=4.4' }],
      most: 0,
    },
  ],
]

describe('copied sound beside encoded pictures', () => {
  it.each(pausing)('is neither lost nor doubled where leases of it are lost: %s', async (_name, film) => {
    await expectCopied(runner, folder, film, ['killed'])
  })

  it.each(films)(
    'is what the server’s own makes, also where leases of it are cut or killed: %s',
    async (_name, film) => {
      await expectCopied(runner, folder, film, ['granted', 'killed'])
    },
  )

  it('goes through head and nodes as it is', async () => {
    const path = await makeClip({ container: 'mp4', audio: 'aac-48000', rate: '25', seconds: 10 })
    const made = await throughHead(path)
    expect(made.length).toBeGreaterThan(3)
    // All of the film but what its encoder put before it.
    expect(made.flat().length).toBe(Math.ceil((10 * 48_000) / 1_024))
    // Each stands where those before it end, as far as it says a time of its own.
    const told = made.flat().flatMap(({ ticks }, index) => (ticks > 0 ? [ticks - index * 1_920] : []))
    expect(told.length).toBeGreaterThan(50)
    expect(new Set(told).size).toBe(1)
  })

  it('goes on behind a hole that is longer than a lease', async () => {
    const path = await makeFilm({
      clip: { container: 'mkv', audio: 'aac-48000', rate: '25', seconds: 12 },
      steps: [{ as: 'mkv', ffmpeg: '-c:v copy -c:a ac3 -bsf:a noise=drop=between(n\\,70\\,250)' }],
    })
    const made = await throughHead(path)
    const [[inFilm = []], files] = [await copiedSoundOf([path]), made.flat()]
    expect(files.map(({ digest }) => digest)).toEqual(inFilm.map(({ digest }) => digest))
  })
})

/** The sound that a media server gets of a film by two nodes, whose leases are of one segment each. */
async function throughHead(mediaPath: string): ReturnType<typeof copiedSoundOf> {
  const encoded = hlsArguments()
  const [from, to] = [encoded.lastIndexOf('-filter_complex'), encoded.indexOf('-segment_format')]
  const copied = ['-map', '0:1', '-metadata:s:1', 'language=eng', '-codec:1', 'copy', '-copypriorss:1', '0']
  const paceline = await startPaceline({ nodes: 2, environment: { PACELINE_MAX_LEASE_SEGMENTS: '1' } })
  const server = await startPlexMediaServer({})
  try {
    const job = await startTranscoder({
      ...{ program: paceline.shim, server, mediaPath, sessions: folder },
      args: encoded.toSpliced(from, to - from, ...copied),
      environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
    })
    const { exit } = await job.exited()
    expect(exit, paceline.log()).toBe(0)
    expect(server.problems()).toEqual([])
    const names = (await readdir(job.directory)).filter((name) => name.endsWith('.ts')).toSorted()
    return await copiedSoundOf(names.map((name) => join(job.directory, name)))
  } finally {
    await server.close()
    await paceline.stop()
  }
}
