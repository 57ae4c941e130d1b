import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { endOf, runQuietly } from '../setup/run-quietly.js'
import { toolEnvironment } from '../setup/tool-environment.js'
import { tallyOf } from './tally.js'

/** @typedef {import('./tally.js').Tally} Tally */

/** Checks that are one program each: they pass or fail as a whole. */
const programs = [
  {
    name: 'type check',
    // Remembers what it has checked, which makes the second run quick.
    args: ['typescript/bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/type-check.json'],
  },
  {
    name: 'type check of the dashboard',
    args: [
      ...['typescript/bin/tsc', '-p', 'web', '--incremental'],
      ...['--tsBuildInfoFile', '.cache/type-check-web.json'],
    ],
  },
  { name: 'format and lint', args: ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
]

/**
 * Runs the type checks and the linter side by side, showing what they say when they object.
 *
 * @param {string} root the project's folder
 * @returns {Promise<Tally[]>}
 */
export async function runProgramChecks(root) {
  return Promise.all(
    programs.map(async ({ name, args: [script = '', ...args] }) => {
      const command = [process.execPath, join('node_modules', script), ...args]
      const { ok, output } = await runQuietly(root, name.replaceAll(' ', '-'), command, toolEnvironment())
      console.log(ok ? `${name}: passed` : `${output.trimEnd()}\n${name}: failed`)
      return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
    }),
  )
}

/**
 * Runs vitest with its usual report on the terminal, and counts.
 *
 * @param {string} root the project's folder
 * @param {readonly string[]} args for vitest
 * @returns {Promise<Tally>}
 */
export async function runTests(root, args) {
  const report = join(root, '.cache', 'test-report.json')
  rmSync(report, { force: true })
  mkdirSync(join(root, '.cache'), { recursive: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const projects = args.includes('--project') ? [] : ['--project', 'unit', '--project', 'system']
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...projects, ...args], {
    cwd: root,
    env: toolEnvironment(),
    stdio: 'inherit',
  })
  const { signal } = await endOf(child)
  if (signal !== undefined) process.exit(128 + constants.signals[signal])
  return readTally(report)
}

/**
 * @param {string} report where vitest should have written its report
 * @returns {Tally}
 */
function readTally(report) {
  try {
    return tallyOf(JSON.parse(readFileSync(report, 'utf8')))
  } catch (error) {
    console.error(
      `vitest left no report (${error instanceof Error ? error.message : error}); that counts as a failure.`,
    )
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
