import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFileIfThere, writePrivateFile } from './private-file.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-private-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a private file', () => {
  it('is its owner’s alone, also where it takes the place of an open one', async () => {
    const path = join(folder, 'secret')
    await writeFile(path, 'old', { mode: 0o644 })
    await writePrivateFile(path, 'new')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).toBe('new')
  })

  it('leaves nothing beside it, neither when written nor when that fails', async () => {
    await writePrivateFile(join(folder, 'secret'), 'x')
    await mkdir(join(folder, 'taken'))
    await expect(writePrivateFile(join(folder, 'taken'), 'x')).rejects.toThrow()
    expect((await readdir(folder)).sort()).toEqual(['secret', 'taken'])
  })

  it('that cannot be written is named, also by what fails after it was opened', async () => {
    const path = join(folder, 'secret')
    // No text: it fails as a full disk does, when the file is open.
    const writing = writePrivateFile(path, { toString: null } as unknown as string)
    await expect(writing).rejects.toMatchObject({ path })
    expect(await readdir(folder)).toEqual([])
  })

  it('is one of the two when written twice at once', async () => {
    const path = join(folder, 'secret')
    await Promise.all([
      writePrivateFile(path, 'a'.repeat(100_000)),
      writePrivateFile(path, 'b'.repeat(100_000)),
    ])
    expect(['a'.repeat(100_000), 'b'.repeat(100_000)]).toContain(await readFile(path, 'utf8'))
  })
})

describe('reading a file that may not be there', () => {
  it('gives its text, or undefined', async () => {
    const path = join(folder, 'maybe')
    expect(await readFileIfThere(path)).toBeUndefined()
    await writeFile(path, 'text')
    expect(await readFileIfThere(path)).toBe('text')
  })

  it('hides no other failure', async () => {
    await expect(readFileIfThere(folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
