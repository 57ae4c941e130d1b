import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStaging, reopenStaging, type Staging } from './staging.ts'

let parent: string
let folder: string
let staging: Staging

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'paceline-staging-'))
  folder = join(parent, 'session')
  staging = await createStaging(folder)
})

afterEach(() => rm(parent, { recursive: true, force: true }))

const bytes = (text: string) => Buffer.from(text)

describe('staged segments', () => {
  it('are there, whole, once they have been put', async () => {
    expect(staging.has('video', 3)).toBe(false)
    expect(await staging.put('video', 3, bytes('three'))).toBe(true)
    expect(staging.has('video', 3)).toBe(true)
    expect((await staging.get('video', 3)).toString()).toBe('three')
  })

  it('do not count before their bytes are written', async () => {
    const writing = staging.put('video', 0, Buffer.alloc(1_000_000))
    expect(staging.has('video', 0)).toBe(false)
    await writing
    expect((await staging.get('video', 0)).length).toBe(1_000_000)
  })

  it('of different parts and numbers are different', async () => {
    await staging.put('video', 1, bytes('picture'))
    await staging.put('audio', 1, bytes('sound'))
    await staging.put('video', 11, bytes('eleven'))
    expect((await staging.get('audio', 1)).toString()).toBe('sound')
    expect((await staging.get('video', 1)).toString()).toBe('picture')
    expect(staging.has('audio', 11)).toBe(false)
  })

  it('are counted in bytes while they wait', async () => {
    await staging.put('video', 0, Buffer.alloc(700))
    await staging.put('audio', 0, Buffer.alloc(30))
    expect(staging.bytes).toBe(730)
    await staging.drop('video', 0)
    expect(staging.bytes).toBe(30)
  })

  it('leave the disk when they are dropped, and dropping none is no error', async () => {
    await staging.put('video', 0, bytes('zero'))
    await staging.drop('video', 0)
    await staging.drop('video', 0)
    expect(staging.has('video', 0)).toBe(false)
    expect(await readdir(folder)).toEqual([])
    await expect(staging.get('video', 0)).rejects.toThrow('segment 0 of video is not staged')
  })

  it('are replaced by a later copy, of which the former leaves nothing behind', async () => {
    await staging.put('video', 0, bytes('short'))
    await staging.put('video', 0, bytes('the whole one'))
    expect((await staging.get('video', 0)).toString()).toBe('the whole one')
    expect(staging.bytes).toBe(13)
    await staging.drop('video', 0)
    expect(await readdir(folder)).toEqual([])
  })

  it('are readable by their owner alone', async () => {
    await staging.put('video', 0, bytes('secret'))
    const [name] = await readdir(folder)
    expect((await stat(join(folder, name!))).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })
})

describe('a segment that is read ahead', () => {
  it('is got from memory, once', async () => {
    await staging.put('video', 0, bytes('zero'))
    staging.readAhead('video', 0)
    staging.readAhead('video', 0)
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (const name of await readdir(folder)) await writeFile(join(folder, name), 'changed')
    expect((await staging.get('video', 0)).toString()).toBe('zero')
    expect((await staging.get('video', 0)).toString()).toBe('changed')
  })

  it('is read again when another copy has come meanwhile', async () => {
    await staging.put('video', 0, bytes('short'))
    staging.readAhead('video', 0)
    await staging.put('video', 0, bytes('the whole one'))
    expect((await staging.get('video', 0)).toString()).toBe('the whole one')
  })

  it('may be missing, dropped or unreadable without anybody hearing of it before it is got', async () => {
    staging.readAhead('video', 7)
    await staging.put('video', 0, bytes('zero'))
    await staging.put('video', 1, bytes('one'))
    await rm(folder, { recursive: true })
    staging.readAhead('video', 0)
    staging.readAhead('video', 1)
    await staging.drop('video', 0)
    await expect(staging.get('video', 0)).rejects.toThrow('not staged')
    await expect(staging.get('video', 1)).rejects.toThrow('ENOENT')
  })
})

describe('a copy that is no longer wanted when it is written', () => {
  it('is thrown away and does not touch the copy that came first', async () => {
    let isWanted = true
    const late = staging.put('video', 0, Buffer.alloc(3_000_000), { isWanted: () => isWanted })
    await staging.put('video', 0, bytes('first'), { isWanted: () => isWanted })
    isWanted = false
    expect(await late).toBe(false)
    expect((await staging.get('video', 0)).toString()).toBe('first')
    expect((await readdir(folder)).length).toBe(1)
  })

  it('is asked about in the turn in which it would begin to count', async () => {
    const seen: boolean[] = []
    const isWanted = () => {
      seen.push(staging.has('video', 0))
      queueMicrotask(() => seen.push(staging.has('video', 0)))
      return true
    }
    await staging.put('video', 0, bytes('x'), { isWanted })
    expect(seen).toEqual([false, true])
  })
})

describe('closing', () => {
  it('removes everything, and nothing is taken in any more', async () => {
    await staging.put('video', 0, bytes('zero'))
    await staging.close()
    expect(await readdir(parent)).toEqual([])
    expect(staging.has('video', 0)).toBe(false)
    expect(await staging.put('video', 1, bytes('one'))).toBe(false)
    expect(await readdir(parent)).toEqual([])
  })

  it('waits for what is being written, so that no folder stays behind', async () => {
    let written = 0
    const writes = Array.from({ length: 20 }, async (_, n) => {
      const isTaken = await staging.put('video', n, Buffer.alloc(2_000_000))
      written += 1
      return isTaken
    })
    await staging.close()
    expect(written).toBe(20)
    expect(await readdir(parent)).toEqual([])
    expect(new Set(await Promise.all(writes))).toEqual(new Set([false]))
  })
})

describe('a disk that fails', () => {
  it('fails the put, and nothing counts', async () => {
    await rm(folder, { recursive: true, force: true })
    await writeFile(folder, 'in the way')
    await expect(staging.put('video', 0, bytes('zero'))).rejects.toThrow(/ENOTDIR|EEXIST/)
    expect(staging.has('video', 0)).toBe(false)
    expect(staging.bytes).toBe(0)
  })
})

describe('a folder that another head has left', () => {
  it('holds what was taken in, the last copy of each', async () => {
    await staging.put('video', 3, bytes('first'))
    await staging.put('video', 3, bytes('second'))
    await staging.put('audio', 12, bytes('sound'), { isShort: true })
    const other = await reopenStaging(folder)
    expect((await other.get('video', 3)).toString()).toBe('second')
    expect(other.bytes).toBe(11)
    expect(other.staged().toSorted((a, b) => a.segment - b.segment)).toEqual([
      { part: 'video', segment: 3, isShort: false },
      { part: 'audio', segment: 12, isShort: true },
    ])
  })

  it('does not hold what was not wanted, or only half written', async () => {
    await staging.put('video', 1, bytes('unwanted'), { isWanted: () => false })
    await staging.put('video', 2, bytes('whole'))
    await writeFile(join(folder, 'video-4.7.new'), 'half')
    await writeFile(join(folder, 'about'), 'something else')
    const other = await reopenStaging(folder)
    expect(other.staged()).toEqual([{ part: 'video', segment: 2, isShort: false }])
  })

  it('goes on with names of its own', async () => {
    await staging.put('video', 1, bytes('former'))
    const other = await reopenStaging(folder)
    await other.put('video', 1, bytes('later'))
    expect((await other.get('video', 1)).toString()).toBe('later')
    await other.drop('video', 1)
    expect(await readdir(folder)).toEqual([])
  })

  it('may be missing', async () => {
    const other = await reopenStaging(join(parent, 'nowhere'))
    expect(other.staged()).toEqual([])
    expect(await other.put('video', 0, bytes('zero'))).toBe(true)
  })
})
