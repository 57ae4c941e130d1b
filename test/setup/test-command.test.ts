import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sumOf, tallyLine, tallyOf } from '../../scripts/test/tally.js'
import { type FixtureProject, isAlive, makeFixtureProject, start } from './fixture-project.ts'

let project: FixtureProject
beforeEach(() => {
  project = makeFixtureProject()
})
afterEach(() => project.remove())

const npmTest = (...args: string[]) => start(['npm', 'test', '--', ...args], { cwd: project.root })
const lastLines = (text: string, count: number) => text.trimEnd().split('\n').slice(-count)

describe('npm test', () => {
  it('sets up, checks types and style, runs the tests and ends with the tally', async () => {
    const { stdout, stderr, exitCode } = await npmTest().ended
    expect(stderr).toContain('setup: the build')
    expect(stdout).toContain('type check: passed')
    expect(stdout).toContain('format and lint: passed')
    expect(lastLines(stdout, 2)).toEqual(['1 skipped', '3 passed, 0 failed'])
    expect(exitCode).toBe(0)
  })

  it('counts a test that fails, and hands its arguments to vitest', async () => {
    project.write(
      'src/cli/wrong.test.ts',
      `import { expect, it } from 'vitest'\n\nit('fails', () => expect(1).toBe(2))\n`,
    )
    const all = await npmTest().ended
    expect(lastLines(all.stdout, 1)).toEqual(['3 passed, 1 failed'])
    expect(all.exitCode).toBe(1)

    const one = await npmTest('src/cli/greeting.test.ts').ended
    expect(lastLines(one.stdout, 1)).toEqual(['3 passed, 0 failed'])
  })

  it('counts a type error and bad style as a failure each and shows them', async () => {
    project.write('test/wrong.ts', `export const wrong: number = "text"\n`)
    const { stdout, exitCode } = await npmTest().ended
    expect(stdout).toContain('test/wrong.ts(1,14): error TS2322')
    expect(stdout).toContain('type check: failed')
    expect(stdout).toContain('format and lint: failed')
    expect(lastLines(stdout, 1)).toEqual(['1 passed, 2 failed'])
    expect(exitCode).toBe(1)
  })

  it('leaves no process behind when it is told to end', async () => {
    project.write(
      'src/cli/slow.test.ts',
      `import { it } from 'vitest'\n\nit('waits', async () => {\n  process.stdout.write(\`waiting in \${process.pid}\\n\`)\n  await new Promise((resolve) => setTimeout(resolve, 19_000))\n})\n`,
    )
    const running = npmTest()
    await running.said('waiting in')
    process.kill(running.pid, 'SIGTERM')
    const { stdout } = await running.ended
    expect(isAlive(Number(/waiting in (\d+)/.exec(stdout)?.[1]))).toBe(false)
    expect(stdout).not.toContain(' passed, ')
  })
})

describe('.ci/run', () => {
  it('ends with the tally and the exit code of the tests', async () => {
    const { stdout, exitCode } = await start(['.ci/run'], { cwd: project.root }).ended
    expect(lastLines(stdout, 1)).toEqual(['3 passed, 0 failed'])
    expect(exitCode).toBe(0)
  })

  it('ends with a failure also when it does not come to the tests', async () => {
    project.write('.cache/test-tally.txt', '99 passed, 0 failed\n')
    project.write('native/shim/shim.c', 'int main(void) { return }\n')
    const { stdout, stderr, exitCode } = await start(['.ci/run'], { cwd: project.root }).ended
    expect(stderr).toMatch(/^The shim in native\/shim could not be compiled \(shim\.c:1:.* error: /m)
    expect(lastLines(stdout, 1)).toEqual(['0 passed, 1 failed'])
    expect(exitCode).toBe(1)
    expect(existsSync(join(project.root, 'dist'))).toBe(false)
  })
})

describe('npx paceline', () => {
  it('asks for the build in one sentence, and runs once it is there', async () => {
    const unbuilt = await start(['npx', 'paceline', 'status'], { cwd: project.root }).ended
    expect(unbuilt.stderr).toContain(
      `Paceline is not built yet: run \`npm run setup\` in ${project.root}/ first.`,
    )
    expect(unbuilt.exitCode).toBe(1)

    await start(['npm', 'run', 'setup'], { cwd: project.root }).ended
    const built = await start(['npx', 'paceline', 'status'], { cwd: project.root }).ended
    expect(built.stdout).toContain('up and running ["status"]')
    rmSync(join(project.root, 'dist'), { recursive: true })
  })
})

describe('the tally of a report', () => {
  const file = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((test) => ({ status: test })),
  })

  it('counts tests by how they came out; those that were not run are skipped', () => {
    const testResults = [
      file('passed', 'passed', 'skipped', 'passed'),
      file('failed', 'failed', 'todo', 'pending'),
    ]
    expect(tallyOf({ success: false, testResults })).toEqual({ passed: 2, failed: 1, skipped: 3 })
  })

  it('counts a file that could not be loaded as one failure', () => {
    expect(tallyOf({ success: false, testResults: [file('failed'), file('passed', 'passed')] })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    })
  })

  it('counts an error outside of all tests as one failure', () => {
    expect(tallyOf({ success: false, testResults: [file('passed', 'passed')] })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    })
    expect(tallyOf({ success: false, testResults: [] }).failed).toBe(1)
  })

  it('is summed up in one plain line', () => {
    const parts = [
      { passed: 2, failed: 1, skipped: 4 },
      { passed: 1, failed: 0, skipped: 1 },
    ]
    expect(sumOf(parts)).toEqual({ passed: 3, failed: 1, skipped: 5 })
    expect(tallyLine(sumOf(parts))).toBe('3 passed, 1 failed')
  })
})
