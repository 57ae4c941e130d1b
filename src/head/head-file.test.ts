import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeHeadFile, writeHeadFile } from './head-file.ts'

const address = { pid: 42, api: 'https://127.0.0.1:7000', door: 'unix:/data/door/head.sock' }

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-head-file-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the address that a head leaves', () => {
  it('is one file of JSON, for its own user alone', async () => {
    await writeHeadFile(folder, address)
    expect(JSON.parse(await readFile(join(folder, 'head.json'), 'utf8'))).toEqual(address)
    expect((await stat(join(folder, 'head.json'))).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['head.json'])
  })

  it('takes the place of one that a head which was killed has left', async () => {
    await writeHeadFile(folder, { ...address, pid: 7 })
    await writeHeadFile(folder, address)
    expect(JSON.parse(await readFile(join(folder, 'head.json'), 'utf8')).pid).toBe(42)
  })

  it('is gone when it is removed, and removing none is no error', async () => {
    await writeHeadFile(folder, address)
    await removeHeadFile(folder)
    await removeHeadFile(folder)
    expect(await readdir(folder)).toEqual([])
  })
})
