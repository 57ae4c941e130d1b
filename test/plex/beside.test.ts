import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { withText } from '../clips/make-subtitles.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { besideArguments } from './beside.ts'

let paceline: RunningPaceline
let folder: string
let film: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-beside-'))
  film = await withText(await makeClip({ rate: '25', seconds: 8, container: 'mkv', audio: 'ac3' }), folder, [
    { from: 0.6, to: 4.4 },
    { from: 2.1, to: 2.9 },
    { from: 2.95, to: 3.2 },
    { from: 5.2, to: 6 },
    { from: 7.2, to: 7.6 },
  ])
  paceline = await startPaceline({ nodes: 2, environment: { PACELINE_MAX_LEASE_SEGMENTS: '1' } })
})

afterAll(async () => {
  await paceline.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What FFmpeg itself makes of the same text, in a folder of its own. */
function byFfmpeg(): string {
  const own = join(folder, 'ffmpeg')
  mkdirSync(own)
  const ass = ['-map', '0:s:0', '-codec:0', 'ass', '-f', 'segment', '-segment_format', 'ass']
  const cut = ['-segment_time', '1', '-segment_header_filename', 'sub-header', '-segment_list', 'list.csv']
  const list = [
    '-segment_list_type',
    'csv',
    '-segment_format_options',
    'ignore_readorder=1',
    'sub-chunk-%05d',
  ]
  const srt = ['-map', '0:s:0', '-codec:0', 'copy', '-f', 'srt', 'film.srt']
  const start = ['-v', 'error', '-i', film, '-start_at_zero', '-copyts']
  execFileSync('ffmpeg', [...start, ...ass, ...cut, ...list, ...srt], { cwd: own })
  return own
}

describe('text beside a film that two nodes make', () => {
  it('is byte for byte what FFmpeg makes of it: header, chunks, rows, and a file', async () => {
    const server = await startPlexMediaServer({})
    const srt = join(folder, 'a film (2024).mp4.882.sidecar')
    const job = await startTranscoder({
      program: paceline.shim,
      ...{ server, args: besideArguments('0:s:0', srt), mediaPath: film, sessions: folder },
      environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
    })
    expect((await job.exited()).exit, paceline.log()).toBe(0)
    await server.close()
    expect(server.problems()).toEqual([])
    const own = byFfmpeg()
    const names = readdirSync(own).filter((name) => name.startsWith('sub-'))
    expect(readdirSync(job.directory).filter((name) => name.startsWith('sub-'))).toEqual(names)
    for (const name of names) {
      expect(readFileSync(join(job.directory, name), 'utf8'), name).toBe(
        readFileSync(join(own, name), 'utf8'),
      )
    }
    expect(readFileSync(srt, 'utf8')).toBe(readFileSync(join(own, 'film.srt'), 'utf8'))
    const posts = server.requests.filter(({ url }) => url.includes('stream=subtitles'))
    const finished = new Set(
      posts.flatMap(({ body }) => body.split('\n').filter((row) => row !== '' && !row.startsWith('#'))),
    )
    const rows = [...finished].map((row) => row.split(',').slice(0, 3).join(','))
    expect(rows).toEqual(readFileSync(join(own, 'list.csv'), 'utf8').trim().split('\n'))
  })
})
