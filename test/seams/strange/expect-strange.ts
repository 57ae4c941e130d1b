import { expect } from 'vitest'
import { codecNoise } from '../expect-seamless.ts'
import { largestDifference } from '../seam-facts.ts'
import { makeFilm } from './source-kit.ts'
import type { StrangeSource } from './strange-source.ts'
import type { Outcomes, TwoClusters } from './two-clusters.ts'

/** Makes a strange source by one uncut lease and by many, and expects what its recipe says. */
export async function expectStrange(clusters: TwoClusters, source: StrangeSource): Promise<void> {
  const path = await makeFilm(source)
  const made = await clusters.make(path)
  if (source.refused) {
    for (const outcome of [made.alone, made.cut]) {
      expect(outcome).toMatchObject({ how: 'failed', words: expect.stringContaining(source.refused) })
    }
    return
  }
  expectEqual(source, made)
  const reasons = clusters.said(path)
  if (source.inOnePiece) expect(reasons).toContain(`"reason":"${source.inOnePiece}`)
  else expect(reasons).not.toContain('is made in one piece')
}

/** Has a media server's job for a strange source done, and expects the same; `seek` as the server writes it. */
export async function expectStrangeJob(
  clusters: TwoClusters,
  source: StrangeSource,
  seek?: number,
): Promise<void> {
  expectEqual(source, await clusters.play(await makeFilm(source), seek))
}

function expectEqual({ sound = 'same' }: StrangeSource, { alone, cut }: Outcomes): void {
  if (alone.how === 'failed' || cut.how === 'failed') {
    throw new Error(`it was not made: ${JSON.stringify([alone, cut].filter(({ how }) => how === 'failed'))}`)
  }
  expect(alone.frames.length).toBeGreaterThan(0)
  expect(cut.frames).toEqual(alone.frames)
  const [expected, actual] = [alone.sound, cut.sound]
  expect(actual === null).toBe(expected === null)
  if (sound === 'any' || expected === null || actual === null) return
  expect(actual.packets.map(({ pts }) => pts)).toEqual(expected.packets.map(({ pts }) => pts))
  expect(actual.samples.length).toBe(expected.samples.length)
  const seconds = actual.samples.length / actual.channels / actual.sampleRate
  expect(largestDifference(actual, expected, 0, seconds - 0.15)).toBeLessThan(codecNoise)
}
