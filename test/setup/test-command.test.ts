import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sumOf, tallyLine, tallyOf } from '../../scripts/test/tally.js'
import { type FixtureProject, isAlive, makeFixtureProject, start } from './fixture-project.ts'

// One project for all, since each set-up from nothing costs seconds: the tests follow one another.
let project: FixtureProject
beforeAll(() => {
  project = makeFixtureProject()
})
afterAll(() => project.remove())

const run = (...command: [string, ...string[]]) => start(command, { cwd: project.root })
const lastLines = (text: string, count: number) => text.trimEnd().split('\n').slice(-count)

describe('npx paceline', () => {
  it('asks for the build in one sentence', async () => {
    const { stderr, exitCode } = await run('npx', 'paceline', 'status').ended
    expect(stderr).toContain(`Paceline is not built yet: run \`npm run setup\` in ${project.root}/ first.`)
    expect(exitCode).toBe(1)
  })

  it('runs once that is done', async () => {
    await run('npm', 'run', 'setup').ended
    const { stdout } = await run('npx', 'paceline', 'status').ended
    expect(stdout).toContain('up and running ["status"]')
  })
})

describe('npm test', () => {
  it('checks types and style, runs the tests and ends with the tally', async () => {
    const { stdout, exitCode } = await run('npm', 'test').ended
    expect(stdout).toContain('type check: passed')
    expect(stdout).toContain('type check of the dashboard: passed')
    expect(stdout).toContain('format and lint: passed')
    expect(lastLines(stdout, 2)).toEqual(['1 skipped', '4 passed, 0 failed'])
    expect(exitCode).toBe(0)
  })

  it('counts a test that fails, a type error and bad style as a failure each and shows them', async () => {
    project.write(
      'src/cli/wrong.test.ts',
      `import { expect, it } from 'vitest'\n\nit('fails', () => expect(1).toBe(2))\n`,
    )
    project.write('test/wrong.ts', `export const wrong: number = "text"\n`)
    const { stdout, exitCode } = await run('npm', 'test').ended
    expect(stdout).toContain('test/wrong.ts(1,14): error TS2322')
    expect(stdout).toContain('type check: failed')
    expect(stdout).toContain('format and lint: failed')
    expect(lastLines(stdout, 1)).toEqual(['2 passed, 3 failed'])
    expect(exitCode).toBe(1)
    rmSync(join(project.root, 'test/wrong.ts'))
  })

  it('hands its arguments to vitest', async () => {
    const { stdout } = await run('npm', 'test', '--', 'src/cli/greeting.test.ts').ended
    expect(lastLines(stdout, 1)).toEqual(['4 passed, 0 failed'])
    rmSync(join(project.root, 'src/cli/wrong.test.ts'))
  })

  it('leaves no process behind when it is told to end', async () => {
    project.write(
      'src/cli/slow.test.ts',
      `import { it } from 'vitest'

it('waits', async () => {
  process.stdout.write(\`waiting in \${process.pid}\\n\`)
  await new Promise((resolve) => setTimeout(resolve, 19_000))
})
`,
    )
    const running = run('npm', 'test')
    await running.said('waiting in')
    process.kill(running.pid, 'SIGTERM')
    const { stdout } = await running.ended
    expect(isAlive(Number(/waiting in (\d+)/.exec(stdout)?.[1]))).toBe(false)
    expect(stdout).not.toContain(' passed, ')
    rmSync(join(project.root, 'src/cli/slow.test.ts'))
  })
})

describe('.ci/run', () => {
  it('ends with the tally and the exit code of the tests', async () => {
    const { stdout, exitCode } = await run('.ci/run').ended
    expect(lastLines(stdout, 1)).toEqual(['4 passed, 0 failed'])
    expect(exitCode).toBe(0)
  })

  it('ends with a failure also when it does not come to the tests', async () => {
    project.write('native/shim/shim.c', 'int main(void) { return }\n')
    const { stdout, stderr, exitCode } = await run('.ci/run').ended
    expect(stderr).toMatch(/^The shim in native\/shim could not be compiled \(shim\.c:1:.* error: /m)
    expect(lastLines(stdout, 1)).toEqual(['0 passed, 1 failed'])
    expect(exitCode).toBe(1)
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
