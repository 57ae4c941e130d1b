import { describe, expect, it } from 'vitest'
import { readHevcSequence } from './hevc-sequence.ts'
import { h264StreamType, pictureCodec } from './picture-codec.ts'
import { BitWriter, withEmulationPrevention } from './testing/bit-writer.ts'

/** Parameter sets that x265 wrote: of ten bits with colours and samples of 64:45, and of eight. */
const tenBits = {
  video: [Buffer.from('40010c01ffff02200000030090000003000003003c959809', 'hex')],
  sequence: [
    Buffer.from(
      '42010102200000030090000003000003003ca00a480b9c94d96566924cafff0040002d6a12201208000003000800000300c840',
      'hex',
    ),
  ],
  picture: [Buffer.from('4401c172b46240', 'hex')],
}
const eightBits = Buffer.from(
  '42010101600000030090000003000003003ca00a080b9f796565b9385e02d0100000030010000003019080',
  'hex',
)

describe('a sequence parameter set of HEVC', () => {
  it('is read as FFmpeg reads it', () => {
    expect(readHevcSequence(tenBits.sequence[0]!)).toEqual({
      tick: { unitsInTick: 1, timeScale: 25 },
      profileTierLevel: Buffer.from('02200000009000000000003c', 'hex'),
      ...{ chromaFormat: 1, lumaBits: 10, chromaBits: 10, width: 322, height: 182, reorderFrames: 2 },
      ...{ temporalLayers: 1, temporalIdNested: true, sampleAspectRatio: { width: 64, height: 45 } },
      color: { primaries: 9, transfer: 16, matrix: 9, full: false },
    })
    expect(readHevcSequence(eightBits)).toMatchObject({
      ...{ width: 320, height: 180, lumaBits: 8, color: null, sampleAspectRatio: { width: 1, height: 1 } },
    })
  })

  it('is read past everything that may stand in it', () => {
    const sequence = readHevcSequence(fullSequence())
    expect(sequence).toMatchObject({
      ...{ width: 1920, height: 1080, chromaFormat: 1, reorderFrames: 3, temporalLayers: 2 },
      ...{ sampleAspectRatio: { width: 4, height: 3 }, temporalIdNested: false },
      color: { primaries: 1, transfer: 1, matrix: 1, full: true },
    })
  })
})

describe('what containers say of HEVC', () => {
  const hevc = pictureCodec(0x24)

  it('is its profile, compatibility, tier, level and constraints', () => {
    expect(hevc.describe(tenBits).codecs).toBe('hev1.2.4.L60.90')
    expect(hevc.describe({ ...tenBits, sequence: [eightBits] }).codecs).toBe('hev1.1.6.L60.90')
  })

  it('is a configuration record that lists all parameter sets', () => {
    const { configuration, configurationType, entryType, matroskaId } = hevc.describe(tenBits)
    const list = (type: string, unit: Buffer) =>
      `${type}0001${unit.length.toString(16).padStart(4, '0')}${unit.toString('hex')}`
    expect(configuration.toString('hex')).toBe(
      `0102200000009000000000003cf000fcfdfafa00000f03${list('20', tenBits.video[0]!)}` +
        `${list('21', tenBits.sequence[0]!)}${list('22', tenBits.picture[0]!)}`,
    )
    expect([configurationType, entryType, matroskaId]).toEqual(['hvcC', 'hev1', 'V_MPEGH/ISO/HEVC'])
  })

  it('has other kinds of units than H.264', () => {
    const { typeOf, isSync, delimiter } = hevc.units
    expect(typeOf(Buffer.from([0x46, 0x01]))).toBe(delimiter)
    expect([15, 16, 19, 21, 23, 24].map(isSync)).toEqual([false, true, true, true, true, false])
    expect(pictureCodec(h264StreamType).units.delimiter).toBe(9)
  })
})

/** A set with two layers, scaling lists, PCM, sets of references that count from each other, and usability. */
function fullSequence(): Buffer {
  const writer = new BitWriter().bits(4, 0).bits(3, 1).flag(false)
  for (let byte = 0; byte < 12; byte += 1) writer.bits(8, byte)
  // The first layer says profile and level for itself.
  writer.flag(true).flag(true).bits(14, 0)
  for (let byte = 0; byte < 12; byte += 1) writer.bits(8, 0xff)
  writer.unsigned(0).unsigned(1).unsigned(1920).unsigned(1088)
  writer.flag(true).unsigned(0).unsigned(0).unsigned(0).unsigned(4)
  writer.unsigned(0).unsigned(0).unsigned(4)
  // Pictures, reordering and latency of each layer.
  writer.flag(true).unsigned(2).unsigned(1).unsigned(0).unsigned(4).unsigned(3).unsigned(0)
  for (let field = 0; field < 6; field += 1) writer.unsigned(field)
  writeScalingLists(writer)
  writer.flag(true).flag(false)
  writer.flag(true).bits(4, 7).bits(4, 7).unsigned(0).unsigned(1).flag(true)
  writeReferences(writer)
  writer.flag(true).unsigned(2).bits(8, 5).flag(true).bits(8, 9).flag(false)
  writer.bits(2, 3)
  // 255: the shape is written out.
  writer.flag(true).flag(true).bits(8, 255).bits(16, 4).bits(16, 3)
  writer.flag(true).flag(false)
  writer.flag(true).bits(3, 5).flag(true).flag(true).bits(8, 1).bits(8, 1).bits(8, 1)
  return withEmulationPrevention(Buffer.concat([Buffer.from([0x42, 0x01]), writer.end()]))
}

function writeScalingLists(writer: BitWriter): void {
  writer.flag(true).flag(true)
  for (let size = 0; size < 4; size += 1) {
    for (let matrix = 0; matrix < (size === 3 ? 2 : 6); matrix += 1) {
      // Every other one is that of another; the others have a first value where they are large, and one for each place.
      if (matrix % 2 === 0) {
        writer.flag(false).unsigned(0)
        continue
      }
      writer.flag(true)
      if (size > 1) writer.signed(-3)
      for (let place = 0; place < (size === 0 ? 16 : 64); place += 1) writer.signed(1)
    }
  }
}

/** The first set has three pictures; the second counts from it and keeps two of four; the third has one. */
function writeReferences(writer: BitWriter): void {
  writer.unsigned(3)
  writer.unsigned(2).unsigned(1)
  for (let picture = 0; picture < 3; picture += 1) writer.unsigned(picture).flag(true)
  writer.flag(true).flag(false).unsigned(1)
  writer.flag(true).flag(false).flag(false).flag(false).flag(true).flag(false).flag(false)
  writer.flag(true).flag(true).unsigned(0)
  for (let picture = 0; picture < 3; picture += 1) writer.flag(true)
}
