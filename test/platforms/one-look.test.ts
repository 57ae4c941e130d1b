import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { softwareFilters } from '../../src/platforms/software-filters.ts'
import type { ToneMap } from '../../src/platforms/tone-source.ts'
import { compile, mapped, missingCompiler, p010 } from '../tonemap/cpu-filter-tools.ts'

const missing = missingCompiler()

const width = 512
const height = 64
const size = `${width}x${height}`

/** Greys from black to far above the peak, and below them colours up to it: what is beyond ours takes for the peak itself. */
const picture = p010(width, height, (x, y, plane) => {
  const across = plane === 0 ? x / width : (2 * x) / width
  const isGrey = plane === 0 ? y < height / 2 : y < height / 4
  if (plane === 0) return 64 + Math.floor(across * (isGrey ? 876 : 500))
  const turn = 2 * Math.PI * 6 * across
  const far = isGrey ? 0 : 18 + 60 * across
  return 512 + Math.round(far * (plane === 1 ? Math.cos(turn) : Math.sin(turn)))
})

/** What the software platform's filters make of it, as NV12. */
function bySoftware(operation: ToneMap): Buffer {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'p010le', '-s', size, '-i', '-']
  const filters = `setparams=range=tv,${softwareFilters.filter(operation)}`
  const output = ['-vf', filters, '-f', 'rawvideo', '-pix_fmt', 'nv12', '-']
  const bytes = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength)
  const done = spawnSync('ffmpeg', ['-v', 'error', ...input, ...output], { input: bytes })
  if (done.status !== 0) throw new Error(done.stderr.toString())
  return done.stdout
}

/** Mean and largest difference in codes of eight bits. */
function differences(left: Uint8Array, right: Uint8Array): { mean: number; most: number } {
  expect(left.length).toBe(right.length)
  const all = Array.from(left, (code, at) => Math.abs(code - right[at]!))
  return { mean: all.reduce((sum, one) => sum + one, 0) / all.length, most: Math.max(...all) }
}

/** By which curve, from what, and how far colours may be from ours in the mean: a viewer sees three to five of 219. */
const cases: readonly (readonly [string, Partial<ToneMap>, peak: number, mean: number])[] = [
  ...([600, 1000, 4000] as const).map(
    (peak) => [`hable from ${peak} nits`, { peakNits: peak }, peak, 0.5] as const,
  ),
  ...(['mobius', 'reinhard', 'clip'] as const).map((curve) => [curve, { curve }, 1000, 0.5] as const),
  // Each has its own way to bring a display's light into it.
  ['hable of HLG', { transfer: 'hlg' }, 1000, 2.5],
]

describe.skipIf(missing !== undefined)('FFmpeg’s own filters and ours', () => {
  beforeAll(compile)

  it.each(cases)('make the same picture by %s', (_name, change, peak, mean) => {
    const operation: ToneMap = { kind: 'tone-map', curve: 'hable', transfer: 'pq', ...change }
    const { curve, transfer } = operation
    const [ours, theirs] = [mapped({ tonemap: curve, peak, transfer, size }, picture), bySoftware(operation)]
    const rows = (from: number, to: number) =>
      differences(ours.subarray(from * width, to * width), theirs.subarray(from * width, to * width))
    // Not where both meet: chroma there is that of both.
    const [greys, colours, chroma] = [rows(0, 28), rows(36, height), rows(height + 18, 1.5 * height)]
    expect(greys.most).toBeLessThanOrEqual(1)
    expect(colours.mean).toBeLessThan(mean)
    expect(chroma.mean).toBeLessThan(mean)
  })
})
