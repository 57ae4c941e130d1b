import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { withText } from '../clips/make-subtitles.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { hlsArguments } from './hls-arguments.ts'

let paceline: RunningPaceline
let folder: string
let film: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-inside-'))
  film = await withText(await makeClip({ rate: '25', seconds: 8, container: 'mkv', audio: 'ac3' }), folder, [
    { from: 0.6, to: 4.4 },
    { from: 2.1, to: 2.9 },
    { from: 5.2, to: 6 },
    { from: 7.2, to: 7.6 },
  ])
  paceline = await startPaceline({ nodes: 2, environment: { PACELINE_MAX_LEASE_SEGMENTS: '1' } })
})

afterAll(async () => {
  await paceline.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The job of hls-arguments.ts in segments of Matroska, with the film's text as one more stream of them. */
function insideArguments(codec: string): string[] {
  const args = hlsArguments()
  args[args.indexOf('-segment_format') + 1] = 'matroska'
  const muxer = args.indexOf('-segment_format')
  const text = ['-map', '0:s:0', '-metadata:s:2', 'language=eng', '-codec:2', codec, '-strict_ts:2', '0']
  const header = ['-flags', '+global_header', '-segment_header_filename', 'header']
  return [...args.slice(0, muxer), ...text, ...header, ...args.slice(muxer)]
}

/** Times, lengths and content of all text in a file. */
function textIn(path: string): string {
  const show = [
    '-show_entries',
    'packet=pts_time,duration_time,data_hash:stream=codec_name',
    '-of',
    'compact',
  ]
  return execFileSync(
    'ffprobe',
    ['-v', 'error', '-select_streams', 's', ...show, '-show_data_hash', 'md5', path],
    {
      encoding: 'utf8',
    },
  )
}

describe('text within the segments of two nodes', () => {
  it.each([
    ['copied', 'copy'],
    ['encoded', 'ass'],
  ])('is, when it is %s, what FFmpeg puts there', async (_how, codec) => {
    const server = await startPlexMediaServer({})
    const job = await startTranscoder({
      program: paceline.shim,
      ...{ server, args: insideArguments(codec), mediaPath: film, sessions: folder },
      environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
    })
    expect((await job.exited()).exit, paceline.log()).toBe(0)
    await server.close()
    expect(server.problems()).toEqual([])
    const segments = readdirSync(job.directory).filter((name) => name.startsWith('media-'))
    const made = join(folder, `${codec}.mkv`)
    writeFileSync(
      made,
      Buffer.concat(
        ['header', ...segments.toSorted()].map((name) => readFileSync(join(job.directory, name))),
      ),
    )
    const own = join(folder, `${codec}-ffmpeg.mkv`)
    const copy = ['-map', '0:v', '-map', '0:s:0', '-c:v', 'copy', '-c:s', codec, '-output_ts_offset', '10']
    execFileSync('ffmpeg', ['-v', 'error', '-i', film, '-start_at_zero', '-copyts', ...copy, own])
    expect(textIn(made)).toBe(textIn(own))
  })
})
