import { describe, expect, it } from 'vitest'
import { type ExpectedPictures, judgePictures, lookSize, type Turn } from './proof-judge.ts'
import {
  isClock,
  neutral,
  patchAt,
  patchColumns,
  patchRows,
  proofFrames,
  type Sample,
  storedPatch,
} from './proof-pattern.ts'

const { width, height } = lookSize
const exact: ExpectedPictures = { depth: 10, tolerance: 1.4 }

type Paint = (sample: Sample, at: { column: number; row: number; frame: number }) => Sample

/** Pictures as ffmpeg would write them, each patch changed as told. */
function pictures(paint: Paint = (sample) => sample, frames = proofFrames): Uint8Array {
  const planes = Array.from({ length: frames }, (_, frame) =>
    (['luma', 'cb', 'cr'] as const).map((of) =>
      Uint16Array.from({ length: width * height }, (_, index) => {
        const column = Math.floor(((index % width) * patchColumns) / width)
        const row = Math.floor((Math.floor(index / width) * patchRows) / height)
        return Math.round(paint(patchAt(column, row, frame), { column, row, frame })[of])
      }),
    ),
  )
  return Buffer.concat(planes.flat().map((plane) => Buffer.from(plane.buffer)))
}

/** Each picture turned as FFmpeg's `transpose`, `hflip` and `vflip` do it. */
function turned(raw: Uint8Array, how: Turn): Uint8Array {
  const from = new Uint16Array(raw.buffer, raw.byteOffset, raw.byteLength / 2)
  const to = new Uint16Array(from.length)
  for (let plane = 0; plane < from.length; plane += width * height) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const place = {
          clock: x * height + (height - 1 - y),
          cclock: (width - 1 - x) * height + y,
          half: (height - 1 - y) * width + (width - 1 - x),
          hflip: y * width + (width - 1 - x),
          vflip: (height - 1 - y) * width + x,
        }[how]
        to[plane + place] = from[plane + y * width + x]!
      }
    }
  }
  return Buffer.from(to.buffer)
}

describe('the pictures of a proof', () => {
  it('are right when they are those of the pattern, in ten bits or in eight', () => {
    expect(judgePictures(pictures(), exact)).toBeNull()
    const eight = pictures((sample) => storedPatch(sample, 8))
    expect(judgePictures(eight, { depth: 8, tolerance: 1.4 })).toBeNull()
  })

  it.each(['clock', 'cclock', 'half', 'hflip', 'vflip'] as const)(
    'are looked for where a turn (%s) has put them',
    (turn) => {
      const raw = turned(pictures(), turn)
      expect(judgePictures(raw, { ...exact, turn })).toBeNull()
      expect(judgePictures(raw, exact)).not.toBeNull()
    },
  )

  it('show ten bits that were cut to eight, or rounded', () => {
    const cut = pictures(({ luma, cb, cr }) => ({ luma: luma & ~3, cb: cb & ~3, cr: cr & ~3 }))
    expect(judgePictures(cut, exact)).toMatch(/^picture 1 has luma 160\.0 .* not 162/)
    expect(
      judgePictures(
        pictures((sample) => storedPatch(sample, 8)),
        exact,
      ),
    ).toMatch(/^picture 1 has/)
  })

  it.each([
    ['is black', { luma: 64, cb: neutral, cr: neutral }],
    ['is green', { luma: 0, cb: 0, cr: 0 }],
    ['is purple', { luma: 400, cb: 1000, cr: 1000 }],
  ])('have a name for one that %s', (name, colour) => {
    const raw = pictures((sample, { frame }) => (frame === 7 ? colour : sample))
    expect(judgePictures(raw, exact)).toBe(`picture 8 ${name}`)
    expect(judgePictures(raw, { ...exact, toneMapped: true })).toBe(`picture 8 ${name}`)
  })

  it('have to be all there, and each its own', () => {
    expect(judgePictures(pictures(undefined, 9), exact)).toBe('9 pictures came out, not 12')
    expect(judgePictures(new Uint8Array(), exact)).toBe('0 pictures came out, not 12')
    const frozen = pictures((sample, { column, row, frame }) =>
      isClock(column, row) ? patchAt(column, row, Math.min(frame, 5)) : sample,
    )
    expect(judgePictures(frozen, { depth: 10, tolerance: 24 })).toMatch(/^picture 7 has luma 402/)
  })

  it('do not have blue and red the other way round', () => {
    const swapped = pictures(({ luma, cb, cr }) => ({ luma, cb: cr, cr: cb }))
    expect(judgePictures(swapped, { depth: 10, tolerance: 24 })).toMatch(/^picture 1 has cb .* of row 2/)
  })

  it('have white where text was drawn, and nowhere else', () => {
    const drawn = pictures((sample, { column, row }) =>
      column === 0 && row === 0 ? { luma: 940, cb: neutral, cr: neutral } : sample,
    )
    expect(judgePictures(drawn, { ...exact, burnt: true })).toBeNull()
    expect(judgePictures(drawn, exact)).toMatch(/not 162/)
    expect(judgePictures(pictures(), { ...exact, burnt: true })).toMatch(/not 940/)
  })
})

describe('pictures that were made of HDR', () => {
  const mapped: ExpectedPictures = { depth: 10, tolerance: 6, toneMapped: true }
  const curve = (luma: number) => 64 + 860 * (1 - Math.exp(-(luma - 64) / 400))

  it('are right by any curve that keeps greys grey and in order', () => {
    const raw = pictures((sample) => ({ ...sample, luma: curve(sample.luma) }))
    expect(judgePictures(raw, mapped)).toBeNull()
    const bright = pictures((sample) => ({ ...sample, luma: Math.min(900, curve(sample.luma) * 1.6) }))
    expect(judgePictures(bright, mapped)).toBeNull()
  })

  it.each<[string, RegExp, Paint]>([
    ['tinted', /no grey in column 1/, (sample) => ({ ...sample, cr: sample.cr + 60 })],
    ['upside down', /out of order/, (sample) => ({ ...sample, luma: 1000 - sample.luma })],
    ['flat', /nearly alike|out of order/, (sample) => ({ ...sample, luma: 400 + sample.luma / 20 })],
    [
      'a picture that stands still',
      /missing, doubled/,
      (sample, { column, row }) => (isClock(column, row) ? { ...sample, luma: 500 } : sample),
    ],
  ])('are wrong when they are %s', (_name, words, paint) => {
    expect(judgePictures(pictures(paint), mapped)).toMatch(words)
  })
})
