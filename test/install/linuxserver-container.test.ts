import { execFile } from 'node:child_process'
import { access, chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectFolder, runPaceline } from '../fixture/paceline.ts'
import { digestOf, digestOfBytes, makeServerTree, programOf, type ServerTree } from './server-tree.ts'

const run = promisify(execFile)
const shim = join(projectFolder, 'native/shim/build/paceline-shim')

let tree: ServerTree
let dataFolder: string

beforeEach(async () => {
  tree = await makeServerTree()
  dataFolder = await mkdtemp(join(tmpdir(), 'paceline-data-'))
  await writeFile(join(tree.root, 'docker-mods'), '')
})
afterEach(async () => {
  await tree.remove()
  await rm(dataFolder, { recursive: true, force: true })
})

const paceline = (...args: string[]) => runPaceline('--data', dataFolder, ...args)
const install = () =>
  paceline('install', 'plex', '--root', tree.root, '--socket', '/paceline/head.sock', '--json')
const scripts = () => join(tree.root, 'custom-cont-init.d')

/** Runs what the container would run at its start, with the paths of this machine instead of the container's. */
async function startContainer(shell = '/bin/bash'): Promise<string> {
  const text = (await readFile(join(scripts(), '50-paceline'), 'utf8'))
    .replaceAll("'/custom-cont-init.d", `'${scripts()}`)
    .replaceAll("'/usr/lib", `'${tree.root}/usr/lib`)
  const here = join(dataFolder, 'start-up.sh')
  await writeFile(here, text)
  const { stdout } = await run(shell, [here])
  return stdout
}

async function expectShim(bytes: Uint8Array): Promise<void> {
  expect(await digestOf(tree.transcoder)).toBe(await digestOf(shim))
  expect(await digestOf(`${tree.transcoder}.orig`)).toBe(digestOfBytes(bytes))
  expect(await readFile(`${tree.transcoder}.head`, 'utf8')).toBe('unix:/paceline/head.sock\n')
}

describe('in a container of linuxserver.io', () => {
  it('a start-up script is left, and nothing of it after uninstall', async () => {
    const before = await tree.read()
    const { exit, stdout } = await install()
    const { startUpScript, notes } = JSON.parse(stdout)
    expect([exit, startUpScript]).toEqual([0, join(scripts(), '50-paceline')])
    expect(notes).toEqual([expect.stringContaining('Mount a folder at /custom-cont-init.d')])
    expect((await paceline('uninstall', 'plex')).exit).toBe(0)
    expect(await tree.read()).toEqual(before)
  })

  it('a folder for scripts that was there stays, with what others have put there', async () => {
    await mkdir(scripts())
    await writeFile(join(scripts(), '10-other'), 'echo other')
    const before = await tree.read()
    await install()
    await paceline('uninstall', 'plex')
    expect(await tree.read()).toEqual(before)
  })

  it.each(['/bin/bash', '/bin/sh'])(
    'a container that was made anew has the shim put back by %s',
    async (shell) => {
      await install()
      for (const name of ['.orig', '.head']) await rm(`${tree.transcoder}${name}`)
      const bytes = await tree.update('new image')
      await chmod(tree.transcoder, 0o750)
      expect(await startContainer(shell)).toContain('the shim has been put in place')
      await expectShim(bytes)
      expect((await stat(tree.transcoder)).mode & 0o7777).toBe(0o750)
      expect(await startContainer(shell)).toContain('the shim is in place')
      await expectShim(bytes)
      const files = Object.keys(await tree.read()).filter((name) => name.includes('Transcoder'))
      expect(files).toHaveLength(3)
    },
  )

  it('an update inside the container becomes the original', async () => {
    await install()
    const bytes = await tree.update('updated at the start')
    await startContainer()
    await expectShim(bytes)
    expect((await run(tree.transcoder, ['a job'])).stdout).toBe('a job\n')
    await paceline('uninstall', 'plex')
    expect(await digestOf(tree.transcoder)).toBe(digestOfBytes(bytes))
  })

  it('an installation that was broken off is finished by the start, and one without a transcoder is left', async () => {
    await install()
    await rm(tree.transcoder)
    await writeFile(tree.transcoder, await readFile(`${tree.transcoder}.orig`), { mode: 0o755 })
    await startContainer()
    await expectShim(await programOf('transcoder 1'))
    await rm(tree.folder, { recursive: true })
    expect(await startContainer()).toContain('no transcoder here')
    await expect(access(tree.folder)).rejects.toThrow('ENOENT')
  })
})
