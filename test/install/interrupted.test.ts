import { execFile } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectFolder, runPaceline } from '../fixture/paceline.ts'
import { digestOf, digestOfBytes, makeServerTree, programOf, type ServerTree } from './server-tree.ts'

const run = promisify(execFile)
const killedRun = join(import.meta.dirname, 'killed-run.js')
const shim = join(projectFolder, 'native/shim/build/paceline-shim')
const never = '99'

let tree: ServerTree
let dataFolder: string
let untouched: Record<string, string>

beforeEach(async () => {
  tree = await makeServerTree({ mode: 0o750 })
  dataFolder = await mkdtemp(join(tmpdir(), 'paceline-data-'))
  untouched = await tree.read()
})
afterEach(async () => {
  await tree.remove()
  await rm(dataFolder, { recursive: true, force: true })
})

/** Its steps, or null when it was killed. */
async function attempt(what: 'install' | 'uninstall', lastStep: string): Promise<string[] | null> {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const args = [killedRun, what, dataFolder, tree.folder, shim, join(dataFolder, 'head.sock'), lastStep]
  try {
    const { stdout } = await run(process.execPath, args, { env })
    return stdout.split('\n').filter(Boolean)
  } catch (error) {
    if ((error as { signal?: string }).signal === 'SIGKILL') return null
    throw error
  }
}

/** As the media server would find it: the original, or the shim that becomes it. */
async function transcoderSays(): Promise<string> {
  const { stdout } = await run(tree.transcoder, ['a', 'job'])
  return stdout
}

async function stepsOf(what: 'install' | 'uninstall'): Promise<number> {
  const steps = await attempt(what, never)
  return steps!.length
}

const paceline = (...args: string[]) =>
  runPaceline('--data', dataFolder, ...args, '--folder', tree.folder, '--json')

describe('an installation that is killed', () => {
  it('at any step leaves a transcoder that works, is finished by the next, and undone without a trace', async () => {
    const steps = await stepsOf('install')
    expect(steps).toBeGreaterThanOrEqual(5)
    await attempt('uninstall', never)
    expect(await tree.read()).toEqual(untouched)
    for (let step = 0; step < steps; step++) {
      expect(await attempt('install', String(step))).toBeNull()
      expect(await transcoderSays()).toBe('a job\n')
      expect(await attempt('install', never)).not.toBeNull()
      expect(await transcoderSays()).toBe('a job\n')
      expect(await digestOf(tree.transcoder)).toBe(await digestOf(shim))
      expect(await digestOf(`${tree.transcoder}.orig`)).toBe(digestOfBytes(await programOf('transcoder 1')))
      await attempt('uninstall', never)
      expect(await tree.read(), `step ${step}`).toEqual(untouched)
    }
  })

  it('at any step is undone without a trace, though it was never finished', async () => {
    const steps = await stepsOf('install')
    await attempt('uninstall', never)
    for (let step = 0; step < steps; step++) {
      expect(await attempt('install', String(step))).toBeNull()
      await attempt('uninstall', never)
      expect(await tree.read(), `step ${step}`).toEqual(untouched)
    }
  })

  it('at any step after an update leaves the new transcoder as what runs, and as the original in the end', async () => {
    await attempt('install', never)
    const first = await tree.update('update 1')
    const steps = await stepsOf('install')
    expect(steps).toBeGreaterThanOrEqual(4)
    expect(await digestOf(`${tree.transcoder}.orig`)).toBe(digestOfBytes(first))
    for (let step = 0; step < steps; step++) {
      const bytes = await tree.update(`update ${step + 2}`)
      expect(await attempt('install', String(step))).toBeNull()
      expect(await transcoderSays()).toBe('a job\n')
      await attempt('install', never)
      expect(await digestOf(`${tree.transcoder}.orig`), `step ${step}`).toBe(digestOfBytes(bytes))
      expect(await digestOf(tree.transcoder)).toBe(await digestOf(shim))
    }
  })
})

describe('an uninstallation that is killed', () => {
  it('at any step leaves a transcoder that works, and the next one finishes it', async () => {
    await attempt('install', never)
    const steps = await stepsOf('uninstall')
    expect(steps).toBeGreaterThanOrEqual(2)
    for (let step = 0; step < steps; step++) {
      await attempt('install', never)
      expect(await attempt('uninstall', String(step))).toBeNull()
      expect(await transcoderSays()).toBe('a job\n')
      await attempt('uninstall', never)
      expect(await tree.read(), `step ${step}`).toEqual(untouched)
    }
    await expect(access(join(dataFolder, 'installations.json'))).rejects.toThrow('ENOENT')
  })

  it('is told of by the run that finishes it', async () => {
    await attempt('install', never)
    expect(await attempt('uninstall', '1')).toBeNull()
    const { exit, stdout } = await paceline('uninstall', 'plex')
    expect([exit, JSON.parse(stdout).undone[0].before]).toEqual([0, 'interrupted'])
  })
})
