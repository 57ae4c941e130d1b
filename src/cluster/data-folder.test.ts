import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeDataFolder } from './data-folder.ts'

let parent: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'paceline-data-folder-'))
})

afterEach(() => rm(parent, { recursive: true, force: true }))

const modeOf = async (path: string) => (await stat(path)).mode & 0o777

describe('the data folder', () => {
  it('lets others pass through to the socket, and see nothing', async () => {
    const path = join(parent, 'share', 'paceline')
    await makeDataFolder(path)
    expect(await modeOf(path)).toBe(0o711)
  })

  it('that is there keeps the mode that its owner gave it', async () => {
    const path = join(parent, 'mine')
    await mkdir(path, { mode: 0o700 })
    await makeDataFolder(path)
    expect(await modeOf(path)).toBe(0o700)
  })
})
