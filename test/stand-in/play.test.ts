import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { projectFolder, type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { readPlayOptions } from './play-options.ts'

let paceline: RunningPaceline
let folder: string
let original: string
let film: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 2 })
  folder = await mkdtemp(join(tmpdir(), 'paceline-play-'))
  original = join(folder, 'original')
  await writeFile(original, '#!/bin/sh\necho "the original was given $# arguments" >&2\nexit 0\n')
  await chmod(original, 0o755)
  film = await makeClip({ seconds: 30, size: '320x180', audio: 'aac-48000' })
})

afterAll(async () => {
  await paceline.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Played {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** As a person types it, but that it is compiled once only: the first test does so. */
function standIn(...args: string[]): Promise<Played> {
  return run(process.execPath, join(projectFolder, '.cache/stand-in/test/stand-in/play.js'), ...args)
}

function run(program: string, ...args: string[]): Promise<Played> {
  return new Promise((resolve) => {
    execFile(program, args, (error, stdout, stderr) =>
      resolve({ exit: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

const installed = () => [film, '--transcoder', paceline.shim, '--head', paceline.head, '--original', original]
const play = (...args: string[]) => standIn(...installed(), ...args)

describe('the stand-in for Plex, by hand', () => {
  it('plays a film and shows each segment as the server hears of it', async () => {
    const script = join(projectFolder, 'test/stand-in/run.sh')
    const { exit, stdout } = await run('sh', script, ...installed(), '--segment', '2')
    expect([exit, stdout]).toEqual([
      0,
      expect.stringContaining('Nothing that a media server would stumble over.'),
    ])
    expect(stdout).toMatch(/^ +\d+\.\d\d s {2}media-00014\.ts {2}28\.000 30\.000 .* \d+ bytes$/m)
    expect(stdout).toMatch(/Announced: 15, the first after \d+ ms. Files left: 15/)
    expect(stdout).toMatch(/ended after \d+ ms with exit code 0/)
  })

  it('seeks as Plex does: another job of the same session, and the first killed', async () => {
    const { exit, stdout } = await play('--protocol', 'dash', '--seek', '0.3-18', '--json')
    const [first, second] = JSON.parse(stdout)
    expect([exit, first.problems, second.problems, second.exit]).toEqual([0, [], [], 0])
    expect(second.announced[0].name).toMatch(/stream0-00007\.m4s$/)
  })

  it('throttles, and counts what comes meanwhile', async () => {
    const { stdout } = await play('--segment', '1', '--throttle', '0-3', '--kill', '4', '--json')
    const [report] = JSON.parse(stdout)
    expect(report.problems).toEqual([])
    expect(report.throttled.within).toBeLessThan(6)
  })

  it('kills, and takes the folder away', async () => {
    const killed = JSON.parse((await play('--kill', '0.4', '--json')).stdout)
    expect(killed[0].signal ?? killed[0].exit).toSatisfy((end) => end === 'SIGKILL' || end === 0)
    const removed = JSON.parse((await play('--remove-folder', '0.2', '--json')).stdout)
    expect(removed[0].signal).toBeNull()
  })

  it('has pictures made by the original, and shows what it says', async () => {
    const { exit, stdout } = await play('--thumbnails')
    expect([exit, stdout]).toEqual([
      0,
      expect.stringMatching(/It said: the original was given \d+ arguments/),
    ])
  })

  it('finds what a transcoder does wrong', async () => {
    const liar = join(folder, 'transcoder')
    const post = `require('http').request(process.argv[1], {method: 'POST'}).end('media-00004.ts,12,15,15,15\\n')`
    await writeFile(
      liar,
      `#!/bin/sh\nwhile [ $# -gt 1 ]; do [ "$1" = -segment_list ] && url=$2; shift; done\nexec node -e "${post}" "$url"\n`,
    )
    await chmod(liar, 0o755)
    const { exit, stdout } = await standIn(film, '--transcoder', liar)
    expect([exit, stdout]).toEqual([1, expect.stringContaining('media-00004.ts was announced and not there')])
    expect(stdout).toContain('media-00004.ts begins at 12 s instead of 0 s')
  })

  it('leaves nothing behind, but what it was told to keep', async () => {
    const kept = join(folder, 'kept')
    const leftBefore = (await readdir(tmpdir())).filter((name) => name.startsWith('paceline-stand-in-'))
    await play('--thumbnails', '--keep', kept)
    expect(await readdir(kept)).toHaveLength(1)
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith('paceline-stand-in-'))
    expect(left.filter((name) => !leftBefore.includes(name))).toEqual([])
  })
})

describe('what is asked of the stand-in', () => {
  const read = (...args: string[]) => {
    const said: string[] = []
    return { options: readPlayOptions(args, (text) => void said.push(text)), said: () => said.join('') }
  }

  it.each([
    ['a start between two segments', ['film.mkv', '--start', '4', '--segment', '3'], 'is no multiple'],
    ['a range that is none', ['film.mkv', '--seek', '5'], 'Two numbers of seconds'],
    ['no film', [], 'missing required argument'],
  ])('is said to be wrong with %s', (_what, args, words) => {
    const { options, said } = read(...args)
    expect([options, said()]).toEqual([2, expect.stringContaining(words)])
  })

  it('may be explained, and may name the transcoder by its folder', () => {
    expect(read('--help').options).toBe(0)
    const { options } = read('/a/film.mkv', '--transcoder', '/opt/plex', '--throttle', '5-12.5')
    expect(options).toMatchObject({
      film: '/a/film.mkv',
      transcoder: '/opt/plex/Plex Transcoder',
      throttle: [5, 12.5],
    })
    expect(read('/a/film.mkv').options).toMatchObject({
      transcoder: '/usr/lib/plexmediaserver/Plex Transcoder',
    })
  })
})
