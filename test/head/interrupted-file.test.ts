import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { projectFolder, type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { encodersBelow, processesBelow } from './process-tree.ts'
import { eventually, frameNumbers, nothingIsLeft, range, untilStatus } from './transcode-result.ts'

let paceline: RunningPaceline
let folder: string
let input: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 2 })
  input = await makeClip({ seconds: 20, audio: 'aac-48000' })
})

afterAll(() => paceline.stop())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-interrupted-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Starts a transcode slow enough to be caught at it, and waits until segments come from both nodes. */
async function begin() {
  const args = ['--data', paceline.dataFolder, 'transcode', input, join(folder, 'film.mp4')]
  const program = join(projectFolder, 'bin', 'paceline.js')
  const flags = ['--preset', 'medium', '--height', '360', '--json']
  const child = spawn(process.execPath, [program, ...args, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const ended = once(child, 'close').then(([exit]) => ({ exit: exit as number | null, stdout }))
  await untilStatus(paceline, ({ sessions }) => {
    const makers = new Set(sessions.flatMap(({ arrivals }) => arrivals.map(({ node }) => node)))
    return makers.size === 2
  })
  return { child, ended }
}

describe('Ctrl-C on a transcode', () => {
  it('leaves no encoder, nothing staged and no piece of an output', async () => {
    const { child, ended } = await begin()
    // A piece of the output is there, an encoder and the one that joins.
    await eventually('the output is being written', async () => (await readdir(folder)).length === 1)
    expect(encodersBelow(paceline.pid).length).toBeGreaterThanOrEqual(2)
    const startedMs = performance.now()
    child.kill('SIGINT')
    expect((await ended).exit).toBe(130)
    await eventually('no encoder is left', () => encodersBelow(paceline.pid).length === 0)
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    await nothingIsLeft(paceline)
    expect(await readdir(folder)).toEqual([])
  })

  it('by a kill of the command does no less', async () => {
    const { child, ended } = await begin()
    child.kill('SIGKILL')
    await ended
    await nothingIsLeft(paceline)
    await eventually('no encoder is left', () => encodersBelow(paceline.pid).length === 0)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a node that is killed in the middle of a job', () => {
  it('is made up for by the other, picture by picture', async () => {
    const { ended } = await begin()
    const nodes = processesBelow(paceline.pid).filter(({ words }) => words[0] === 'paceline node')
    expect(nodes.length).toBe(2)
    process.kill(nodes[0]!.pid, 'SIGKILL')
    const { exit, stdout } = await ended
    expect(exit).toBe(0)
    expect(JSON.parse(stdout).frames).toBe(500)
    expect(await frameNumbers(join(folder, 'film.mp4'))).toEqual(range(0, 500))
    expect(paceline.log()).toMatch(/node-[12] ended by itself \(SIGKILL\): it is started again/)
    const status = await untilStatus(paceline, ({ nodes: listed }) => listed.length === 2)
    expect(status.sessions).toEqual([])
    await nothingIsLeft(paceline)
  })
})
