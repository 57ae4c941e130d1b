import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTool } from '../../scripts/setup/tool-environment.js'
import { type Ending, start } from './fixture-project.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const canClone = findTool('git') !== undefined && existsSync(join(repository, '.git'))

// Needs git and the npm registry, and sees only what is committed.
describe.skipIf(!canClone)('a clean clone (skipped where there is no git or this is no clone)', () => {
  let root: string
  let first: Ending
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'paceline-clone-'))
    await start(['git', 'clone', '--quiet', repository, join(root, 'paceline')], { cwd: root }).ended
    first = await start(['npm', 'run', 'setup'], { cwd: join(root, 'paceline') }).ended
  }, 600_000)
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it('is set up by one command that says what it does', () => {
    expect(first.stderr).toMatch(/^setup: npm dependencies, \d+ to fetch \(npm ci\) \.\.\. \d+\.\d s$/m)
    expect(first.stderr).toMatch(/^setup: the shim /m)
    expect(first.stderr).toMatch(/^setup: the build /m)
    expect(first.exitCode).toBe(0)
  })

  it('has nothing left to do the second time', async () => {
    const second = await start(['npm', 'run', 'setup'], { cwd: join(root, 'paceline') }).ended
    expect(second.stderr).not.toContain('setup:')
    expect(second.exitCode).toBe(0)
  })

  it('has the command', async () => {
    const { stdout, exitCode } = await start(['npx', 'paceline', '--help'], { cwd: join(root, 'paceline') })
      .ended
    expect(stdout).toContain('transcode')
    expect(exitCode).toBe(0)
  })

  it('has the shim', () => {
    expect(existsSync(join(root, 'paceline/native/shim/build/paceline-shim'))).toBe(true)
  })
})
