import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPasswordBook } from './password-book.ts'
import { hashPassword, isPassword } from './password-hash.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-passwords-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a password', () => {
  it('is known again, however its letters are composed, and no other is', async () => {
    const kept = await hashPassword('correct h\u00f6rse')
    expect(await isPassword('correct ho\u0308rse', kept)).toBe(true)
    expect(await isPassword('correct horse', kept)).toBe(false)
    expect(await isPassword('', kept)).toBe(false)
  })

  it('is kept as another digest each time', async () => {
    expect((await hashPassword('correct horse')).hash).not.toBe((await hashPassword('correct horse')).hash)
  })

  it('takes as long to try where there is none', async () => {
    const time = async (kept: Parameters<typeof isPassword>[1]) => {
      const began = performance.now()
      expect(await isPassword('a wrong one', kept)).toBe(false)
      return performance.now() - began
    }
    const kept = await hashPassword('correct horse')
    const [some, none] = [await time(kept), await time(null)]
    expect(none).toBeGreaterThan(some / 4)
  })
})

describe('the book of passwords', () => {
  it('is empty at first, and nobody gets in with anything', async () => {
    const book = await openPasswordBook(folder)
    expect(book.roles()).toEqual([])
    expect(await book.check('admin', '')).toBe(false)
  })

  it('keeps one for each role in a file of the head alone, without the password in it', async () => {
    const book = await openPasswordBook(folder)
    await Promise.all([book.set('viewer', 'only looking'), book.set('admin', 'correct horse')])
    const path = join(folder, 'passwords.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).not.toMatch(/only looking|correct horse/)
    const again = await openPasswordBook(folder)
    expect(again.roles()).toEqual(['admin', 'viewer'])
    expect(await again.check('admin', 'correct horse')).toBe(true)
    expect(await again.check('admin', 'only looking')).toBe(false)
    await again.set('admin', null)
    expect((await openPasswordBook(folder)).roles()).toEqual(['viewer'])
  })

  it.each(['short', '', 'x'.repeat(257)])('takes none of a wrong length', async (password) => {
    const book = await openPasswordBook(folder)
    await expect(book.set('admin', password)).rejects.toMatchObject({ code: 'E_PASSWORD' })
    expect(book.roles()).toEqual([])
  })

  it('does not open where it cannot be understood: it is not for the head to forget a lock', async () => {
    for (const text of ['{', '{"admin":{}}', '{"root":{}}']) {
      await writeFile(join(folder, 'passwords.json'), text)
      await expect(openPasswordBook(folder)).rejects.toMatchObject({ code: 'E_PASSWORD' })
    }
  })
})
