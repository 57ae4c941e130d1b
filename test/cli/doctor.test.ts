import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CheckResult } from '../../src/cli/doctor/check.ts'
import { type CommandProcess, startCommand } from './command-process.ts'

/** Debian keeps nats-server where an ordinary user's search path does not lead; npm start adds these too. */
const searchPath = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter)

let doctor: CommandProcess | undefined
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-path-'))
})
afterEach(async () => {
  await doctor?.remove()
  await rm(folder, { recursive: true })
})

function startDoctor(args: string[] = [], environment: Record<string, string> = {}): CommandProcess {
  doctor = startCommand(['doctor', ...args], { environment: { PATH: searchPath, ...environment } })
  return doctor
}

const names = [
  ...['Node.js', 'ffmpeg', 'ffprobe', 'what ffmpeg can do', 'nats-server', 'setpriv', 'the shim'],
  ...['the data folder', 'disk room', 'the media server', 'the head and its nodes', 'a test encode'],
]

describe('paceline doctor', () => {
  it('finds this machine well, in numbered lines, and leaves nothing in the data folder', async () => {
    const { ended, stdout, stderr, dataFolder } = startDoctor()
    expect([await ended, stderr()]).toEqual([0, ''])
    const lines = stdout().split('\n')
    expect(lines.slice(0, names.length).map((line) => line.replace(/: .*/, ''))).toEqual(
      names.map((name, index) => `${String(index + 1).padStart(2)}  ok      ${name}`),
    )
    expect(lines.slice(names.length, -2)).toEqual(['', 'All 12 checks are well.', ''])
    expect(lines.at(-2)).toMatch(/^What its hardware can do has not been proved with this ffmpeg/)
    expect(lines[11]).toMatch(/\d+ frames a second, [\d.]+x real time/)
    expect(await readdir(dataFolder)).toEqual([])
  })

  it('names cause and remedy of what is missing, as data', async () => {
    for (const program of ['nats-server', 'setpriv', 'true', 'ffprobe']) await linkTool(program)
    const { ended, stdout } = startDoctor(['--json'], { PATH: folder })
    expect(await ended).toBe(5)
    const { checks, proof } = JSON.parse(stdout()) as { checks: CheckResult[]; proof: unknown }
    expect(proof).toBeNull()
    expect(checks.map(({ name }) => name)).toEqual(names)
    expect(Object.keys(checks[0]!)).toEqual(['name', 'ok', 'found', 'remedy'])
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
      'ffmpeg',
      'what ffmpeg can do',
      'a test encode',
    ])
    expect(checks[1]).toEqual({
      ...{ name: 'ffmpeg', ok: false, found: 'not found on the search path' },
      remedy: 'Install it: apt-get install ffmpeg.',
    })
    expect(checks.every(({ ok, remedy }) => ok === (remedy === null))).toBe(true)
  })

  it('looks at the ffmpeg that is named', async () => {
    const { ended, stdout } = startDoctor(['--json', '--ffmpeg', '/nonexistent/ffmpeg'])
    expect(await ended).toBe(5)
    const { checks } = JSON.parse(stdout()) as { checks: CheckResult[] }
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toContain('ffmpeg')
  })

  it('counts what failed for people', async () => {
    const { ended, stdout } = startDoctor([], { PATH: folder, PACELINE_DATA: `/proc/${'x'.repeat(100)}` })
    expect(await ended).toBe(5)
    expect(stdout()).toMatch(/^ 2 {2}FAILED {2}ffmpeg: not found on the search path\n {12}Install it/m)
    expect(stdout()).toMatch(/^ 8 {2}FAILED {2}the data folder: .* 107 are possible\n {12}Choose/m)
    expect(stdout()).toMatch(/\n\n\d of 12 checks failed\.\n\nWhat its hardware/)
  })
})

/** Puts a program of the real search path into the folder that takes its place. */
async function linkTool(name: string): Promise<void> {
  for (const place of searchPath.split(delimiter)) {
    const names = await readdir(place).catch(() => [] as string[])
    if (names.includes(name)) return symlink(join(place, name), join(folder, name))
  }
  throw new Error(`${name} is not installed`)
}
