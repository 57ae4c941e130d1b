import { chmod, readdir, readFile, stat, utimes } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { isOriginalKept, keepOriginal } from './keep-original.ts'
import { programBytes, type SmallServer, shimBytes, smallServer } from './testing/small-server.ts'

let server: SmallServer
afterEach(() => server.remove())

const [first, second] = [programBytes('first'), programBytes('second')]
const quietly = () => undefined

const refusing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }))

describe('the original', () => {
  it('is kept as the same file, in the place of an older one', async () => {
    server = await smallServer({ '': second, '.orig': first })
    expect(await isOriginalKept(server.place)).toBe(false)
    await keepOriginal(server.place, quietly)
    expect(await isOriginalKept(server.place)).toBe(true)
    const [own, kept] = await Promise.all([stat(server.place.transcoder), stat(server.place.original)])
    expect([kept.ino, kept.nlink]).toEqual([own.ino, 2])
  })

  it('is kept once more without leaving a third name', async () => {
    server = await smallServer({ '': first })
    await keepOriginal(server.place, quietly)
    await keepOriginal(server.place, quietly)
    expect(await readdir(server.place.folder)).toHaveLength(2)
    expect((await stat(server.place.transcoder)).nlink).toBe(2)
  })

  it.each(['EPERM', 'EOPNOTSUPP', 'EMLINK'])(
    'is copied with owner, permissions and times where a second name is refused with %s',
    async (code) => {
      server = await smallServer({ '': first, '.orig': second })
      await chmod(server.place.transcoder, 0o2750)
      const longAgo = new Date('2024-02-29T12:00:00Z')
      await utimes(server.place.transcoder, longAgo, longAgo)
      await keepOriginal(server.place, quietly, refusing(code))
      expect((await readFile(server.place.original)).equals(first)).toBe(true)
      const [own, kept] = await Promise.all([stat(server.place.transcoder), stat(server.place.original)])
      expect([kept.mode, kept.uid, kept.gid, kept.mtimeMs]).toEqual([own.mode, own.uid, own.gid, own.mtimeMs])
      expect(kept.ino).not.toBe(own.ino)
      expect(await readdir(server.place.folder)).toHaveLength(2)
    },
  )

  it('stays as it was when the disk says anything else', async () => {
    server = await smallServer({ '': first, '.orig': second })
    await expect(keepOriginal(server.place, quietly, refusing('ENOSPC'))).rejects.toThrow('ENOSPC')
    expect((await readFile(server.place.original)).equals(second)).toBe(true)
    expect(await readdir(server.place.folder)).toHaveLength(2)
  })

  it('is never the shim', async () => {
    server = await smallServer({ '': shimBytes(), '.orig': first })
    await expect(keepOriginal(server.place, quietly)).rejects.toMatchObject({ code: 'E_INSTALL_BUSY' })
    expect((await readFile(server.place.original)).equals(first)).toBe(true)
    expect(await readdir(server.place.folder)).toHaveLength(2)
  })
})
