import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changes } from '../clips/words.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { expectedChanges, type Films, lumaOfJob, makeFilms } from './burnt-in.ts'

/** Encoders decide anew at each seam: so much may a mean of 3,200 samples differ. */
const encoderNoise = 4

let uncut: RunningPaceline
let cut: RunningPaceline
let folder: string
let films: Films

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-burnt-in-'))
  films = await makeFilms(folder)
  uncut = await startPaceline({ nodes: 1 })
  cut = await startPaceline({ nodes: 2, environment: { PACELINE_MAX_LEASE_SEGMENTS: '1' } })
}, 60_000)

afterAll(async () => {
  await uncut.stop()
  await cut.stop()
  await rm(folder, { recursive: true, force: true })
})

describe.each(['hls', 'dash'] as const)('a job for %s', (way) => {
  it.each(['text', 'bitmaps', 'text beside'] as const)(
    'with %s burnt in gives the same pictures, however its leases are cut',
    async (words) => {
      const [bare, one, many] = [
        await lumaOfJob(uncut, folder, films, 'none', way),
        await lumaOfJob(uncut, folder, films, words, way),
        await lumaOfJob(cut, folder, films, words, way),
      ]
      const drawn = (lumas: readonly number[]) =>
        changes(lumas.map((luma, frame) => Math.abs(luma - bare[frame]!) > 8))
      expect(drawn(one)).toEqual(expectedChanges)
      expect(many).toHaveLength(one.length)
      expect(drawn(many)).toEqual(expectedChanges)
      const differences = many.map((luma, frame) => Math.abs(luma - one[frame]!))
      expect(Math.max(...differences)).toBeLessThanOrEqual(encoderNoise)
    },
    120_000,
  )
})
