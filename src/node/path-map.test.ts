import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileEdges } from '../cluster/file-edges.ts'
import type { LeaseInput } from '../cluster/messages.ts'
import { createPathMaps } from './path-map.ts'
import { createPathProver } from './path-prover.ts'

let folder: string
const silent = { info: () => {} }
const prover = createPathProver({ bound: [], limitMs: 5_000 })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-map-'))
  await writeFile(join(folder, 'film.mkv'), Buffer.alloc(200_000, 'film'))
  await writeFile(join(folder, 'tiny.mkv'), 'x')
})

afterAll(async () => {
  await prover.close()
  await rm(folder, { recursive: true, force: true })
})

async function input(name: string, change: Partial<LeaseInput> = {}): Promise<LeaseInput> {
  const proof = await fileEdges(join(folder, name))
  return { url: '/', identity: `${name}-1`, path: `/media/films/${name}`, ...proof, ...change }
}

const rules = () => [{ head: '/media/films', here: folder }]

describe('a path map', () => {
  it('leads to the file here once it is proved to be the same, and not before', async () => {
    const maps = createPathMaps(rules(), prover, silent)
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
    const maps = createPathMaps(rules(), prover, silent)
    const film = await input('film.mkv', change)
    await maps.prove([film], 5_000)
    expect(maps.find(film)).toBeUndefined()
  })

  it('asks nothing without rules', async () => {
    expect(createPathMaps([], prover, silent).prove([await input('film.mkv')], 5_000)).toBeNull()
  })

  it('proves a file once for all who ask at the same time', async () => {
    const lines: string[] = []
    const maps = createPathMaps(rules(), prover, { info: (message) => void lines.push(message) })
    const film = await input('film.mkv')
    await Promise.all([maps.prove([film, film], 5_000), maps.prove([film], 5_000)])
    expect(maps.find(film)).toBe(join(folder, 'film.mkv'))
    expect(lines).toHaveLength(1)
  })

  it('proves two files at a time and lets others come from the head until there is room', async () => {
    const maps = createPathMaps(rules(), prover, silent)
    const films = await Promise.all(['a', 'b', 'c'].map((identity) => input('film.mkv', { identity })))
    const proof = maps.prove(films, 5_000)
    expect(maps.prove([films[2]!], 5_000)).toBeNull()
    await proof
    expect(films.map((film) => maps.find(film) !== undefined)).toEqual([true, true, false])
    await maps.prove(films, 5_000)
    expect(maps.find(films[2]!)).toBeDefined()
  })

  it('does not wait longer than it should for a disk that does not answer', async () => {
    const never = { prove: () => new Promise<never>(() => {}) }
    const maps = createPathMaps(rules(), never, silent)
    const film = await input('film.mkv')
    const startedMs = performance.now()
    await maps.prove([film], 20)
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    expect(maps.find(film)).toBeUndefined()
  })

  it('asks again a minute after the file was another one', async () => {
    let nowMs = 1_000
    const maps = createPathMaps(rules(), prover, silent, () => nowMs)
    const late = await input('film.mkv', { path: '/media/films/late.mkv' })
    await maps.prove([late], 5_000)
    await copyFile(join(folder, 'film.mkv'), join(folder, 'late.mkv'))
    nowMs += 59_999
    expect(maps.prove([late], 5_000)).toBeNull()
    nowMs += 1
    await maps.prove([late], 5_000)
    expect(maps.find(late)).toBe(join(folder, 'late.mkv'))
  })

  it('leads nowhere for a minute after a lease that failed, and then proves the file again', async () => {
    let nowMs = 1_000
    const maps = createPathMaps(rules(), prover, silent, () => nowMs)
    const film = await input('film.mkv')
    await maps.prove([film], 5_000)
    maps.doubt(film)
    expect(maps.find(film)).toBeUndefined()
    expect(maps.prove([film], 5_000)).toBeNull()
    nowMs += 60_000
    await maps.prove([film], 5_000)
    expect(maps.find(film)).toBe(join(folder, 'film.mkv'))
  })

  it('takes the rule with the longest folder', async () => {
    const maps = createPathMaps([{ head: '/media', here: '/nowhere' }, ...rules()], prover, silent)
    const tiny = await input('tiny.mkv')
    await maps.prove([tiny], 5_000)
    expect(maps.find(tiny)).toBe(join(folder, 'tiny.mkv'))
  })
})
