import { execFile } from 'node:child_process'
import { access, chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectFolder, runPaceline } from '../fixture/paceline.ts'
import { digestOf, makeServerTree, programOf, type ServerTree } from './server-tree.ts'

const run = promisify(execFile)
const shim = join(projectFolder, 'native/shim/build/paceline-shim')

let tree: ServerTree
let dataFolder: string
let untouched: Record<string, string>

beforeEach(async () => {
  tree = await makeServerTree()
  dataFolder = await mkdtemp(join(tmpdir(), 'paceline-data-'))
  untouched = await tree.read()
})
afterEach(async () => {
  await tree.remove()
  await rm(dataFolder, { recursive: true, force: true })
})

const paceline = (...args: string[]) => runPaceline('--data', dataFolder, ...args)
const install = (...args: string[]) => paceline('install', 'plex', ...args)
const uninstall = (...args: string[]) => paceline('uninstall', 'plex', ...args)
const original = () => `${tree.transcoder}.orig`

describe('install plex', () => {
  it('finds the transcoder in a folder, and uninstall leaves everything as it was', async () => {
    const before = await digestOf(tree.transcoder)
    const { exit, stdout } = await install('--folder', tree.folder, '--json')
    expect([exit, JSON.parse(stdout)]).toEqual([
      0,
      {
        ...{
          transcoder: tree.transcoder,
          original: original(),
          socket: join(dataFolder, 'door', 'head.sock'),
        },
        ...{ before: 'absent', divertedFrom: null, startUpScript: null, notes: [] },
        ...{ observe: false, headRuns: false },
      },
    ])
    expect([await digestOf(tree.transcoder), await digestOf(original())]).toEqual([
      await digestOf(shim),
      before,
    ])
    expect(await readFile(`${tree.transcoder}.head`, 'utf8')).toBe(`unix:${dataFolder}/door/head.sock\n`)
    const installed = await tree.read()
    expect((await install()).stdout).toContain('The shim was in place already')
    expect(await tree.read()).toEqual(installed)
    expect((await uninstall()).exit).toBe(0)
    expect(await tree.read()).toEqual(untouched)
    expect((await uninstall('--folder', tree.folder)).stdout).toContain('Nothing had to be undone')
  })

  it('finds it below the root folder of a container, over links as the container has them', async () => {
    await rm(join(tree.root, 'usr'), { recursive: true })
    await mkdir(join(tree.root, 'opt/plex'), { recursive: true })
    await mkdir(join(tree.root, 'usr'))
    await symlink('/opt', join(tree.root, 'usr/lib'))
    await symlink('plex', join(tree.root, 'opt/plexmediaserver'))
    const transcoder = join(tree.root, 'opt/plex/Plex Transcoder')
    await writeFile(transcoder, await programOf('inside'), { mode: 0o755 })
    const { exit, stdout } = await install('--root', tree.root, '--socket', '/paceline/head.sock', '--json')
    expect([exit, JSON.parse(stdout).transcoder]).toEqual([0, transcoder])
    expect(await readFile(`${transcoder}.head`, 'utf8')).toBe('unix:/paceline/head.sock\n')
    expect((await uninstall('--root', tree.root)).exit).toBe(0)
  })

  it('gives the shim the owner and the permissions of the original', async () => {
    await chmod(tree.transcoder, 0o700)
    await install('--folder', tree.folder)
    const state = await tree.read()
    const of = (name: string) => state[`usr/lib/plexmediaserver/${name}`]?.split(' ').slice(0, 2)
    expect(of('Plex Transcoder')).toEqual(of('Plex Transcoder.orig'))
    expect(of('Plex Transcoder')?.[1]).toBe('100700')
  })

  it('replaces an older shim, and keeps the original', async () => {
    await install('--folder', tree.folder)
    const kept = await digestOf(original())
    const older = Buffer.concat([await readFile(shim), Buffer.from('older')])
    await rm(tree.transcoder)
    await writeFile(tree.transcoder, older, { mode: 0o755 })
    expect((await install('--folder', tree.folder)).exit).toBe(0)
    expect([await digestOf(tree.transcoder), await digestOf(original())]).toEqual([
      await digestOf(shim),
      kept,
    ])
  })

  it('keeps a script of the house as the original', async () => {
    await writeFile(tree.transcoder, '#!/bin/sh\necho "$@"\n')
    await install('--folder', tree.folder)
    expect((await run(tree.transcoder, ['as', 'ever'])).stdout).toBe('as ever\n')
    await uninstall()
    expect(await readFile(tree.transcoder, 'utf8')).toBe('#!/bin/sh\necho "$@"\n')
  })
})

describe('install plex refuses', () => {
  const refused = async (code: string, exit: number, ...args: string[]) => {
    const before = await tree.read()
    const result = await install(...args)
    expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(code)])
    expect(await tree.read()).toEqual(before)
    await expect(access(join(dataFolder, 'observe-only'))).rejects.toThrow('ENOENT')
    await expect(access(join(dataFolder, 'installations.json'))).rejects.toThrow('ENOENT')
  }

  it('a folder without a transcoder', async () => {
    await rm(tree.transcoder)
    await refused('was not found', 5, '--folder', tree.folder)
    await refused('was not found', 5, '--root', tree.root, '--observe')
  })

  it('several, and names them', async () => {
    await mkdir(join(tree.root, 'opt/plexmediaserver'), { recursive: true })
    await writeFile(join(tree.root, 'opt/plexmediaserver/Plex Transcoder'), await programOf('second'))
    await refused('There are several transcoders', 2, '--root', tree.root)
    await refused(join(tree.root, 'opt/plexmediaserver'), 2, '--folder', tree.root)
  })

  it('the script of another tool, and a .orig that is not its own', async () => {
    const script = '#!/bin/sh\nexec node /app/transcoder.js "$@"\n'
    await writeFile(tree.transcoder, script)
    await refused('Another tool', 5, '--folder', tree.folder)
    await writeFile(tree.transcoder, '#!/bin/sh\nexec "$(dirname "$0")/originalTranscoder" "$@"\n')
    await writeFile(join(tree.folder, 'originalTranscoder'), await programOf('kept'))
    await refused('originalTranscoder', 5, '--folder', tree.folder)
    await writeFile(tree.transcoder, await programOf('transcoder 2'))
    await writeFile(original(), await programOf('somebody’s'))
    await refused('Another tool', 5, '--folder', tree.folder)
  })

  it('a shim for another machine, unless there is one for the transcoder’s', async () => {
    const foreign = await programOf('arm')
    foreign.writeUInt16LE(183, 18)
    await writeFile(tree.transcoder, foreign)
    await refused('is for arm64, the shim for x86-64', 5, '--folder', tree.folder, '--shim', shim)
    const other = join(dataFolder, 'shim-arm64')
    const bytes = Buffer.from(await readFile(shim))
    bytes.writeUInt16LE(183, 18)
    await writeFile(other, bytes)
    expect((await install('--folder', tree.folder, '--shim', other)).exit).toBe(0)
  })

  it('a socket that no shim could reach, and two places at once', async () => {
    await refused('socket', 1, '--folder', tree.folder, '--socket', `/${'long/'.repeat(30)}head.sock`)
    await refused('two places', 2, '--folder', tree.folder, '--root', tree.root)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'a folder that its user may not change (needs root to become one)',
    async () => {
      const program = join(projectFolder, 'bin/paceline.js')
      const place = await mkdtemp(join(tmpdir(), 'paceline-nobody-'))
      await chmod(place, 0o777)
      await chmod(tree.root, 0o755)
      const args = [program, '--data', join(place, 'data'), 'install', 'plex', '--folder', tree.folder]
      const result = await run(process.execPath, args, { uid: 65_534, gid: 65_534 }).catch((error) => error)
      await rm(place, { recursive: true })
      expect([result.code, result.stderr]).toEqual([5, expect.stringContaining('may not be changed')])
      expect(await tree.read()).toEqual(untouched)
    },
  )
})

describe('after an update of the media server', () => {
  it('status and doctor say so, and the new transcoder becomes the original', async () => {
    await install('--folder', tree.folder)
    const bytes = await tree.update('transcoder 2')
    const { exit, stdout } = await paceline('doctor')
    expect([exit, stdout]).toEqual([
      5,
      expect.stringContaining('An update of the media server has replaced the shim'),
    ])
    expect((await install()).stdout).toContain('An update had replaced the shim')
    expect(Buffer.compare(await readFile(original()), bytes)).toBe(0)
    await uninstall()
    expect(Buffer.compare(await readFile(tree.transcoder), bytes)).toBe(0)
    expect(Object.keys(await tree.read())).toEqual(Object.keys(untouched))
  })

  it('uninstall keeps the new transcoder and removes the old', async () => {
    await install('--folder', tree.folder)
    const bytes = await tree.update('transcoder 2')
    expect((await uninstall('--json')).stdout).toContain('"before":"replaced"')
    expect(Buffer.compare(await readFile(tree.transcoder), bytes)).toBe(0)
    expect(Object.keys(await tree.read())).toEqual(Object.keys(untouched))
  })

  it('that put a script in the place of the program, nothing is thrown away', async () => {
    await install('--folder', tree.folder)
    const kept = await digestOf(original())
    await writeFile(tree.transcoder, '#!/bin/sh\n')
    for (const attempt of [await install(), await uninstall()]) {
      expect([attempt.exit, attempt.stderr]).toEqual([5, expect.stringContaining('Another tool')])
    }
    expect(await digestOf(original())).toBe(kept)
  })

  it('without its original, the shim is not taken for it', async () => {
    await install('--folder', tree.folder)
    await rm(original())
    for (const attempt of [await install(), await uninstall()]) {
      expect([attempt.exit, attempt.stderr]).toEqual([5, expect.stringContaining('not where it was kept')])
    }
    await tree.update('transcoder 2')
    expect((await uninstall()).exit).toBe(0)
    expect(Object.keys(await tree.read())).toEqual(Object.keys(untouched))
  })
})
