import { execFileSync } from 'node:child_process'
import { appendFile, copyFile, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createInputLibrary } from '../../src/head/input-library.ts'
import { makeClip } from '../clips/make-clip.ts'

let folder: string
let film: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-library-'))
  film = join(folder, 'film.mkv')
  await copyFile(await makeClip({ seconds: 4, container: 'mkv', audio: 'aac-48000' }), film)
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('an input of the library', () => {
  it('comes with what is in it and how leases open it', async () => {
    const { info, input } = await createInputLibrary().open(film)
    expect(info.streams.map(({ kind }) => kind)).toEqual(['video', 'audio'])
    expect(input).toMatchObject({ path: film, size: (await stat(film)).size })
  })

  it('is the same one as long as the file is', async () => {
    const library = createInputLibrary()
    const [first, second] = [await library.open(film), await library.open(film)]
    expect(second.input).toEqual(first.input)
    expect(second.info).toBe(first.info)
  })

  it('is another one when the file has changed', async () => {
    const library = createInputLibrary()
    const first = await library.open(film)
    await appendFile(film, Buffer.alloc(1_000))
    const second = await library.open(film)
    expect(second.input.identity).not.toBe(first.input.identity)
    expect(second.input.size).toBe(first.input.size + 1_000)
  })

  it('may be reached by a link', async () => {
    await symlink(film, join(folder, 'link.mkv'))
    const { input } = await createInputLibrary().open(join(folder, 'link.mkv'))
    expect(input.size).toBe((await stat(film)).size)
  })
})

describe('what is no input', () => {
  it.each([
    ['nothing', () => join(folder, 'none.mkv'), 'E_PROBE_MISSING'],
    ['a folder', () => folder, 'E_PROBE_INVALID'],
    ['a link to nothing', () => join(folder, 'dangling.mkv'), 'E_PROBE_MISSING'],
    ['something else than a film', () => join(folder, 'text.mkv'), 'E_PROBE_INVALID'],
    // Nobody writes to it: opening it would wait for ever.
    ['a pipe', () => join(folder, 'pipe.mkv'), 'E_PROBE_INVALID'],
  ])('is %s', async (_name, path, code) => {
    await symlink(join(folder, 'none'), join(folder, 'dangling.mkv'))
    await writeFile(join(folder, 'text.mkv'), 'once upon a time')
    execFileSync('mkfifo', [join(folder, 'pipe.mkv')])
    await expect(createInputLibrary().open(path())).rejects.toMatchObject({ code })
  })
})
