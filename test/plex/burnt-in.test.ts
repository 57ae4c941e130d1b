import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changes } from '../clips/words.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { clip, expectedChanges, type Films, lumaOfJob, makeFilms } from './burnt-in.ts'

let cut: RunningPaceline
let folder: string
let films: Films

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-burnt-in-'))
  films = await makeFilms(folder)
  cut = await startPaceline({ nodes: 2, environment: { PACELINE_MAX_LEASE_SEGMENTS: '1' } })
})

afterAll(async () => {
  await cut.stop()
  await rm(folder, { recursive: true, force: true })
})

/** What burnt-in.long.test.ts does for all the others. */
describe('a job of two nodes with a lease for each segment', () => {
  it.each([
    ['hls', 'text beside'],
    ['dash', 'bitmaps'],
  ] as const)('for %s shows %s on the pictures that they are for', async (way, words) => {
    const [bare, made] = [
      await lumaOfJob(cut, folder, films, 'none', 'hls'),
      await lumaOfJob(cut, folder, films, words, way),
    ]
    expect(made).toHaveLength(clip.seconds * 25)
    expect(changes(made.map((luma, frame) => Math.abs(luma - bare[frame]!) > 8))).toEqual(expectedChanges)
  })
})
