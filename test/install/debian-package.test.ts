import { execFile } from 'node:child_process'
import { access, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runPaceline } from '../fixture/paceline.ts'
import { builtShim, runKilled, runWhole } from './install-runs.ts'
import { digestOf, digestOfBytes, programOf, readTree } from './server-tree.ts'

const run = promisify(execFile)
const inside = '/usr/lib/plexmediaserver/Plex Transcoder'

/** dpkg itself unpacks as root only. */
const mayUnpack = process.getuid?.() === 0 && (await hasDpkg())

let packages: string
let root: string
let dataFolder: string
let untouched: Record<string, string>

async function hasDpkg(): Promise<boolean> {
  return run('dpkg-deb', ['--version']).then(
    () => true,
    () => false,
  )
}

async function makePackage(version: string): Promise<void> {
  const folder = join(packages, version)
  await mkdir(join(folder, 'DEBIAN'), { recursive: true })
  await mkdir(join(folder, 'usr/lib/plexmediaserver'), { recursive: true })
  const fields = ['Package: plexmediaserver', `Version: ${version}`, 'Architecture: all']
  const control = [...fields, 'Maintainer: Nobody <nobody@example.org>', 'Description: a stand-in', '']
  await writeFile(join(folder, 'DEBIAN/control'), control.join('\n'))
  await writeFile(join(folder, inside), await programOf(`transcoder ${version}`), { mode: 0o755 })
  await run('dpkg-deb', ['--build', '--root-owner-group', folder, `${folder}.deb`])
}

const dpkg = (...args: string[]) => run('dpkg', ['--root', root, '--force-not-root', ...args])
const update = (version: string) => dpkg('--install', join(packages, `${version}.deb`))
const transcoder = () => join(root, inside)
const digest = async (version: string) => digestOfBytes(await programOf(`transcoder ${version}`))
const serverFiles = () => readTree(join(root, 'usr'), root)
const paceline = (...args: string[]) => runPaceline('--data', dataFolder, ...args)
const install = () => paceline('install', 'plex', '--root', root, '--json')

describe.skipIf(!mayUnpack)('on Debian, with the transcoder in a package (needs root and dpkg)', () => {
  beforeAll(async () => {
    packages = await mkdtemp(join(tmpdir(), 'paceline-packages-'))
    await Promise.all(['1.0', '2.0'].map(makePackage))
  })
  afterAll(() => rm(packages, { recursive: true, force: true }))
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'paceline-debian-'))
    dataFolder = await mkdtemp(join(tmpdir(), 'paceline-data-'))
    for (const folder of ['info', 'updates', 'triggers']) {
      await mkdir(join(root, 'var/lib/dpkg', folder), { recursive: true })
    }
    await writeFile(join(root, 'var/lib/dpkg/status'), '')
    await update('1.0')
    untouched = await serverFiles()
  })
  afterEach(async () => {
    await rm(root, { recursive: true, force: true })
    await rm(dataFolder, { recursive: true, force: true })
  })

  it('an update of the package goes to .orig by itself, and uninstall gives it its name', async () => {
    const { exit, stdout } = await install()
    expect([exit, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({
        divertedFrom: 'plexmediaserver',
        notes: [expect.stringContaining(`Mount ${dataFolder}/door into the container`)],
      }),
    ])
    await update('2.0')
    expect(await digestOf(transcoder())).toBe(await digestOf(builtShim))
    expect(await digestOf(`${transcoder()}.orig`)).toBe(await digest('2.0'))
    expect((await paceline('doctor', '--json')).stdout).toContain('The shim is in place.')
    expect((await paceline('uninstall', 'plex')).exit).toBe(0)
    expect(Object.keys(await serverFiles())).toEqual(Object.keys(untouched))
    expect(await digestOf(transcoder())).toBe(await digest('2.0'))
    expect((await dpkg('--verify', 'plexmediaserver')).stdout).toBe('')
  })

  it('without an update everything is as it was, and dpkg knows of no diversion', async () => {
    await install()
    expect((await install()).stdout).toContain('"divertedFrom":"plexmediaserver"')
    await paceline('uninstall', 'plex')
    expect(await serverFiles()).toEqual(untouched)
    expect((await run('dpkg-divert', ['--root', root, '--list'])).stdout).toBe('')
    await update('2.0')
    expect(await digestOf(transcoder())).toBe(await digest('2.0'))
  })

  it('a diversion that was not made after all is made up for, update and all', async () => {
    await install()
    await run('dpkg-divert', ['--root', root, '--local', '--no-rename', '--remove', inside])
    await update('2.0')
    expect(await digestOf(transcoder())).toBe(await digest('2.0'))
    expect((await install()).stdout).toContain('"before":"replaced"')
    expect(await digestOf(`${transcoder()}.orig`)).toBe(await digest('2.0'))
    expect((await run('dpkg-divert', ['--root', root, '--truename', inside])).stdout.trim()).toBe(
      `${inside}.orig`,
    )
  })

  it('a run that was killed at any step, and then an update, end in the newest transcoder and no diversion', async () => {
    let [killed, newest] = [0, '1.0']
    for (const what of ['install', 'uninstall'] as const) {
      for (let step = 0; ; step++) {
        if (what === 'uninstall') await runWhole('install', dataFolder, { root })
        if (!(await runKilled(what, dataFolder, { root }, step))) break
        killed += 1
        newest = newest === '1.0' ? '2.0' : '1.0'
        await update(newest)
        expect((await run(transcoder(), ['a job'])).stdout).toBe('a job\n')
        await runWhole('uninstall', dataFolder, { root })
        expect(await digestOf(transcoder()), `${what} killed at ${step}`).toBe(await digest(newest))
        expect(Object.keys(await serverFiles())).toEqual(Object.keys(untouched))
        expect((await run('dpkg-divert', ['--root', root, '--list'])).stdout).toBe('')
      }
    }
    expect(killed).toBeGreaterThanOrEqual(8)
  })

  it('when the package has been removed, uninstall removes the shim as well', async () => {
    await install()
    await dpkg('--remove', 'plexmediaserver')
    await expect(access(`${transcoder()}.orig`)).rejects.toThrow('ENOENT')
    expect((await paceline('uninstall', 'plex')).exit).toBe(0)
    await expect(access(transcoder())).rejects.toThrow('ENOENT')
    expect((await run('dpkg-divert', ['--root', root, '--list'])).stdout).toBe('')
  })

  it('the same below a folder that is a copy of the root, since nothing outside is touched', async () => {
    const host = await readFile('/var/lib/dpkg/diversions', 'utf8').catch(() => '')
    const copy = `${root}-copy`
    await cp(root, copy, { recursive: true })
    await paceline('install', 'plex', '--root', copy)
    expect((await run('dpkg-divert', ['--root', root, '--list'])).stdout).toBe('')
    expect(await serverFiles()).toEqual(untouched)
    await rm(copy, { recursive: true })
    expect(await readFile('/var/lib/dpkg/diversions', 'utf8').catch(() => '')).toBe(host)
  })
})
