import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { compareRecordings } from '../golden/compare.ts'
import { readRecording } from '../golden/recording.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { recordingOf, startTranscoder } from '../stand-in/transcoder-process.ts'
import { hlsArguments } from './hls-arguments.ts'

let paceline: RunningPaceline
let folder: string
let original: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 1 })
  folder = await mkdtemp(join(tmpdir(), 'paceline-failing-'))
  original = join(folder, 'original')
  await writeFile(original, '#!/bin/sh\necho "the original got $# arguments" >&2\nexit 42\n')
  await chmod(original, 0o755)
})

afterAll(async () => {
  await paceline.stop()
  await rm(folder, { recursive: true, force: true })
})

async function runJob(args: readonly string[], mediaPath: string) {
  const server = await startPlexMediaServer()
  const environment = { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: original }
  const options = { program: paceline.shim, server, args, mediaPath, sessions: folder, environment }
  const made = await recordingOf('job', options, await startTranscoder(options))
  await server.close()
  return made
}

async function nothingIsLeft(): Promise<void> {
  const { stdout } = await paceline.run('status', '--json')
  const status = JSON.parse(stdout) as { sessions: unknown[]; nodes: { leases: number }[] }
  expect(status.sessions).toEqual([])
}

describe('an input that cannot be opened', () => {
  it.skipIf(sharedFolder === null)(
    `is told to the server as the real transcoder tells it${sharedNote}`,
    async () => {
      const golden = readRecording(join(sharedFolder!, 'golden', 'plex', 'missing-input.json'))
      const made = await runJob(golden.args, '/nonexistent/file.mkv')
      expect(compareRecordings(golden, made)).toEqual([])
      expect(made.exit).toBe(254)
    },
  )

  it('is told for a job of segments as well, and leaves nothing behind', async () => {
    const made = await runJob(hlsArguments(), '/nonexistent/film.mkv')
    expect(made.exit).toBe(254)
    expect(
      made.requests.map(
        ({ method, url }) => `${method} ${decodeURIComponent(url.split('message=')[1] ?? '')}`,
      ),
    ).toEqual([
      expect.stringMatching(/^POST \[in#0 @ 0x[0-9a-f]+\] Error opening input: No such file or directory$/),
      'POST Error opening input file /nonexistent/film.mkv.',
      'POST Error opening input files: No such file or directory',
    ])
    expect(made.files).toEqual([])
    await nothingIsLeft()
  })

  it('is nonsense: the exit code is that of invalid data', async () => {
    const path = join(folder, 'nonsense.mkv')
    await writeFile(path, Buffer.alloc(100_000, 'nonsense'))
    const made = await runJob(hlsArguments(), path)
    expect(made.exit).toBe(183)
    expect(made.requests.at(-1)?.url).toContain('Invalid%20data%20found%20when%20processing%20input')
    await nothingIsLeft()
  })
})

describe('a job that is not understood', () => {
  it('becomes the original, with its exit code and words', async () => {
    const made = await runJob(
      [...hlsArguments().slice(0, -1), '-frobnicate', '7', 'media-%05d.ts'],
      await makeClip(),
    )
    expect(made.exit).toBe(42)
    expect(made.stderr).toMatch(/the original got \d+ arguments/)
    expect(made.requests).toEqual([])
    await nothingIsLeft()
  })
})

describe('a file that ends too soon', () => {
  it.each(['mkv', 'ts'] as const)(
    'plays to its end: %s',
    async (container) => {
      const whole = await makeClip({ container, seconds: 10, audio: 'aac-48000' })
      const path = join(folder, `truncated.${container}`)
      const bytes = await import('node:fs/promises').then((fs) => fs.readFile(whole))
      await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)))
      const made = await runJob(hlsArguments(), path)
      expect(made.exit).toBe(0)
      expect(made.files.length).toBeGreaterThan(1)
      await nothingIsLeft()
    },
    60_000,
  )
})
