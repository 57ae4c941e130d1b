import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fitnessOf } from './fit-ffmpeg.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-fit-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** A program that lists these, as ffmpeg does. */
async function program(name: string, encoders: readonly string[], filters: readonly string[]) {
  const path = join(folder, name)
  const list = (names: readonly string[]) => names.map((one) => ` V....D ${one}  what it is`).join('\n')
  const script = `#!/bin/sh\ncase "$2" in\n-encoders) echo '${list(encoders)}' ;;\n*) echo '${list(filters)}' ;;\nesac\n`
  await writeFile(path, script, { mode: 0o755 })
  return path
}

describe('what an ffmpeg is fit for', () => {
  it('is found out from its lists', async () => {
    const ours = await program('ours', ['libx264', 'aac'], ['scale', 'tonemap_paceline'])
    expect(await fitnessOf(ours)).toEqual({ works: true, mapsTones: true })
    const plain = await program('plain', ['libx264', 'aac'], ['scale', 'tonemap'])
    expect(await fitnessOf(plain)).toEqual({ works: true, mapsTones: false })
  })

  it('is nothing without the encoders', async () => {
    const free = await program('free', ['libx264rgb', 'aac'], ['tonemap_paceline'])
    expect(await fitnessOf(free)).toEqual({ works: false, mapsTones: false })
  })

  it('is nothing where there is none', async () => {
    expect(await fitnessOf(join(folder, 'none'))).toEqual({ works: false, mapsTones: false })
  })

  it('is something with the system’s own', async () => {
    expect(await fitnessOf('ffmpeg')).toMatchObject({ works: true })
  })
})
