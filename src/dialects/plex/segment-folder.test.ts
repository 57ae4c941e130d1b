import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FolderFiles, openSegmentFolder } from './segment-folder.ts'

let directory: string
let told: string[]
let stop: AbortController

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-folder-'))
  told = []
  stop = new AbortController()
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const plain: FolderFiles = { write: writeFile, rename, remove: rm }

function open(files: Partial<FolderFiles> = {}, place = directory) {
  return openSegmentFolder({
    ...{ directory: place, files: { ...plain, ...files }, signal: stop.signal, retryMilliseconds: 5 },
    onFull: (name) => told.push(`no room for ${name}`),
    onRoom: () => told.push('room'),
  })
}

/** A disk that is full the first so many times. */
function fullFor(times: number, code = 'ENOSPC'): FolderFiles['write'] {
  let left = times
  return async (path, bytes) => {
    if (left-- <= 0) return writeFile(path, bytes)
    await writeFile(path, bytes.subarray(0, 2))
    throw Object.assign(new Error('full'), { code })
  }
}

describe('the segment folder', () => {
  it('creates an empty file, also over one that is there', async () => {
    const folder = open()
    writeFileSync(join(directory, 'a.ts'), 'old')
    await folder.create('a.ts')
    await folder.create('b.ts')
    expect(readFileSync(join(directory, 'a.ts'), 'utf8')).toBe('')
    expect(readdirSync(directory)).toEqual(['a.ts', 'b.ts'])
  })

  it('puts a whole file in place of the empty one', async () => {
    const folder = open()
    await folder.create('a.ts')
    await folder.place('a.ts', Buffer.from('whole'))
    expect(readFileSync(join(directory, 'a.ts'), 'utf8')).toBe('whole')
    expect(readdirSync(directory)).toEqual(['a.ts'])
  })

  it('puts a file that is named absolutely where it is named, by way of its name with .tmp', async () => {
    const renamed: string[] = []
    const folder = open({
      rename: async (from, to) => {
        renamed.push(from)
        await rename(from, to)
      },
    })
    const path = join(directory, 'elsewhere.srt')
    await folder.place(path, Buffer.from('words'))
    expect(readFileSync(path, 'utf8')).toBe('words')
    expect(renamed).toEqual([`${path}.tmp`])
  })

  it('never shows a file in the making', async () => {
    const seen = new Set<number>()
    const folder = open({
      write: async (path, bytes) => {
        await writeFile(path, bytes.subarray(0, 100))
        seen.add(statSync(join(directory, 'a.ts')).size)
        await writeFile(path, bytes)
        seen.add(statSync(join(directory, 'a.ts')).size)
      },
    })
    writeFileSync(join(directory, 'a.ts'), '')
    await folder.place('a.ts', Buffer.alloc(1_000))
    expect([...seen]).toEqual([0])
    expect(statSync(join(directory, 'a.ts')).size).toBe(1_000)
  })

  it('leaves nothing behind when it fails', async () => {
    const failing = open({ rename: () => Promise.reject(Object.assign(new Error('gone'), { code: 'EIO' })) })
    await expect(failing.place('a.ts', Buffer.from('x'))).rejects.toMatchObject({ code: 'EIO' })
    const missing = open({}, join(directory, 'gone'))
    await expect(missing.create('a.ts')).rejects.toMatchObject({ code: 'ENOENT' })
    expect(readdirSync(directory)).toEqual([])
    expect(told).toEqual([])
  })
})

describe('a disk without room', () => {
  it.each(['ENOSPC', 'EDQUOT'])('is waited for and told of once: %s', async (code) => {
    const folder = open({ write: fullFor(3, code) })
    await folder.place('a.ts', Buffer.from('whole'))
    expect(readFileSync(join(directory, 'a.ts'), 'utf8')).toBe('whole')
    expect(readdirSync(directory)).toEqual(['a.ts'])
    expect(told).toEqual(['no room for a.ts', 'room'])
  })

  it('is told of again when it is full again', async () => {
    let isFull = true
    const folder = open({
      write: async (path, bytes) => {
        isFull = !isFull
        if (!isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
        await writeFile(path, bytes)
      },
    })
    await folder.create('a.ts')
    await folder.create('b.ts')
    expect(told).toEqual(['no room for a.ts', 'room', 'no room for b.ts', 'room'])
  })

  it('is waited for no longer than anybody waits for segments', async () => {
    const folder = open({ write: fullFor(1e9) })
    const placed = folder.place('a.ts', Buffer.from('whole'))
    placed.catch(() => undefined)
    await expect.poll(() => told.length, { interval: 1 }).toBe(1)
    stop.abort()
    await expect(placed).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(readdirSync(directory)).toEqual([])
  })
})
