import { chmod, mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BlockStore, openBlockStore, troubleOf } from './block-store.ts'

let parent: string
let folder: string
let warned: number
let nowMs: number
let store: BlockStore

const log = { warn: () => void warned++ }
const block = (letter: string) => Buffer.alloc(1_000, letter)

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'paceline-store-'))
  folder = join(parent, 'blocks')
  warned = 0
  nowMs = 0
  store = await openBlockStore({ folder, quotaBytes: 3_000, log, now: () => nowMs })
})

afterEach(async () => {
  await chmod(folder, 0o700).catch(() => undefined)
  await rm(parent, { recursive: true, force: true })
})

describe('blocks on the disk', () => {
  it('come back as they were, and are their owner’s alone', async () => {
    await store.put('a/../b', block('a'))
    expect(await store.get('a/../b')).toEqual(block('a'))
    expect(await store.get('other')).toBeUndefined()
    const [name] = await readdir(folder)
    expect((await stat(join(folder, name!))).mode & 0o777).toBe(0o600)
  })

  it('stay within the quota: those that were not asked for longest go', async () => {
    for (const letter of ['a', 'b', 'c']) await store.put(letter, block(letter))
    await store.get('a')
    await store.put('d', block('d'))
    const there = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (key) => (await store.get(key)) !== undefined),
    )
    expect(there).toEqual([true, false, true, true])
    expect([store.bytes, (await readdir(folder)).length]).toEqual([3_000, 3])
  })

  it('are written once, also when they are given twice at a time', async () => {
    await Promise.all([store.put('a', block('a')), store.put('a', block('a'))])
    await store.put('a', block('a'))
    expect([store.bytes, await readdir(folder)]).toEqual([1_000, [expect.any(String)]])
  })

  it('that are larger than the quota are not kept', async () => {
    await store.put('a', Buffer.alloc(3_001))
    expect([store.bytes, await store.get('a')]).toEqual([0, undefined])
  })

  it('that somebody has cut off or removed are not there any more', async () => {
    await store.put('a', block('a'))
    const [name] = await readdir(folder)
    await truncate(join(folder, name!), 10)
    expect([await store.get('a'), store.bytes]).toEqual([undefined, 0])
    await store.put('b', block('b'))
    await rm(folder, { recursive: true })
    expect(await store.get('b')).toBeUndefined()
  })

  it('that make room while they are read are read to their end, and not there or counted again', async () => {
    for (const letter of ['a', 'b', 'c']) await store.put(letter, block(letter))
    const reading = store.get('a')
    await store.put('d', block('d'))
    expect(await reading).toEqual(block('a'))
    expect([await store.get('a'), store.bytes]).toEqual([undefined, 3_000])
  })

  it('of an earlier process are forgotten, and all of them when the store is closed', async () => {
    await writeFile(join(folder, 'left'), 'x')
    store = await openBlockStore({ folder, quotaBytes: 3_000, log })
    expect(await readdir(folder)).toEqual([])
    await store.close()
    expect(await readdir(parent)).toEqual([])
  })
})

describe('a disk that fails', () => {
  it('is told of once and left alone for a minute, and what is there is still read', async () => {
    await store.put('a', block('a'))
    const [name] = await readdir(folder)
    await rm(folder, { recursive: true })
    await writeFile(folder, 'in the way')
    for (const key of ['b', 'c', 'd']) await store.put(key, block(key))
    expect([warned, store.bytes]).toEqual([1, 1_000])
    expect(store.trouble).toMatch(/^E_NODE_DISK: ENOTDIR/)
    await rm(folder)
    await mkdir(folder)
    await writeFile(join(folder, name!), block('a'))
    await store.put('b', block('b'))
    expect([await store.get('a'), await store.get('b')]).toEqual([block('a'), undefined])
    nowMs += 60_000
    await store.put('b', block('b'))
    expect(await store.get('b')).toEqual(block('b'))
    expect(store.trouble).toBeNull()
  })

  it('is told apart by its code when it is full, in no more words than a beat carries', () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' })
    expect(troubleOf('/var/x', full)).toBe('E_DISK_FULL: no media is kept in /var/x')
    expect(troubleOf(`/${'long'.repeat(100)}`, full)).toHaveLength(200)
  })
})
