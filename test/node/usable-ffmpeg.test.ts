import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encoderCommand } from '../../src/node/encoder-command.ts'
import { provePlatforms } from '../../src/node/platform-proof.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-usable-ffmpeg-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function program(name: string, words: string, mode = 0o755): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${words}\n`)
  await chmod(path, mode)
  return path
}

describe('what a node takes for an ffmpeg', () => {
  it('is one that makes a film', async () => {
    expect(await provePlatforms('ffmpeg')).toContain('software')
  })

  it.each([
    ['succeeds and makes nothing', 'exit 0'],
    ['says something else', 'echo usage: something'],
    ['fails', 'exit 1'],
  ])('is none that %s', async (_what, words) => {
    expect(await provePlatforms(await program('other', words))).toEqual([])
  })
})

describe('where an ffmpeg is looked for', () => {
  it('is the path that is named, also a relative one, and not the search path', async () => {
    const path = await program('ffmpeg', 'exit 0')
    expect((await encoderCommand(path)).at(-1)).toBe(path)
    expect((await encoderCommand(relative(process.cwd(), path))).at(-1)).toBe(path)
    await expect(encoderCommand('./ffmpeg')).rejects.toMatchObject({ code: 'E_FFMPEG_MISSING' })
  })

  it('is said with what is wrong about it', async () => {
    await expect(encoderCommand('/nowhere/ffmpeg')).rejects.toMatchObject({ where: '/nowhere/ffmpeg' })
    const path = await program('closed', '', 0o644)
    await expect(encoderCommand(path)).rejects.toMatchObject({
      where: `${path} is there, but may not be run by this user`,
    })
  })
})
