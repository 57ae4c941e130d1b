import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { audioSpecificConfiguration, channelCount, readAdtsFrame } from './adts.ts'
import { MalformedMp4 } from './box.ts'
import { adtsFrame } from './testing/adts-frame.ts'

describe('an ADTS frame', () => {
  it('is taken apart into what its header says and the raw frame', () => {
    const format = fc.record({
      objectType: fc.integer({ min: 1, max: 4 }),
      rateIndex: fc.nat(12),
      channelConfiguration: fc.integer({ min: 1, max: 7 }),
    })
    fc.assert(
      fc.property(format, fc.uint8Array({ maxLength: 3000 }), fc.boolean(), (said, raw, hasCheck) => {
        const read = readAdtsFrame(adtsFrame(said, Buffer.from(raw), hasCheck))
        expect(read.format).toMatchObject(said)
        expect(read.raw).toEqual(Buffer.from(raw))
      }),
    )
  })
  it('names the rate in samples per second', () => {
    const rates = [3, 4, 7].map((rateIndex) => {
      const frame = adtsFrame({ objectType: 2, rateIndex, channelConfiguration: 2 }, Buffer.alloc(3))
      return readAdtsFrame(frame).format.rate
    })
    expect(rates).toEqual([48000, 44100, 22050])
  })
  it('is refused without its header, and when it is cut off', () => {
    const frame = adtsFrame({ objectType: 2, rateIndex: 3, channelConfiguration: 2 }, Buffer.alloc(20))
    expect(() => readAdtsFrame(Buffer.alloc(20))).toThrow(MalformedMp4)
    expect(() => readAdtsFrame(frame.subarray(0, 6))).toThrow(MalformedMp4)
    expect(() => readAdtsFrame(frame.subarray(0, 20))).toThrow('an ADTS frame of 27 bytes in 20')
  })
})

describe('the configuration of AAC', () => {
  it('is what FFmpeg writes for one and two channels at 48 kHz', () => {
    const mono = { objectType: 2, rateIndex: 3, rate: 48000, channelConfiguration: 1 }
    expect(audioSpecificConfiguration(mono).toString('hex')).toBe('118856e500')
    expect(audioSpecificConfiguration({ ...mono, channelConfiguration: 2 }).toString('hex')).toBe(
      '119056e500',
    )
  })
  it('counts eight loudspeakers as the seventh configuration', () => {
    const format = { objectType: 2, rateIndex: 3, rate: 48000 }
    expect(
      [1, 2, 6, 7].map((channelConfiguration) => channelCount({ ...format, channelConfiguration })),
    ).toEqual([1, 2, 6, 8])
  })
})
