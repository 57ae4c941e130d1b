import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, run } from './cpu-filter-tools.ts'

const transcoder = process.env.PACELINE_PLEX_TRANSCODER ?? join(root, '.cache', 'plex-transcoder', 'ffmpeg')
const shared = process.env.PACELINE_SHARED ?? join(root, '..', 'shared')
const recording = join(shared, 'golden', 'plex', 'dash-hdr-tonemap.json')

const absent = !existsSync(transcoder)
  ? '`npm run build:plex-transcoder -- --source DIR` has not been run'
  : !existsSync(recording)
    ? `${recording} is not there`
    : undefined
if (absent !== undefined) console.warn(`The filter is not tried in Plex's transcoder: ${absent}.`)

interface Recording {
  args: string[]
  media: string
  exit: number
  files: { name?: string; path?: string }[]
}

describe.skipIf(absent !== undefined)("tonemap_paceline in Plex's transcoder", () => {
  const place = mkdtempSync(join(tmpdir(), 'paceline-plex-'))
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.replace(/[?].*/, '')}`)
    request.resume().on('end', () => response.end())
  })

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    server.close()
    rmSync(place, { recursive: true })
  })

  /** Runs the recorded command line with its tone map replaced, and gives its exit code. */
  async function transcode(recorded: Recording, toneMap: string): Promise<number | null> {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const args = recorded.args.map((arg) =>
      arg
        .replaceAll('{PMS}', address)
        .replaceAll('{MEDIA}', join(shared, 'media', recorded.media))
        .replaceAll('{CWD}', place)
        .replace('tonemap=mobius', toneMap),
    )
    expect(args.join(' ')).toContain(toneMap)
    const child = spawn(transcoder, args, { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] })
    return new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve))
  }

  it('runs in a recorded command line in place of the tone map that Plex wrote', async () => {
    const recorded: Recording = JSON.parse(readFileSync(recording, 'utf8'))
    expect(await transcode(recorded, 'tonemap_paceline=mobius')).toBe(recorded.exit)

    const files = readdirSync(place).filter((name) => statSync(join(place, name)).size > 0)
    expect(files).toContain('init-stream0.m4s')
    const chunks = files.filter((name) => name.startsWith('chunk-stream0-')).sort()
    expect(chunks.length).toBeGreaterThan(0)
    expect(requests.some((request) => /^POST .*\/manifest$/.test(request))).toBe(true)

    // What is written says that it is SDR now.
    const whole = join(place, 'whole.mp4')
    run('sh', ['-c', 'cd "$1" && shift && cat "$@" > whole.mp4', 'cat', place, 'init-stream0.m4s', ...chunks])
    const entries = 'stream=width,height,pix_fmt,color_transfer,color_primaries,color_space'
    const printed = run('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'json', whole])
    expect(JSON.parse(printed.toString()).streams[0]).toMatchObject({
      width: 1280,
      height: 720,
      pix_fmt: 'yuv420p',
      color_transfer: 'bt709',
      color_primaries: 'bt709',
      color_space: 'bt709',
    })
  })

  it('is there beside the tone map that Plex brings', () => {
    const filters = run(transcoder, ['-hide_banner', '-filters']).toString()
    expect(filters).toMatch(/ tonemap_paceline +V->V/)
    expect(filters).toMatch(/ tonemap_paceline_cuda +V->V/)
    expect(filters).toMatch(/ tonemap +V->V/)
  })
})
