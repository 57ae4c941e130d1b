import { describe, expect, it } from 'vitest'
import { readH264Sequence } from './h264-sequence.ts'
import { decoderConfiguration, parameterSetsDiffer, parameterSetsOf } from './parameter-sets.ts'
import { sampleWish, writeSequence } from './testing/sample-sequence.ts'

const sequence = writeSequence(sampleWish)
const picture = Buffer.from([0x68, 0xef, 0x8f])
const slice = Buffer.from([0x65, 1, 2])
const sets = { sequence: [sequence], picture: [picture] }

describe('the parameter sets of a picture', () => {
  it('are those of both kinds among its units', () => {
    expect(parameterSetsOf([Buffer.from([9, 0xf0]), sequence, picture, slice])).toEqual(sets)
  })
  it('count once where an encoder repeats them', () => {
    expect(parameterSetsOf([sequence, picture, sequence, picture, slice])).toEqual(sets)
  })
  it.each([
    ['slices only', [slice]],
    ['no picture parameter set', [sequence, slice]],
    ['no sequence parameter set', [picture, slice]],
  ])('are none with %s', (_, units) => {
    expect(parameterSetsOf(units)).toBeNull()
  })
})

describe('two encoders', () => {
  it('agree when their sets are equal byte for byte', () => {
    expect(
      parameterSetsDiffer(sets, { sequence: [Buffer.from(sequence)], picture: [Buffer.from(picture)] }),
    ).toBeNull()
  })
  it('differ in what the text names', () => {
    const other = writeSequence({ ...sampleWish, level: 40 })
    expect(parameterSetsDiffer(sets, { ...sets, sequence: [other] })).toBe(
      `sequence parameter set ${other.toString('hex')} where the session has ${sequence.toString('hex')}`,
    )
    expect(parameterSetsDiffer(sets, { ...sets, picture: [Buffer.from([0x68, 0xee])] })).toBe(
      'picture parameter set 68ee where the session has 68ef8f',
    )
  })
  it('differ when one has more sets', () => {
    expect(parameterSetsDiffer(sets, { ...sets, picture: [picture, Buffer.from([0x68, 1])] })).toBe(
      '2 picture parameter sets where the session has 1',
    )
  })
})

describe('the decoder configuration', () => {
  it('is what FFmpeg writes for the same sets', () => {
    const own = Buffer.from('67f4000c919b282833f1b808800000030080000018078a14cb', 'hex')
    const pps = Buffer.from('68ef8f192190', 'hex')
    const record = decoderConfiguration({ sequence: [own], picture: [pps] }, readH264Sequence(own))
    expect(record.toString('hex')).toBe(
      '01f4000cffe1001967f4000c919b282833f1b808800000030080000018078a14cb01000668ef8f192190fff8f800',
    )
  })
  it('says nothing of samples in the plain profiles', () => {
    const main = writeSequence({ ...sampleWish, profile: 77 })
    const record = decoderConfiguration({ sequence: [main], picture: [picture] }, readH264Sequence(main))
    expect(record.length).toBe(6 + 2 + main.length + 1 + 2 + picture.length)
  })
})
