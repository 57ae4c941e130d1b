import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usualFfmpeg } from './usual-ffmpeg.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-usual-'))
})

afterEach(() => rm(folder, { recursive: true }))

describe('the ffmpeg of nodes that are told nothing', () => {
  it('is that with the filters, where it is installed', async () => {
    const program = join(folder, 'ffmpeg')
    await writeFile(program, '')
    await chmod(program, 0o755)
    expect(usualFfmpeg(program)).toBe(program)
  })

  it('is the first on the search path, where it is not', () => {
    expect(usualFfmpeg(join(folder, 'ffmpeg'))).toBe('ffmpeg')
  })

  it('is the first on the search path, where it cannot be run', async () => {
    const program = join(folder, 'ffmpeg')
    await writeFile(program, '')
    await chmod(program, 0o644)
    expect(usualFfmpeg(program)).toBe('ffmpeg')
  })
})
