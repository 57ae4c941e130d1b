import { beforeAll, describe, expect, it } from 'vitest'
import { p010, type Words } from './cpu-filter-tools.ts'
import type { Runner } from './kernel-tools.ts'

/** Every 10-bit code from 64 to 940 as a neutral column of two by two samples, and some more to fill a tile. */
const codes = Array.from({ length: 880 }, (_, i) => Math.min(64 + i, 940))
const width = 2 * codes.length
const ramp = p010(width, 2, (x, _y, plane) => (plane === 0 ? (codes[x >> 1] ?? 0) : 512))

/** 10-bit code of 1000 nits, rounded up. */
const code1000 = 723

/** Tests of what the kernels make of greys, done by this runner. */
export function judgeGreys(runner: Runner): void {
  describe(`greys in the kernels ${runner.name}`, () => {
    const possible = it.skipIf(runner.missing !== undefined)
    beforeAll(() => {
      if (runner.missing === undefined) runner.compile()
    })

    /** 8-bit luma of each code of the ramp, and all chroma. */
    function greys(words: Words) {
      const frame = runner.map({ ...words, size: `${width}x2` }, ramp)
      return { luma: codes.map((_, i) => frame[2 * i] ?? 0), chroma: [...frame.subarray(2 * width)] }
    }

    const curves = ['bt2390', 'reinhard', 'hable', 'mobius', 'clip']
    const modes = ['max', 'luma', 'rgb', 'itp']
    possible.each(curves.flatMap((tonemap) => modes.map((mode) => ({ tonemap, mode }))))(
      'rise from 16 to 235 and stay neutral: $tonemap, $mode',
      (words) => {
        const { luma, chroma } = greys(words)
        expect(luma.every((code, i) => i === 0 || code >= (luma[i - 1] ?? 0))).toBe(true)
        expect(new Set(chroma)).toEqual(new Set([128]))
        expect(luma[0]).toBe(16)
        expect(new Set(luma.slice(codes.indexOf(code1000)))).toEqual(new Set([235]))
      },
    )

    possible.each([400, 1000, 4000, 10000])(
      'reach white at a peak of %i nits and not much before',
      (peak) => {
        const { luma } = greys({ peak, target: 100 })
        expect(luma.at(-1)).toBe(235)
        expect(luma[codes.indexOf(509)]).toBeLessThan(235)
      },
    )

    possible('are lifted to the black that is asked for, without going beyond white', () => {
      const { luma } = greys({ black: 0.203 })
      // A thousandth of the target through a gamma of 2.4.
      expect(luma[0]).toBe(Math.round(16 + 219 * 0.001 ** (1 / 2.4)))
      expect(luma.at(-1)).toBe(235)
      expect(luma.every((code, i) => i === 0 || code >= (luma[i - 1] ?? 0))).toBe(true)
    })

    possible.each(['ordered', 'blue'])('show their mean when dithered: %s', (dither) => {
      const flat = p010(128, 128, (_x, _y, plane) => (plane === 0 ? 451 : 512))
      const plain = runner.map({ size: '128x128' }, flat)
      const dithered = runner.map({ size: '128x128', dither }, flat).subarray(0, 128 * 128)
      const mean = dithered.reduce((sum, code) => sum + code, 0) / dithered.length
      const fine = runner.map({ size: '128x128', format: 'p010', mode: 'max' }, flat).readUInt16LE(0) / 256
      expect(new Set(plain.subarray(0, 128 * 128)).size).toBe(1)
      expect(new Set(dithered).size).toBe(2)
      expect(Math.abs(mean - fine)).toBeLessThan(0.15)
    })
  })
}
