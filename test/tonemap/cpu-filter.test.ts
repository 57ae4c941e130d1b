import { beforeAll, describe, expect, it } from 'vitest'
import {
  compile,
  complaint,
  type Distance,
  judged,
  mapped,
  missingCompiler,
  noise,
  p010,
  planar,
  type Words,
} from './cpu-filter-tools.ts'
import { host } from './kernel-tools.ts'

const missing = missingCompiler()
if (missing !== undefined) console.warn(`The CPU filter is not judged: ${missing}.`)

const [width, height] = [256, 96]
const size = `${width}x${height}`

/** What issue 6 asks of every way of mapping. */
function expectExact({ luma, chroma }: { luma: Distance; chroma: Distance }) {
  for (const plane of [luma, chroma]) {
    expect(plane.mean).toBeLessThan(0.01)
    expect(plane.within1).toBeGreaterThanOrEqual(0.999)
    expect(plane.max).toBeLessThanOrEqual(2)
  }
}

describe.skipIf(missing !== undefined)('the loops of the CPU filter', () => {
  beforeAll(compile)

  const curves = ['bt2390', 'reinhard', 'hable', 'mobius', 'clip']
  const modes = ['max', 'luma', 'rgb', 'itp']
  it.each(curves.flatMap((tonemap) => modes.map((mode) => ({ tonemap, mode }))))(
    'map random colours as the reference does: $tonemap, $mode',
    (words) => {
      const verdict = judged({ ...words, size }, noise(width, height))
      expectExact(verdict)
      expect(verdict.luma.samples).toBe(width * height)
      expect(verdict.chroma.samples).toBe((width * height) / 2)
    },
  )

  const ways: Words[] = [
    { transfer: 'hlg' },
    { transfer: 'hlg', peak: 400, mode: 'luma', gamut: 'compress' },
    { gamut: 'compress', mode: 'luma' },
    { gamut: 'compress', mode: 'rgb' },
    { desat: 0.5 },
    { desat: 2, mode: 'itp' },
    { black: 0.2 },
    { black: 0.5, mode: 'itp' },
    { black: 1, mode: 'rgb', gamut: 'compress' },
    { range: 'pc' },
    { range: 'pc', transfer: 'hlg' },
    { peak: 4000, target: 100 },
    { peak: 10000, tonemap: 'hable' },
    { peak: 150, tonemap: 'mobius' },
  ]
  it.each(ways.map((words) => ({ words, name: JSON.stringify(words) })))(
    'map random colours as the reference does: $name',
    ({ words }) => expectExact(judged({ ...words, size }, noise(width, height))),
  )

  it.each(['left', 'topleft', 'center', 'top', 'bottomleft', 'bottom'])(
    'find and put chroma where it lies: %s',
    (siting) => expectExact(judged({ siting, size }, noise(width, height))),
  )

  it.each(['2x2', '3x3', '37x23', '129x5', '130x4', '255x2', '257x3'])('map pictures of %s', (odd) => {
    const [oddWidth = 0, oddHeight = 0] = odd.split('x').map(Number)
    expectExact(judged({ size: odd }, noise(oddWidth, oddHeight)))
  })

  const sides = ['center', 'top', 'bottomleft', 'bottom']
  it.each(sides.flatMap((siting) => ['37x23', '129x5'].map((odd) => ({ siting, odd }))))(
    'continue pictures of odd size for the chroma at their edges: $odd, $siting',
    ({ siting, odd }) => {
      const [oddWidth = 0, oddHeight = 0] = odd.split('x').map(Number)
      expectExact(judged({ size: odd, siting }, noise(oddWidth, oddHeight)))
    },
  )

  it.each(['ordered', 'blue'])('dither luma and chroma as the kernels do: %s', (dither) => {
    host.compile()
    const frame = noise(width, height)
    const kernels = host.map({ size, dither }, frame)
    const loops = mapped({ size, dither }, frame)
    const off = loops.map((code, i) => Math.abs(code - (kernels[i] ?? 0)))
    expect(Math.max(...off)).toBeLessThanOrEqual(1)
    expect(off.filter((code) => code > 0).length).toBeLessThan(loops.length / 100)
  })

  it('give the very same by AVX-512 as by AVX2', () => {
    const frame = noise(width, height)
    for (const mode of modes) {
      const wide = mapped({ size, mode, dither: 'blue', simd: 'on' }, frame)
      expect(mapped({ size, mode, dither: 'blue', simd: 'avx2' }, frame).equals(wide)).toBe(true)
    }
  })

  it('give the same where there is no fused multiply-add, but for a last digit', () => {
    const frame = noise(width, height)
    expectExact(judged({ size, simd: 'off' }, frame))
    const wide = mapped({ size }, frame)
    const narrow = mapped({ size, simd: 'off' }, frame)
    const off = wide.map((code, i) => Math.abs(code - (narrow[i] ?? 0)))
    expect(Math.max(...off)).toBeLessThanOrEqual(1)
    expect(off.filter((code) => code > 0).length).toBeLessThan(frame.length / 1000)
  })

  it('give the same however the picture is cut into slices', () => {
    const frame = noise(width, 94)
    const whole = mapped({ size: `${width}x94` }, frame)
    for (const slices of [2, 3, 7, 47])
      expect(mapped({ size: `${width}x94`, slices }, frame).equals(whole)).toBe(true)
  })

  it('give the same for the same picture in other formats', () => {
    const frame = noise(width, height)
    const interleaved = mapped({ size }, frame)
    const fromPlanar = mapped({ size, in: 'yuv420p10' }, planar(frame, width, height))
    expect(fromPlanar.equals(interleaved)).toBe(true)
    const toPlanar = mapped({ size, planar: 'on' }, frame)
    const luma = width * height
    const chroma = interleaved.subarray(luma)
    expect(toPlanar.subarray(0, luma).equals(interleaved.subarray(0, luma))).toBe(true)
    expect([...toPlanar.subarray(luma, (luma * 5) / 4)]).toEqual([
      ...chroma.filter((_code, i) => i % 2 === 0),
    ])
    expect([...toPlanar.subarray((luma * 5) / 4)]).toEqual([...chroma.filter((_code, i) => i % 2 === 1)])
  })

  it('remember nothing from one frame to the next', () => {
    const [first, second] = [noise(64, 64), p010(64, 64, () => 512)]
    const both = mapped({ size: '64x64', dither: 'blue' }, Uint16Array.from([...first, ...second]))
    const alone = mapped({ size: '64x64', dither: 'blue' }, second)
    expect(both.subarray(alone.length).equals(alone)).toBe(true)
  })

  it('refuse in a sentence what they cannot do', () => {
    expect(complaint({ tonemap: 'aces' })).toBe('tonemap cannot be aces\n')
    expect(complaint({ peak: 5 })).toBe('peak must be between 10 and 10000 nits\n')
    expect(complaint({ in: 'p016' })).toMatch(/takes 10-bit input/)
    expect(complaint({ size: '64x64', out: '32x32' })).toMatch(/does not scale/)
  })
})
