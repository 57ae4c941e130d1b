import { execFile } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runPaceline } from '../fixture/paceline.ts'
import { builtShim, type Change, runKilled, runWhole } from './install-runs.ts'
import { digestOf, digestOfBytes, makeServerTree, programOf, type ServerTree } from './server-tree.ts'

const run = promisify(execFile)

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

const whole = (what: Change) => runWhole(what, dataFolder, { folder: tree.folder })
const killed = (what: Change, step: number) => runKilled(what, dataFolder, { folder: tree.folder }, step)

/** As the media server would find it: the original, or the shim that becomes it. */
async function transcoderSays(): Promise<string> {
  const { stdout } = await run(tree.transcoder, ['a', 'job'])
  return stdout
}

describe('an installation that is killed', () => {
  it('at any step leaves a transcoder that works, is finished by the next, and undone without a trace', async () => {
    const steps = (await whole('install')).length
    expect(steps).toBeGreaterThanOrEqual(5)
    await whole('uninstall')
    expect(await tree.read()).toEqual(untouched)
    for (let step = 0; step < steps; step++) {
      expect(await killed('install', step)).toBe(true)
      expect(await transcoderSays()).toBe('a job\n')
      await whole('install')
      expect(await transcoderSays()).toBe('a job\n')
      expect(await digestOf(tree.transcoder)).toBe(await digestOf(builtShim))
      expect(await digestOf(`${tree.transcoder}.orig`)).toBe(digestOfBytes(await programOf('transcoder 1')))
      await whole('uninstall')
      expect(await tree.read(), `step ${step}`).toEqual(untouched)
    }
  })

  it('at any step is undone without a trace, though it was never finished', async () => {
    const steps = (await whole('install')).length
    await whole('uninstall')
    for (let step = 0; step < steps; step++) {
      expect(await killed('install', step)).toBe(true)
      await whole('uninstall')
      expect(await tree.read(), `step ${step}`).toEqual(untouched)
    }
  })

  it('at any step after an update leaves the new transcoder as what runs, and as the original in the end', async () => {
    await whole('install')
    const first = await tree.update('update 1')
    const steps = (await whole('install')).length
    expect(steps).toBeGreaterThanOrEqual(4)
    expect(await digestOf(`${tree.transcoder}.orig`)).toBe(digestOfBytes(first))
    for (let step = 0; step < steps; step++) {
      const bytes = await tree.update(`update ${step + 2}`)
      expect(await killed('install', step)).toBe(true)
      expect(await transcoderSays()).toBe('a job\n')
      await whole('install')
      expect(await digestOf(`${tree.transcoder}.orig`), `step ${step}`).toBe(digestOfBytes(bytes))
      expect(await digestOf(tree.transcoder)).toBe(await digestOf(builtShim))
    }
  })
})

describe('an uninstallation that is killed', () => {
  it('at any step leaves a transcoder that works, and the next one finishes it', async () => {
    await whole('install')
    const steps = (await whole('uninstall')).length
    expect(steps).toBeGreaterThanOrEqual(2)
    for (let step = 0; step < steps; step++) {
      await whole('install')
      expect(await killed('uninstall', step)).toBe(true)
      expect(await transcoderSays()).toBe('a job\n')
      await whole('uninstall')
      expect(await tree.read(), `step ${step}`).toEqual(untouched)
    }
    await expect(access(join(dataFolder, 'installations.json'))).rejects.toThrow('ENOENT')
  })

  it('is told of by the run that finishes it', async () => {
    await whole('install')
    expect(await killed('uninstall', 1)).toBe(true)
    const { exit, stdout } = await runPaceline('--data', dataFolder, 'uninstall', 'plex', '--json')
    expect([exit, JSON.parse(stdout).undone[0].before]).toEqual([0, 'interrupted'])
  })
})
