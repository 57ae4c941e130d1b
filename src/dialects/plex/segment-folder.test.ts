import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSegmentFolder } from './segment-folder.ts'

let directory: string
let elsewhere: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-folder-'))
  elsewhere = mkdtempSync(join(tmpdir(), 'paceline-staged-'))
})
afterEach(() => {
  for (const folder of [directory, elsewhere]) rmSync(folder, { recursive: true, force: true })
})

/** A folder on another filesystem than the temporary one, if this machine has one. */
function otherFilesystem(): string | null {
  const candidate = '/dev/shm'
  return existsSync(candidate) && statSync(candidate).dev !== statSync(directory).dev ? candidate : null
}

describe('the segment folder', () => {
  it('creates an empty file, also over one that is there', async () => {
    const folder = openSegmentFolder(directory)
    writeFileSync(join(directory, 'a.ts'), 'old')
    await folder.create('a.ts')
    await folder.create('b.ts')
    expect(readFileSync(join(directory, 'a.ts'), 'utf8')).toBe('')
    expect(readdirSync(directory)).toEqual(['a.ts', 'b.ts'])
  })

  it('puts a staged file in place of the empty one', async () => {
    const folder = openSegmentFolder(directory)
    const staged = join(elsewhere, '7')
    writeFileSync(staged, 'whole')
    await folder.create('a.ts')
    await folder.place('a.ts', staged)
    expect(readFileSync(join(directory, 'a.ts'), 'utf8')).toBe('whole')
    expect(existsSync(staged)).toBe(false)
  })

  it('never shows a file in the making when the staged one lies on another filesystem', async ({ skip }) => {
    const other = otherFilesystem()
    if (other === null) return skip('only one filesystem here')
    const far = mkdtempSync(join(other, 'paceline-far-'))
    try {
      const staged = join(far, '7')
      const bytes = Buffer.alloc(8_000_000, 7)
      writeFileSync(staged, bytes)
      const placed = openSegmentFolder(directory).place('a.ts', staged)
      let done = false
      void placed.then(() => {
        done = true
      })
      while (!done) {
        const path = join(directory, 'a.ts')
        if (existsSync(path)) expect(statSync(path).size).toBe(bytes.length)
        await new Promise(setImmediate)
      }
      expect(readdirSync(directory)).toEqual(['a.ts'])
      expect(readdirSync(far)).toEqual([])
    } finally {
      rmSync(far, { recursive: true, force: true })
    }
  })

  it('leaves nothing behind when it fails', async () => {
    const folder = openSegmentFolder(directory)
    await expect(folder.place('a.ts', join(elsewhere, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(openSegmentFolder(join(directory, 'gone')).create('a.ts')).rejects.toMatchObject({
      code: 'ENOENT',
    })
    expect(readdirSync(directory)).toEqual([])
  })
})
