import { chmodSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FixtureProject, isAlive, makeFixtureProject, start } from './fixture-project.ts'

const nobody = 65534
const isRoot = process.getuid?.() === 0

let project: FixtureProject
beforeAll(() => {
  project = makeFixtureProject()
})
afterAll(() => project.remove())

const npmStart = (args: string[] = [], env: NodeJS.ProcessEnv = {}, cwd = project.root) =>
  start(['npm', 'start', ...(args.length === 0 ? [] : ['--', ...args])], { cwd, env })

describe('npm start', () => {
  it('says what it sets up the first time, with the time each step took, and runs the program', async () => {
    const { stdout, stderr, exitCode } = await npmStart().ended
    expect(stderr).toMatch(/^setup: the shim \(make -C native\/shim\) \.\.\. \d+\.\d s$/m)
    expect(stderr).toMatch(/^setup: the build \(tsc to dist\/\) \.\.\. \d+\.\d s$/m)
    expect(stderr).toMatch(/^setup: the dashboard \(vite to dist\/web\/\) \.\.\. \d+\.\d s$/m)
    expect(readFileSync(join(project.root, 'dist/web/index.html'), 'utf8')).toContain('src="./assets/')
    expect(stdout).toContain('up and running ["up","--demo"]')
    expect(exitCode).toBe(0)
  })

  it('is silent and quick the second time', async () => {
    const tookMs: number[] = []
    for (let round = 0; round < 3; round += 1) {
      const startedMs = performance.now()
      const { stdout, stderr } = await start([process.execPath, 'scripts/start.js'], { cwd: project.root })
        .ended
      tookMs.push(performance.now() - startedMs)
      expect(stderr).not.toContain('setup:')
      expect(stdout).toContain('up and running')
    }
    // The best of a few, since other tests keep the machine busy.
    expect(Math.min(...tookMs)).toBeLessThan(1000)
  })

  it('hands over arguments, and files are meant from where the command was typed', async () => {
    const { stdout } = await npmStart(['--input', 'film.mp4'], {}, join(project.root, 'src')).ended
    expect(stdout).toContain(`["up","--demo","--input","film.mp4"] ${join(project.root, 'src')}`)
  })

  it('ends with the exit code of the program', async () => {
    expect((await npmStart([], { EXIT_CODE: '7' }).ended).exitCode).toBe(7)
  })

  it('leaves no process behind after Ctrl-C, which reaches npm and all below it', async () => {
    const running = npmStart([], { STAY_MS: '60000' })
    await running.said('staying')
    process.kill(-running.pid, 'SIGINT')
    const pid = Number(/staying (\d+)/.exec((await running.ended).stdout)?.[1])
    expect(pid).toBeGreaterThan(1)
    expect(isAlive(pid)).toBe(false)
  })

  it('leaves no process behind when npm alone is told to end', async () => {
    const running = npmStart([], { STAY_MS: '60000' })
    await running.said('staying')
    process.kill(running.pid, 'SIGTERM')
    expect(isAlive(Number(/staying (\d+)/.exec((await running.ended).stdout)?.[1]))).toBe(false)
  })

  it('builds again when a source has changed, and takes back what a source that went had become', async () => {
    const old = new Date('2020-01-01')
    utimesSync(join(project.root, 'src/cli/greeting.ts'), old, old)
    expect((await npmStart().ended).stderr).toContain('the build')

    project.write('src/cli/goodbye.ts', `export const goodbye = 'down'\n`)
    await npmStart().ended
    rmSync(join(project.root, 'src/cli/goodbye.ts'))
    project.write('src/cli/main.ts', `console.log('goodbye' in (await import('./goodbye.ts')))\n`)
    const { stderr, exitCode } = await npmStart().ended
    expect(stderr).toContain('setup: the build')
    expect(exitCode).toBe(1)
  })

  it('ends with one sentence that names the source, the line and the log when the build fails', async () => {
    project.write('src/cli/main.ts', `export const wrong: number = 'text'\n`)
    const { stdout, stderr, exitCode } = await start([process.execPath, 'scripts/start.js'], {
      cwd: project.root,
    }).ended
    expect(exitCode).toBe(1)
    expect(stdout).toBe('')
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^setup: the build .* failed after \d+\.\d s$/),
      expect.stringMatching(/^The build failed \(src\/cli\/main\.ts.*: .cache\/setup\/build\.log has all/),
    ])
  })

  it.skipIf(!isRoot)(
    'tells a user who may not write there whose folder it is (needs root to try)',
    async () => {
      chmodSync(project.root, 0o755)
      const { stderr, exitCode } = await start([process.execPath, 'scripts/start.js'], {
        cwd: project.root,
        uid: nobody,
      }).ended
      expect(exitCode).toBe(1)
      expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
        /cannot be written by this user: run this as the owner of .*, or make it yours with `sudo chown/,
      )
    },
  )
})
