import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { clipFolderAbove } from './clip-folder.ts'

it('finds the nearest clips above a folder, and says so where there are none', async () => {
  const root = await mkdtemp(join(tmpdir(), 'paceline-clip-folder-'))
  try {
    const deep = join(root, 'dist', 'node', 'proof')
    await mkdir(deep, { recursive: true })
    expect(() => clipFolderAbove(deep)).toThrow('the clips of proofs are missing')
    await mkdir(join(root, 'clips', 'proof'), { recursive: true })
    expect(clipFolderAbove(deep)).toBe(join(root, 'clips', 'proof'))
    await mkdir(join(root, 'dist', 'clips', 'proof'), { recursive: true })
    expect(clipFolderAbove(deep)).toBe(join(root, 'dist', 'clips', 'proof'))
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
