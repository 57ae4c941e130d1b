import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileIdentity } from '../../src/media/probe-cache.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { builtFfmpeg } from '../tonemap/cpu-filter-tools.ts'
import { replayRecordedJob } from './recorded-job.ts'

const ffmpeg = builtFfmpeg()
if (ffmpeg === undefined)
  console.warn('A job is not tone mapped by our filter: `npm run build:ffmpeg` has not been run.')

let paceline: RunningPaceline
let folder: string
let calls: string

/** Nodes run this instead of ffmpeg: it writes down what it is called with, and becomes ffmpeg. */
async function startWatched(nodes: number, known: Readonly<Record<string, string>> = {}): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'paceline-tone-map-'))
  calls = join(folder, 'calls')
  const program = join(folder, 'ffmpeg')
  await writeFile(calls, '')
  await writeFile(program, `#!/bin/sh\necho "$*" >>'${calls}'\nexec '${ffmpeg}' "$@"\n`)
  await chmod(program, 0o755)
  const dataFolder = join(folder, 'data')
  await mkdir(dataFolder, { mode: 0o700 })
  for (const [name, text] of Object.entries(known)) await writeFile(join(dataFolder, name), text)
  paceline = await startPaceline({ nodes, dataFolder, args: ['--ffmpeg', program] })
}

async function stopWatched(): Promise<void> {
  await paceline.stop()
  await rm(folder, { recursive: true, force: true })
}

/** The calls that made pictures of a film. */
async function pictureCalls(): Promise<string[]> {
  const lines = (await readFile(calls, 'utf8')).split('\n')
  return lines.filter((call) => call.includes('-vf') && call.includes('ssegment'))
}

/** The tone maps in them, each once. */
async function toneMaps(): Promise<string[]> {
  const found = (await pictureCalls()).map(
    (call) => /tonemap\w*=tonemap=\w+(:peak=\d+)?/.exec(call)?.[0] ?? 'none',
  )
  return [...new Set(found)]
}

const absent = ffmpeg === undefined || sharedFolder === null

describe.skipIf(absent)(
  `a job with a tone map, where the head’s own nodes have the filter${sharedNote}`,
  () => {
    beforeAll(() => startWatched(2))
    afterAll(stopWatched)

    it('leaves the server nothing to notice, and no picture is made by FFmpeg’s own tone map', async () => {
      expect((await replayRecordedJob(paceline, folder, 'dash-hdr-tonemap')).differences).toEqual([])
      expect(await toneMaps()).toEqual(['tonemap_paceline=tonemap=mobius:peak=1000'])
    }, 120_000)
  },
)

describe.skipIf(absent)(`a job with a tone map, where there is no node at all${sharedNote}`, () => {
  beforeAll(() => startWatched(0))
  afterAll(stopWatched)

  it('is made by the head’s own machine with our filter, and not by the server’s chain', async () => {
    // The original is /bin/false here: had the job been left to it, nothing would have been made.
    expect((await replayRecordedJob(paceline, folder, 'dash-hdr-tonemap')).differences).toEqual([])
    expect(await toneMaps()).toEqual(['tonemap_paceline=tonemap=mobius:peak=1000'])
    expect(paceline.log()).toContain('the first responder comes')
  }, 120_000)
})

describe.skipIf(absent)(`a job with a tone map of a film that was looked at before${sharedNote}`, () => {
  beforeAll(async () => {
    const path = join(sharedFolder!, 'media', 'hdr10-video-with-sdr-container.mp4')
    // What the shim's user has told of a file is known for that user.
    const film = fileIdentity(await stat(path, { bigint: true }), `user ${process.getuid!()}: ${path}`)
    await startWatched(2, { 'film-light.json': JSON.stringify({ version: 1, films: [[film, 650]] }) })
  })
  afterAll(stopWatched)

  it('is made for the peak that was measured, by every node', async () => {
    expect((await replayRecordedJob(paceline, folder, 'dash-hdr-tonemap')).differences).toEqual([])
    expect(await toneMaps()).toEqual(['tonemap_paceline=tonemap=mobius:peak=650'])
  }, 120_000)
})
