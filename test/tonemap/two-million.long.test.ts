import { beforeAll, describe, expect, it } from 'vitest'
import { compile, mapped, missingCompiler, p010 } from './cpu-filter-tools.ts'
import { host, judged, type Runner } from './kernel-tools.ts'

/** More pixels than the tests of every commit have: what goes wrong once in a million is found here. */
const [width, height] = [1920, 1080]

/** Any of 1024 codes in each plane, by the generator of G. Marsaglia, "Xorshift RNGs" (2003). */
function anyCodes(seed: number): Uint16Array {
  let state = seed
  return p010(width, height, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 1023
  })
}

const missing = missingCompiler()
const loops: Runner = { name: 'of the CPU filter', missing, compile, map: mapped }

const curves = ['bt2390', 'reinhard', 'hable', 'mobius', 'clip']
const modes = ['max', 'luma', 'rgb', 'itp']
const ways = modes.flatMap((mode) =>
  curves.flatMap((tonemap) => ['pq', 'hlg'].map((transfer) => ({ mode, tonemap, transfer }))),
)

describe.each([loops, { ...host, name: 'of the kernels, compiled for the CPU' }])(
  'two million random pixels in the loops $name',
  (runner) => {
    const frame = anyCodes(2124)
    beforeAll(() => {
      if (runner.missing === undefined) runner.compile()
    })

    it.skipIf(runner.missing !== undefined).each(ways)(
      'are mapped as the reference does: $mode, $tonemap, $transfer',
      (words) => {
        for (const plane of Object.values(judged(runner, { ...words, size: `${width}x${height}` }, frame))) {
          expect(plane.mean).toBeLessThan(0.01)
          expect(plane.within1).toBeGreaterThanOrEqual(0.999)
          expect(plane.max).toBeLessThanOrEqual(2)
        }
      },
    )
  },
)
