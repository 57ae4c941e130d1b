import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PacelineError } from '../../errors.ts'
import {
  encodeFrame,
  type Frame,
  FrameReader,
  frameTypes,
  fromHead,
  fromShim,
  headerBytes,
  type PayloadLimit,
  payloadLimits,
} from './frame.ts'

/** Frames that came before the bytes were at their end, or broke the rules. */
function readAll(chunks: readonly Uint8Array[], limit: PayloadLimit) {
  const reader = new FrameReader(limit)
  const frames: Frame[] = []
  try {
    for (const chunk of chunks) for (const frame of reader.read(chunk)) frames.push(frame)
    return { frames }
  } catch (error) {
    if (!(error instanceof PacelineError)) throw error
    return { frames, error: error.message }
  }
}

/** Cuts bytes at the given places, in any order and beyond the end. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...places].map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)
  return [...sorted, bytes.length].map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end))
}

const shimTypes = [frameTypes.hello, frameTypes.stdin, frameTypes.stdinEnd, frameTypes.signal] as const
const anyFrame = fc.record({
  type: fc.constantFrom(...shimTypes),
  payload: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
})
const places = fc.array(fc.nat(), { maxLength: 30 })

describe('Frames on the wire', () => {
  test('A frame is its length, its type and its payload', () => {
    expect(encodeFrame(frameTypes.stdout, Buffer.from('ab'))).toEqual(
      Buffer.from([0, 0, 0, 2, 0x83, 0x61, 0x62]),
    )
    expect(encodeFrame(frameTypes.stdinNext)).toEqual(Buffer.from([0, 0, 0, 0, 0x86]))
  })

  test('However the bytes arrive, the frames are those that were sent', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 8 }), places, (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(({ type, payload }) => encodeFrame(type, payload)))
        expect(readAll(cut(bytes, cuts), fromShim)).toEqual({ frames })
      }),
    )
  })

  test('Garbage gives the same frames and the same error however it arrives', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 3 }),
        fc.uint8Array({ maxLength: 60 }),
        places,
        (frames, garbage, cuts) => {
          const sent = frames.map(({ type, payload }) => encodeFrame(type, payload))
          const bytes = Buffer.concat([...sent, garbage])
          const whole = readAll([bytes], fromShim)
          expect(whole.frames.slice(0, frames.length)).toEqual(frames)
          expect(readAll(cut(bytes, cuts), fromShim)).toEqual(whole)
        },
      ),
    )
  })

  test('A payload may be as long as the limit and no byte longer', () => {
    const longest = encodeFrame(frameTypes.stdin, Buffer.alloc(payloadLimits.other, 7))
    expect(readAll([longest], fromShim).frames[0]!.payload.length).toBe(payloadLimits.other)
    const tooLong = encodeFrame(frameTypes.stdin, Buffer.alloc(payloadLimits.other + 1))
    // Refused by the header alone: nobody waits for what will not be taken.
    expect(readAll([tooLong.subarray(0, headerBytes)], fromShim).error).toContain('65537 bytes, over 65536')
  })

  test('A hello may be four mebibytes', () => {
    const hello = encodeFrame(frameTypes.hello, Buffer.alloc(payloadLimits.hello, 1))
    const chunks = Array.from({ length: Math.ceil(hello.length / 65_536) }, (_, index) =>
      hello.subarray(index * 65_536, (index + 1) * 65_536),
    )
    expect(readAll(chunks, fromShim).frames[0]!.payload.equals(hello.subarray(headerBytes))).toBe(true)
    const tooLong = Buffer.from([0, 0x40, 0, 1, frameTypes.hello])
    expect(readAll([tooLong], fromShim).error).toContain('over 4194304')
  })

  test('Payloads stay what they were while later frames arrive', () => {
    const reader = new FrameReader(fromShim)
    const [first] = reader.read(encodeFrame(frameTypes.stdin, Buffer.from('first')))
    expect([...reader.read(encodeFrame(frameTypes.stdin, Buffer.from('later')))].length).toBe(1)
    expect(first!.payload.toString()).toBe('first')
  })

  test('A frame that goes the wrong way is refused, on either side', () => {
    const allowed = (limit: PayloadLimit) =>
      Array.from({ length: 256 }, (_, type) => type).filter((type) => limit(type) !== undefined)
    expect(allowed(fromShim)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(allowed(fromHead)).toEqual(Array.from({ length: 11 }, (_, index) => 0x81 + index))
    expect(readAll([encodeFrame(frameTypes.exit)], fromShim).error).toContain('a frame of type 133')
  })

  test('The error is coded', () => {
    const reader = new FrameReader(fromShim)
    expect(() => [...reader.read(Buffer.from('GET / HTTP/1.1\r\n'))]).toThrow(
      expect.objectContaining({ code: 'E_DOOR_PROTOCOL' }),
    )
  })
})
