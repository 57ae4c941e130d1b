import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type CommandProcess, startCommand } from './command-process.ts'

const run = promisify(execFile)

let demo: CommandProcess | undefined
afterEach(() => demo?.remove())

function startDemo(...args: string[]): CommandProcess {
  demo = startCommand(['up', '--demo', '--host', '127.0.0.1', ...args])
  return demo
}

async function probed(address: string): Promise<{ seconds: number; kinds: string[] }> {
  const args = ['-v', 'error', '-show_entries', 'format=duration:stream=codec_type', '-of', 'json', address]
  const { format, streams } = JSON.parse((await run('ffprobe', args)).stdout)
  const kinds = new Set<string>(streams.map((stream: { codec_type: string }) => stream.codec_type))
  return { seconds: Number(format.duration), kinds: [...kinds].sort() }
}

const leftBehind = async (dataFolder: string) =>
  (await readdir(join(dataFolder, 'demo'))).filter((name) => !name.startsWith('clip-'))

describe('paceline up --demo', () => {
  it('shows who made what, serves what was made, and leaves nothing after Ctrl-C', async () => {
    const input = await makeClip({ seconds: 7, size: '640x360', audio: 'aac-48000' })
    const { says, stdout, stderr, interrupt, ended, relatives, dataFolder } = startDemo('--input', input)
    const [line, segments1, segments2, page, playlist] = await says(
      /^7\.0 s of film in [\d.]+ s, [\d.]+x real time: node-1 made (\d) segments?, node-2 made (\d) segments?\. Watch it at (\S+) or with: ffplay (\S+) .*$/m,
    )
    expect(Number(segments1) + Number(segments2)).toBe(3)
    expect(stdout().match(/^Segment [012] came from node-[12]\.$/gm)).toHaveLength(3)
    expect(stdout().trimEnd().endsWith(line)).toBe(true)
    // Where it is root's, it says that it need not be.
    expect(stderr().replace(/^the head runs as root.*\n+/, '')).toBe('')

    const { seconds, kinds } = await probed(playlist!)
    expect(seconds).toBeCloseTo(7, 1)
    expect(kinds).toEqual(['audio', 'video'])
    expect(await (await fetch(page!)).text()).toContain('<video')
    expect(await leftBehind(dataFolder)).toHaveLength(1)
    expect(relatives().length).toBeGreaterThan(3)

    interrupt()
    expect(await ended).toBe(0)
    expect(relatives()).toEqual([])
    expect(await leftBehind(dataFolder)).toEqual([])
  })

  it('does the same for a silent film, and says so as data with --json', async () => {
    const input = await makeClip({ seconds: 4, size: '640x360', audio: 'none' })
    const { says, stdout, interrupt, ended } = startDemo('--json', '--nodes', '1', '--input', input)
    await says(/"playlist"/)
    const [ready, result, ...more] = stdout().trimEnd().split('\n')
    expect(JSON.parse(ready!)).toMatchObject({ head: expect.stringMatching(/^unix:/), nodes: 1 })
    const { nodes, filmSeconds, seconds, speed, playlist } = JSON.parse(result!)
    expect(nodes).toEqual({ 'node-1': { segments: 2 } })
    expect(filmSeconds).toBeCloseTo(4, 2)
    expect(speed).toBeCloseTo(filmSeconds / seconds, 1)
    expect(more).toEqual([])
    expect(await probed(playlist)).toEqual({ seconds: expect.closeTo(4, 1), kinds: ['video'] })
    interrupt()
    expect(await ended).toBe(0)
  })

  it('leaves nothing when Ctrl-C comes in the middle', async () => {
    const input = await makeClip({ seconds: 40, size: '640x360', audio: 'aac-48000' })
    const { says, stdout, interrupt, ended, relatives, dataFolder } = startDemo('--input', input)
    await says(/^Segment 0 came/m)
    expect(relatives().some((relative) => relative.includes('paceline-shim'))).toBe(true)
    interrupt()
    expect(await ended).toBe(0)
    expect(stdout()).not.toContain('real time')
    expect(relatives()).toEqual([])
    expect(await leftBehind(dataFolder)).toEqual([])
  })

  it('says at once that a film is not there, before anything is started', async () => {
    const { ended, stdout, stderr, dataFolder } = startDemo('--input', '/nonexistent/film.mkv')
    expect(await ended).toBe(4)
    expect(stderr()).toMatch(/^paceline: The input does not exist: \/nonexistent\/film\.mkv\n/)
    expect(stdout()).toBe('')
    expect(await readdir(dataFolder)).toEqual([])
  })

  it('says why the head left the job to the original transcoder, and ends', async () => {
    const input = await makeClip({ seconds: 4, size: '640x360', audio: 'none' })
    const { ended, stderr, relatives, dataFolder } = startDemo('--nodes', '0', '--input', input)
    expect(await ended).toBe(1)
    expect(stderr()).toContain('a job stays local, reason: no-node: no node is there that can work\n')
    expect(stderr()).toContain('the head left it to the original transcoder, and there is none here')
    expect(relatives()).toEqual([])
    expect(await leftBehind(dataFolder)).toEqual([])
  })

  it('wants --demo for --input', async () => {
    demo = startCommand(['up', '--input', '/a.mkv'])
    expect(await demo.ended).toBe(2)
    expect(demo.stderr()).toContain('Add --demo.')
  })
})
