import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openKnownPeaks } from './known-peaks.ts'

describe('peaks that are known', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paceline-peaks-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  const file = () => join(folder, 'film-light.json')

  it('are those of no film at first', async () => {
    expect((await openKnownPeaks(folder)).of('a')).toBeNull()
  })

  it('are known at once and by the next head', async () => {
    const peaks = await openKnownPeaks(folder)
    await Promise.all([peaks.learn('a', 650), peaks.learn('b', 1450)])
    expect([peaks.of('a'), peaks.of('b')]).toEqual([650, 1450])
    const next = await openKnownPeaks(folder)
    expect([next.of('a'), next.of('b'), next.of('c')]).toEqual([650, 1450, null])
  })

  it('lie in a file that only its owner can read', async () => {
    await (await openKnownPeaks(folder)).learn('a', 650)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  it('are those of the last two thousand films', async () => {
    const films = Array.from({ length: 2_000 }, (_, index) => [`film ${index}`, 400])
    await writeFile(file(), JSON.stringify({ version: 1, films }))
    const peaks = await openKnownPeaks(folder)
    await peaks.learn('film 0', 500)
    await peaks.learn('new', 600)
    expect([peaks.of('film 0'), peaks.of('film 1'), peaks.of('film 2')]).toEqual([500, null, 400])
    expect(JSON.parse(await readFile(file(), 'utf8')).films).toHaveLength(2_000)
  })

  it.each(['', '{', '{"version":2,"films":[]}', '{"version":1,"films":[["a",0]]}', '[]'])(
    'begin anew where the file is damaged: %s',
    async (text) => {
      await writeFile(file(), text)
      const peaks = await openKnownPeaks(folder)
      expect(peaks.of('a')).toBeNull()
      await peaks.learn('a', 650)
      expect((await openKnownPeaks(folder)).of('a')).toBe(650)
    },
  )

  it('are known although the disk does not take them', async () => {
    const peaks = await openKnownPeaks(folder)
    await rm(folder, { recursive: true })
    await expect(peaks.learn('a', 650)).rejects.toThrow(/ENOENT/)
    expect(peaks.of('a')).toBe(650)
    await mkdir(folder)
  })
})
