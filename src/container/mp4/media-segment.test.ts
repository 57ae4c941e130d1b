import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MalformedMp4, readBoxes } from './box.ts'
import { mediaSegment, type Sample, segmentDuration } from './media-segment.ts'
import { readMediaSegment } from './read-segments.ts'

const sample: fc.Arbitrary<Sample> = fc.record({
  data: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  duration: fc.oneof(fc.constant(512), fc.nat(100_000)),
  compositionOffset: fc.oneof(fc.constant(0), fc.nat(100_000)),
  isSync: fc.boolean(),
})

const segment = fc.record({
  sequenceNumber: fc.nat(2 ** 31 - 1),
  decodeTime: fc.nat(2 ** 31 - 1).map((time) => time * 1000),
  timescale: fc.constantFrom(12288, 48000),
  samples: fc.array(sample, { minLength: 1, maxLength: 8 }),
})

describe('a media segment', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(segment, (written) => {
        const read = readMediaSegment(mediaSegment(written))
        expect(read.sequenceNumber).toBe(written.sequenceNumber)
        let time = written.decodeTime
        const wanted = written.samples.map(({ data, duration, compositionOffset, isSync }) => {
          const decodeTime = time
          time += duration
          return { decodeTime, showTime: decodeTime + compositionOffset, duration, isSync, data }
        })
        expect(read.samples).toEqual(wanted)
      }),
    )
  })
  it('has an index that says where it is, how long and how large', () => {
    fc.assert(
      fc.property(segment, (written) => {
        const bytes = mediaSegment(written)
        const duration = segmentDuration(written.samples)
        // styp has 24 bytes and sidx 52.
        expect(readMediaSegment(bytes).index).toEqual({
          ...{ start: written.decodeTime, duration, size: bytes.length - 24 - 52 },
        })
      }),
    )
  })
  it('is laid out as FFmpeg does it for pictures: 8 bytes for each sample in the run', () => {
    const picture = { data: Buffer.alloc(10), duration: 512, compositionOffset: 1024, isSync: false }
    const samples = [{ ...picture, isSync: true }, picture, picture]
    const bytes = mediaSegment({ sequenceNumber: 2, decodeTime: 24576, timescale: 12288, samples })
    expect(readBoxes(bytes).map(({ type }) => type)).toEqual(['styp', 'sidx', 'moof', 'mdat'])
    const runAt = bytes.indexOf('trun')
    expect(bytes.subarray(runAt + 4, runAt + 8).toString('hex')).toBe('00000a05')
    const headerAt = bytes.indexOf('tfhd')
    expect(bytes.subarray(headerAt + 4, headerAt + 24).toString('hex')).toBe(
      '0002003800000001000002000000000a01010000',
    )
  })
  it('is laid out as FFmpeg does it for sound: only sizes in the run', () => {
    const frame = { data: Buffer.alloc(10), duration: 1024, compositionOffset: 0, isSync: true }
    const bytes = mediaSegment({
      sequenceNumber: 1,
      decodeTime: 0,
      timescale: 48000,
      samples: [frame, frame],
    })
    const runAt = bytes.indexOf('trun')
    expect(bytes.subarray(runAt + 4, runAt + 8).toString('hex')).toBe('00000201')
    const headerAt = bytes.indexOf('tfhd')
    expect(bytes.subarray(headerAt + 20, headerAt + 24).toString('hex')).toBe('02000000')
  })
})

describe('a media segment that is cut off', () => {
  it('is refused wherever it is cut', () => {
    const data = Buffer.from([1, 2, 3, 4])
    const samples = [{ data, duration: 1, compositionOffset: 1, isSync: true }]
    const whole = mediaSegment({ sequenceNumber: 1, decodeTime: 0, timescale: 1000, samples })
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readMediaSegment(whole.subarray(0, length))).toThrow(MalformedMp4)
    }
  })
})
