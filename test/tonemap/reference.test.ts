import { beforeAll, describe, expect, it } from 'vitest'
import { host, reference } from './kernel-tools.ts'

/** Nits in and out of BT.2390's EETF, computed for this project by other hands than the reference. */
const eetf = [
  {
    words: ['peak=1000', 'target=100'],
    out: [0, 0.1, 1, 10, 26, 46.14295, 69.4544, 88.24364, 97.59841, 99.57535, 100],
  },
  {
    words: ['peak=1000', 'target=203'],
    out: [0, 0.1, 1, 10, 26, 50, 99.36109, 159.04187, 193.60906, 201.32416, 203],
  },
  {
    words: ['peak=4000', 'target=100'],
    out: [0, 0.1, 1, 10, 23.81553, 37.79875, 55.14632, 72.62017, 86.16055, 91.98989, 96.79957],
  },
  {
    words: ['peak=10000', 'target=100'],
    out: [0, 0.1, 1, 9.76378, 21.23133, 32.70704, 47.39191, 63.30621, 77.24981, 84.2063, 91.0704],
  },
]
const nits = ['0', '0.1', '1', '10', '26', '50', '100', '203', '400', '600', '1000']

/** 8-bit codes, not rounded, of named colours: mode max, luma, rgb; 1000 to 203 nits. */
const colours: Record<string, readonly (readonly number[])[]> = {
  'grey 203': [
    [213.954, 128, 128],
    [213.954, 128, 128],
    [213.954, 128, 128],
  ],
  'red 100': [
    [58.82, 104.397, 231.006],
    [58.948, 104.327, 231.312],
    [58.82, 104.397, 231.006],
  ],
  'green 1000': [
    [172.629, 41.664, 26.27],
    [172.629, 41.664, 26.27],
    [172.629, 41.664, 26.27],
  ],
  'skin 180 120 90': [
    [184.362, 113.211, 155.635],
    [192.304, 112.762, 155.731],
    [192.697, 115.164, 146.972],
  ],
  'sky 150 300 600': [
    [165.111, 166.524, 72.119],
    [205.962, 144.006, 58.149],
    [218.7, 136.985, 103.644],
  ],
  'fire 900 350 40': [
    [158.982, 49.186, 177.374],
    [187.17, 33.649, 159.066],
    [220.636, 62.853, 137.33],
  ],
}

describe.skipIf(host?.missing !== undefined)('the reference', () => {
  beforeAll(() => host?.compile())

  it.each(eetf)('has the curve of BT.2390: $words', ({ words, out }) => {
    const got = reference('curve', [...words, ...nits]).map(Number)
    for (const [i, value] of got.entries()) expect(value).toBeCloseTo(out[i] ?? Number.NaN, 4)
  })

  it.each(['max', 'luma', 'rgb'].map((mode, index) => ({ mode, index })))(
    'maps named colours as was computed elsewhere: $mode',
    ({ mode, index }) => {
      const printed = reference('vectors', [`mode=${mode}`]).map((line) => JSON.parse(line))
      for (const [name, codes] of Object.entries(colours)) {
        const { out } = printed.find(({ colour }) => colour === name)
        for (const [plane, code] of (codes[index] ?? []).entries()) expect(out[plane]).toBeCloseTo(code, 2)
      }
    },
  )

  it('lifts black without going beyond the target', () => {
    const lifted = reference('curve', ['peak=1000', 'target=100', 'black=0.1', ...nits]).map(Number)
    expect(lifted[0]).toBeCloseTo(0.1, 5)
    expect(lifted.at(-1)).toBeCloseTo(100, 5)
    expect(lifted.every((value, i) => i === 0 || value > (lifted[i - 1] ?? 0))).toBe(true)
  })

  it('does not darken what is brighter than the peak', () => {
    expect(reference('curve', ['peak=1000', '1000', '1500', '4000', '10000'])).toEqual(
      Array(4).fill('203.00000'),
    )
  })
})
