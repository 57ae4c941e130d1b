import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileEdges } from '../cluster/file-edges.ts'
import type { LeaseInput } from '../cluster/messages.ts'
import { createPathMaps } from './path-map.ts'

let folder: string
const silent = { info: () => {} }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-map-'))
  await writeFile(join(folder, 'film.mkv'), Buffer.alloc(200_000, 'film'))
  await writeFile(join(folder, 'tiny.mkv'), 'x')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function input(name: string, change: Partial<LeaseInput> = {}): Promise<LeaseInput> {
  const proof = await fileEdges(join(folder, name))
  return { url: '/', identity: `${name}-1`, path: `/media/films/${name}`, ...proof, ...change }
}

const rules = () => [{ head: '/media/films', here: folder }]

describe('a path map', () => {
  it('leads to the file here once it is proved to be the same, and not before', async () => {
    const maps = createPathMaps(rules(), silent)
    const film = await input('film.mkv')
    expect(maps.find(film)).toBeUndefined()
    await maps.prove([film], 5_000)
    expect(maps.find(film)).toBe(join(folder, 'film.mkv'))
    expect(maps.prove([film], 5_000)).toBeNull()
  })

  it.each([
    ['another size', { size: 1 }],
    ['other bytes', { edges: '0'.repeat(64) }],
    ['a file that is not here', { path: '/media/films/other.mkv' }],
    ['a folder that no rule names', { path: '/else/film.mkv' }],
    ['a way out of the folder', { path: '/media/films/../film.mkv' }],
  ])('does not lead to %s', async (_what, change) => {
    const maps = createPathMaps(rules(), silent)
    const film = await input('film.mkv', change)
    await maps.prove([film], 5_000)
    expect(maps.find(film)).toBeUndefined()
  })

  it('asks nothing without rules', async () => {
    expect(createPathMaps([], silent).prove([await input('film.mkv')], 5_000)).toBeNull()
  })

  it('takes the rule with the longest folder', async () => {
    const maps = createPathMaps([{ head: '/media', here: '/nowhere' }, ...rules()], silent)
    const tiny = await input('tiny.mkv')
    await maps.prove([tiny], 5_000)
    expect(maps.find(tiny)).toBe(join(folder, 'tiny.mkv'))
  })
})
