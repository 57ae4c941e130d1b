import { beforeAll, describe, expect, it } from 'vitest'
import { type Distance, noise, planar, type Words } from './cpu-filter-tools.ts'
import { judged, type Runner } from './kernel-tools.ts'

const [width, height] = [256, 192]
const size = `${width}x${height}`
const frame = noise(width, height)

/** What issue 6 asks of every way of mapping, in codes of that many bits. */
function expectExact({ luma, chroma }: { luma: Distance; chroma: Distance }, bits = 8) {
  for (const plane of [luma, chroma]) {
    expect(plane.mean).toBeLessThan(0.01)
    expect(plane.within1).toBeGreaterThanOrEqual(0.999)
    expect(plane.max).toBeLessThanOrEqual(bits === 8 ? 2 : 8)
  }
}

const curves = ['bt2390', 'reinhard', 'hable', 'mobius', 'clip']
const modes = ['max', 'luma', 'rgb', 'itp']
const ways: Words[] = [
  ...modes.map((mode) => ({ transfer: 'hlg', mode })),
  { transfer: 'hlg', peak: 400, mode: 'luma', gamut: 'compress' },
  { transfer: 'hlg', peak: 4000, tonemap: 'reinhard' },
  { gamut: 'compress' },
  { gamut: 'compress', mode: 'luma' },
  { gamut: 'compress', mode: 'itp' },
  { desat: 0.5 },
  { desat: 2, mode: 'itp' },
  { black: 0.2 },
  { black: 0.5, mode: 'itp' },
  { black: 1, mode: 'rgb', gamut: 'compress' },
  { range: 'pc' },
  { range: 'pc', in: 'p016', mode: 'luma' },
  { in: 'p016' },
  { peak: 4000, target: 100 },
  { peak: 10000, tonemap: 'hable' },
  { peak: 150, tonemap: 'mobius' },
]

/** Tests of everything that the kernels can be asked for, done by this runner. */
export function judgeKernels(runner: Runner): void {
  describe(`the kernels ${runner.name}`, () => {
    if (runner.missing !== undefined)
      console.warn(`The kernels ${runner.name} are not judged: ${runner.missing}.`)
    const possible = it.skipIf(runner.missing !== undefined)
    beforeAll(() => {
      if (runner.missing === undefined) runner.compile()
    })

    possible.each(curves.flatMap((tonemap) => modes.map((mode) => ({ tonemap, mode }))))(
      'map random colours as the reference does: $tonemap, $mode',
      (words) => {
        const verdict = judged(runner, { ...words, size }, frame)
        expectExact(verdict)
        expect(verdict.luma.samples).toBe(width * height)
        expect(verdict.chroma.samples).toBe((width * height) / 2)
      },
    )

    possible.each(ways.map((words) => ({ words, name: JSON.stringify(words) })))(
      'map random colours as the reference does: $name',
      ({ words }) => expectExact(judged(runner, { ...words, size }, frame)),
    )

    possible.each(['max', 'itp'])('give ten bits too: %s', (mode) => {
      expectExact(judged(runner, { size, mode, format: 'p010' }, frame), 10)
    })

    possible.each(['max', 'rgb'])('take chroma in planes of its own: %s', (mode) => {
      expectExact(judged(runner, { size, mode, in: 'yuv420p10' }, planar(frame, width, height)))
    })

    const sitings = ['left', 'topleft', 'center', 'top', 'bottomleft', 'bottom']
    possible.each(sitings.flatMap((siting) => [size, '128x96', '100x70'].map((out) => ({ siting, out }))))(
      'find and put chroma where it lies: $siting, to $out',
      (words) => expectExact(judged(runner, { ...words, size }, frame)),
    )

    const outputs = ['128x96', '96x64', '512x384', '255x191', '64x48', '2x2', '257x100']
    possible.each(outputs.flatMap((out) => ['bilinear', 'bicubic'].map((scaler) => ({ out, scaler }))))(
      'scale as the reference does: to $out, $scaler',
      (words) => expectExact(judged(runner, { ...words, size }, frame)),
    )

    possible.each(['2x2', '3x3', '8x2', '8x4', '37x23', '1000x6', '16x300'])('map pictures of %s', (odd) => {
      const [oddWidth = 0, oddHeight = 0] = odd.split('x').map(Number)
      expectExact(judged(runner, { size: odd }, noise(oddWidth, oddHeight)))
    })

    possible.each(['center', 'bottom'].flatMap((siting) => ['37x23', '3x3'].map((odd) => ({ siting, odd }))))(
      'continue pictures of odd size for the chroma at their edges: $odd, $siting',
      ({ siting, odd }) => {
        const [oddWidth = 0, oddHeight = 0] = odd.split('x').map(Number)
        expectExact(judged(runner, { size: odd, siting }, noise(oddWidth, oddHeight)))
      },
    )

    possible('give the same with the kernel for any picture as with that for unscaled ones', () => {
      const unscaled = runner.map({ size, siting: 'topleft' }, frame)
      const any = runner.map({ size, siting: 'topleft', kernel: 'scaling' }, frame)
      const off = unscaled.filter((code, i) => code !== any[i]).length
      expect(off).toBeLessThan(unscaled.length / 1000)
    })
  })
}
