import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { compareRecordings } from '../golden/compare.ts'
import { type Recording, readRecording } from '../golden/recording.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { recordingOf, startTranscoder } from '../stand-in/transcoder-process.ts'

let paceline: RunningPaceline
let sessions: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 2 })
  sessions = await mkdtemp(join(tmpdir(), 'paceline-plex-'))
})

afterAll(async () => {
  await paceline.stop()
  await rm(sessions, { recursive: true, force: true })
})

/** The recording without its second output, the subtitles beside the film. */
function withoutSidecar(recording: Recording): Recording {
  const { args, files } = recording
  const end = args.findIndex((arg) => arg.endsWith('.sidecar'))
  return {
    ...recording,
    args: args.toSpliced(args.indexOf('-map', args.lastIndexOf('-map')), end + 1 - args.lastIndexOf('-map')),
    files: files.filter(({ name }) => !name.endsWith('.sidecar')),
  }
}

describe.skipIf(sharedFolder === null)(`an optimised version${sharedNote}`, () => {
  it('is made as the real transcoder was recorded making it', async () => {
    const golden = withoutSidecar(
      readRecording(join(sharedFolder!, 'golden', 'plex', 'optimise-mp4-sidecar.json')),
    )
    const server = await startPlexMediaServer()
    const options = {
      ...{ program: paceline.shim, server, args: golden.args, sessions, job: 'optimise' },
      mediaPath: join(sharedFolder!, 'media', golden.media),
      environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
    }
    const transcoder = await startTranscoder(options)
    const made = await recordingOf(golden.name, options, transcoder)
    await server.close()
    expect(compareRecordings(golden, made, { whole: true })).toEqual([])
    expect(server.problems()).toEqual([])
    expect(made.exit).toBe(0)
  }, 300_000)
})
