import { beforeAll, describe, expect, it } from 'vitest'
import { compile, judged, mapped, missingCompiler, noise, p010, type Words } from './cpu-filter-tools.ts'

const missing = missingCompiler()

/** Every 10-bit code from 64 to 940 as a neutral column of two by two samples. */
const codes = Array.from({ length: 877 }, (_, i) => 64 + i)
const width = 2 * codes.length
const ramp = p010(width, 2, (x, _y, plane) => (plane === 0 ? (codes[x >> 1] ?? 0) : 512))
const size = `${width}x2`

/** 8-bit luma of each code of the ramp, and all chroma. */
function greys(words: Words) {
  const frame = mapped({ ...words, size }, ramp)
  return {
    luma: codes.map((_, i) => frame[2 * i] ?? 0),
    chroma: [...frame.subarray(2 * width)],
  }
}

/** 10-bit code of 1000 nits, rounded up. */
const code1000 = 723

describe.skipIf(missing !== undefined)('greys in the CPU filter', () => {
  beforeAll(compile)

  const curves = ['bt2390', 'reinhard', 'hable', 'mobius', 'clip']
  const modes = ['max', 'luma', 'rgb', 'itp']
  it.each(curves.flatMap((tonemap) => modes.map((mode) => ({ tonemap, mode }))))(
    'rise from 16 to 235 and stay neutral: $tonemap, $mode',
    (words) => {
      const { luma, chroma } = greys(words)
      expect(luma.every((code, i) => i === 0 || code >= (luma[i - 1] ?? 0))).toBe(true)
      expect(new Set(chroma)).toEqual(new Set([128]))
      expect(luma[0]).toBe(16)
      expect(new Set(luma.slice(codes.indexOf(code1000)))).toEqual(new Set([235]))
      const { luma: verdict } = judged({ ...words, size }, ramp)
      expect(verdict.max).toBeLessThanOrEqual(1)
    },
  )

  it('are no darker for a brighter input in colours either', () => {
    const reds = p010(width, 2, (x, _y, plane) =>
      plane === 0 ? (codes[x >> 1] ?? 0) : plane === 1 ? 480 : 600,
    )
    const frame = mapped({ size }, reds)
    const luma = codes.map((_, i) => frame[2 * i] ?? 0)
    expect(luma.every((code, i) => i === 0 || code >= (luma[i - 1] ?? 0) - 1)).toBe(true)
  })

  it('are lifted to the black that is asked for, without going beyond white', () => {
    const { luma } = greys({ black: 0.203 })
    // A thousandth of the target through a gamma of 2.4.
    expect(luma[0]).toBe(Math.round(16 + 219 * 0.001 ** (1 / 2.4)))
    expect(luma.at(-1)).toBe(235)
    expect(luma.every((code, i) => i === 0 || code >= (luma[i - 1] ?? 0))).toBe(true)
  })

  it('show their mean when dithered, and nothing of it when not', () => {
    const flat = p010(128, 128, (_x, _y, plane) => (plane === 0 ? 451 : 512))
    const lumaOf = (words: Words) => [...mapped({ ...words, size: '128x128' }, flat).subarray(0, 128 * 128)]
    const steady = lumaOf({ dither: 'none' })
    expect(new Set(steady).size).toBe(1)
    // 451 lies between two 8-bit codes: 138.7 by the vectors of the reference.
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    for (const dither of ['ordered', 'blue']) {
      const shaken = lumaOf({ dither })
      expect(new Set(shaken).size).toBe(2)
      expect(Math.abs(mean(shaken) - (steady[0] ?? 0))).toBeLessThan(0.5)
      expect(mean(shaken)).not.toBe(steady[0])
    }
    expect(mean(lumaOf({ dither: 'ordered' }))).toBeCloseTo(mean(lumaOf({ dither: 'blue' })), 1)
  })

  it.each(['ordered', 'blue'])('keep black and white as they are in dither: %s', (dither) => {
    const { luma } = greys({ dither })
    expect(luma[0]).toBe(16)
    expect(new Set(luma.slice(codes.indexOf(code1000)))).toEqual(new Set([235]))
  })
})

describe.skipIf(missing !== undefined)('a picture of noise in the CPU filter', () => {
  beforeAll(compile)

  it('has no code outside limited range', () => {
    const frame = mapped({ size: '256x256' }, noise(256, 256))
    const luma = frame.subarray(0, 256 * 256)
    const chroma = frame.subarray(256 * 256)
    expect(luma.every((code) => code >= 16 && code <= 235)).toBe(true)
    expect(chroma.every((code) => code >= 16 && code <= 240)).toBe(true)
  })
})
