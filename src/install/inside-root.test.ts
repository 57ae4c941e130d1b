import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { insideRoot } from './inside-root.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'paceline-root-'))
  await mkdir(join(root, 'opt/plex'), { recursive: true })
  await mkdir(join(root, 'usr'))
})
afterEach(() => rm(root, { recursive: true }))

describe('a path inside another root folder', () => {
  it.each([
    ['/opt/plex', 'opt/plex'],
    ['opt//plex/', 'opt/plex'],
    ['/opt/not/there', 'opt/not/there'],
    ['/opt/../../../etc/passwd', 'etc/passwd'],
    ['/', '.'],
  ])('%s is below it', async (path, expected) => {
    expect(await insideRoot(root, path)).toBe(join(root, expected))
  })

  it.each([
    ['absolute', '/opt', 'opt/plex'],
    ['relative', '../opt', 'opt/plex'],
    ['one that would lead out', '../../../../opt', 'opt/plex'],
    ['one to a link', '/usr/second', 'opt/plex'],
  ])('follows a link, %s, as somebody inside would', async (_what, target, expected) => {
    await symlink(target, join(root, 'usr/lib'))
    await symlink('../opt', join(root, 'usr/second'))
    expect(await insideRoot(root, '/usr/lib/plex')).toBe(join(root, expected))
  })

  it('does not follow links in a circle for ever', async () => {
    await symlink('b', join(root, 'a'))
    await symlink('a', join(root, 'b'))
    expect(await insideRoot(root, '/a/plex')).toBeNull()
  })
})
