import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataFolderCheck, diskRoomCheck, judgeRoom } from './data-folder-checks.ts'
import { headCheck, judgeHead } from './head-check.ts'
import { shimCheck } from './shim-check.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-doctor-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the data folder', () => {
  it('is well when it can be written to, and keeps nothing of the trial', async () => {
    expect(await dataFolderCheck(folder).look()).toEqual({ ok: true, found: folder, remedy: null })
    expect(await readdir(folder)).toEqual([])
  })

  it('is well when it can be made, and is not there afterwards', async () => {
    const finding = await dataFolderCheck(join(folder, 'a', 'b')).look()
    expect(finding).toMatchObject({ ok: true, found: expect.stringContaining('will be made') })
    expect(await readdir(folder)).toEqual([])
  })

  it('is refused where a file is in its place', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(await dataFolderCheck(join(folder, 'file')).look()).toMatchObject({
      ok: false,
      found: expect.stringContaining('EEXIST'),
      remedy: expect.stringContaining('--data'),
    })
    expect(await dataFolderCheck(join(folder, 'file', 'below')).look()).toMatchObject({ ok: false })
  })

  it.skipIf(process.getuid?.() === 0)('is refused where this user may not write', async () => {
    await mkdir(join(folder, 'closed'))
    await chmod(join(folder, 'closed'), 0o500)
    expect(await dataFolderCheck(join(folder, 'closed')).look()).toMatchObject({ ok: false })
  })

  it('is refused when the path of the socket in it is longer than 107 bytes, and not a byte before', async () => {
    const withBytes = (bytes: number) =>
      join(folder, 'x'.repeat(bytes - join(folder, '/door/head.sock').length - 1))
    expect(await dataFolderCheck(withBytes(107)).look()).toMatchObject({ ok: true })
    expect(await dataFolderCheck(withBytes(108)).look()).toMatchObject({
      ok: false,
      found: expect.stringContaining('108 bytes'),
    })
  })
})

describe('the room on its disk', () => {
  it('is looked up where the folder is, or will be', async () => {
    expect((await diskRoomCheck(join(folder, 'a', 'b')).look()).found).toMatch(/^\d+\.\d GB free for /)
  })

  it('is enough from half a gigabyte on', () => {
    expect(judgeRoom(512 * 1024 * 1024, '/d')).toEqual({
      ok: true,
      found: '0.5 GB free for /d',
      remedy: null,
    })
    expect(judgeRoom(512 * 1024 * 1024 - 1, '/d').ok).toBe(false)
  })
})

describe('the head and its nodes', () => {
  it('may be missing', async () => {
    expect(await headCheck(folder).look()).toMatchObject({
      ok: true,
      found: expect.stringContaining('no head runs'),
    })
  })

  it('are at fault when an address was left and nobody answers there', async () => {
    await writeFile(join(folder, 'head.json'), JSON.stringify({ api: 'https://127.0.0.1:1' }))
    await writeFile(join(folder, 'api-token'), 'x')
    await writeFile(join(folder, 'certificate.pem'), '')
    expect(await headCheck(folder).look()).toMatchObject({
      ok: false,
      found: expect.stringContaining('does not answer'),
      remedy: expect.stringContaining('paceline up'),
    })
  })

  const node = (name: string, ...platforms: string[]) => ({ name, cores: 2, platforms })

  it('are well when each node can do something', () => {
    expect(judgeHead({ version: '0.1.0', nodes: [node('a', 'software'), node('b', 'software')] })).toEqual({
      ok: true,
      found: 'head 0.1.0, nodes: a (2 cores, software), b (2 cores, software)',
      remedy: null,
    })
  })

  it('are at fault without nodes, and with nodes that can do nothing', () => {
    expect(judgeHead({ version: '0.1.0', nodes: [] })).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('paceline token'),
    })
    expect(judgeHead({ version: '0.1.0', nodes: [node('a', 'software'), node('b')] })).toMatchObject({
      ok: false,
      found: expect.stringMatching(/^b: /),
    })
  })
})

describe('the shim', () => {
  const script = async (text: string) => {
    const path = join(folder, 'shim')
    await writeFile(path, text, { mode: 0o755 })
    return shimCheck(path).look()
  }

  it('is well when it becomes the original', async () => {
    expect(await script('#!/bin/sh\nexec "$PACELINE_ORIGINAL" "$@"\n')).toMatchObject({ ok: true })
  })

  it('is at fault when it does anything else', async () => {
    expect(await script('#!/bin/sh\nexit 0\n')).toMatchObject({ ok: false })
    expect(await script('#!/bin/sh\necho broken >&2; exit 1\n')).toMatchObject({
      ok: false,
      found: expect.stringMatching(/does not run: broken$/),
    })
  })

  it('is at fault when it is for another machine, or not there', async () => {
    expect(await script('\u007fELF')).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('npm run shim'),
    })
    expect(await shimCheck(join(folder, 'none')).look()).toMatchObject({
      ok: false,
      found: expect.stringContaining('not there'),
    })
  })
})
