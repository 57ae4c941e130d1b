import { describe, expect, it } from 'vitest'
import { packetSize } from './packet.ts'
import { packetFault } from './packet-fault.ts'
import { videoPid } from './tables.ts'
import { samplePictures, sampleSoundSegment, sampleVideoSegment } from './testing/sample-segment.ts'

const pictures = sampleVideoSegment(samplePictures({ count: 20, firstPts: 0, frameTicks: 3_600, bytes: 900 }))
const sound = sampleSoundSegment(samplePictures({ count: 20, firstPts: 0, frameTicks: 1_920, bytes: 500 }))
const packets = pictures.length / packetSize

const without = (bytes: Buffer, packet: number): Buffer =>
  Buffer.concat([bytes.subarray(0, packet * packetSize), bytes.subarray((packet + 1) * packetSize)])

function changed(bytes: Buffer, at: number, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = change(copy[at]!)
  return copy
}

describe('packets that are all there', () => {
  it.each([
    ['of pictures', pictures],
    ['of sound', sound],
  ])('%s have no fault', (_what, bytes) => {
    expect(packetFault(bytes, videoPid)).toBeNull()
  })

  it('may be those of another stream: their counters do not matter', () => {
    expect(packetFault(without(pictures, 10), videoPid + 1)).toBeNull()
  })
})

describe('a fault is', () => {
  it('any packet that is missing in the middle', () => {
    // The tables take two packets; the last one is missed by whoever counts the pictures.
    for (let packet = 3; packet < packets - 1; packet += 1) {
      expect(packetFault(without(pictures, packet), videoPid), `packet ${packet}`).toMatch(/missing/)
    }
  })

  it('a beginning in the middle', () => {
    expect(packetFault(without(pictures, 2), videoPid)).toMatch(/in the middle/)
  })

  it('an end before the frame that was begun is whole', () => {
    expect(packetFault(sound.subarray(0, sound.length - packetSize), videoPid)).toMatch(/missing at the end/)
  })

  it('a frame that is shorter than it says', () => {
    const at = 2 * packetSize + 4 + (sound[2 * packetSize + 3]! & 0x20 ? 1 + sound[2 * packetSize + 4]! : 0)
    expect(
      packetFault(
        changed(sound, at + 4, (byte) => byte + 1),
        videoPid,
      ),
    ).toMatch(/bytes are missing/)
  })

  it.each([
    ['marked as broken', 1, 0x80],
    ['scrambled', 3, 0x80],
  ])('a packet that is %s', (_what, offset, bit) => {
    const broken = changed(pictures, 5 * packetSize + offset, (byte) => byte | bit)
    expect(packetFault(broken, videoPid)).toBe(`a broken packet at ${5 * packetSize}`)
  })
})
