import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FollowedLog, followLog } from './followed-log.ts'

let folder: string
let path: string
let log: FollowedLog
let lines: string[]
let troubles: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-followed-log-'))
  path = join(folder, 'server.log')
  lines = []
  troubles = []
})
afterEach(async () => {
  log.close()
  await rm(folder, { recursive: true, force: true })
})

/** Nobody looks but when asked to. */
async function follow(): Promise<void> {
  const tellers = {
    onLine: (line: string) => void lines.push(line),
    onTrouble: (why: string) => void troubles.push(why),
  }
  log = followLog({ path, ...tellers, everyMs: 3_600_000 })
  await log.look()
}

async function add(text: string): Promise<readonly string[]> {
  await appendFile(path, text)
  lines = []
  await log.look()
  return lines
}

describe('a log that is followed', () => {
  it('is read from its end on, in whole lines', async () => {
    await writeFile(path, 'old\nhal')
    await follow()
    expect(await add('f\none\ntw')).toEqual(['f', 'one'])
    expect(await add('')).toEqual([])
    expect(await add('o\n')).toEqual(['two'])
    expect(troubles).toEqual([])
  })

  it('goes on in another file of its name, from the beginning of that', async () => {
    await writeFile(path, 'old\n')
    await follow()
    await rename(path, join(folder, 'server.1.log'))
    await writeFile(path, 'new\n')
    expect(await add('more\n')).toEqual(['new', 'more'])
  })

  it('goes on where it was emptied', async () => {
    await writeFile(path, 'old and long\n')
    await follow()
    await truncate(path)
    expect(await add('new\n')).toEqual(['new'])
  })

  it('is waited for, told of once, and new when it comes', async () => {
    await follow()
    await log.look()
    expect(troubles).toEqual(['ENOENT'])
    expect(await add('first\n')).toEqual(['first'])
    await rm(path)
    await log.look()
    expect(troubles).toEqual(['ENOENT', 'ENOENT'])
  })

  it('that grows faster than anybody reads costs no more than its last part', async () => {
    await writeFile(path, '')
    await follow()
    await appendFile(path, `${'x'.repeat(99)}\n`.repeat(20_000))
    const read = await add('last\n')
    expect(read.length).toBeLessThan(2_700)
    expect(read.at(-1)).toBe('last')
  })

  it('is looked at by itself', async () => {
    await writeFile(path, '')
    log = followLog({ path, onLine: (line) => lines.push(line), onTrouble: () => {}, everyMs: 10 })
    await log.look()
    await appendFile(path, 'seen\n')
    await expect.poll(() => lines).toEqual(['seen'])
  })
})
