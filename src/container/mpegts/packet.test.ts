import { describe, expect, it } from 'vitest'
import { MalformedTransportStream, packetOffsets, packetSize, readPacketHeader } from './packet.ts'

/** A packet with these first bytes and nothing else. */
function packetOf(...bytes: number[]): Buffer {
  const packet = Buffer.alloc(packetSize)
  packet.set(bytes)
  return packet
}

describe('a transport packet', () => {
  it('says its PID in 13 bits, without the flags before them', () => {
    expect(readPacketHeader(packetOf(0x47, 0xff, 0xff, 0x10), 0).pid).toBe(0x1fff)
    expect(readPacketHeader(packetOf(0x47, 0x41, 0x01, 0x10), 0).pid).toBe(0x0101)
  })

  it('says whether something begins in it', () => {
    expect(readPacketHeader(packetOf(0x47, 0x40, 0, 0x10), 0).unitStart).toBe(true)
    expect(readPacketHeader(packetOf(0x47, 0xbf, 0, 0x10), 0).unitStart).toBe(false)
  })

  it.each([
    ['payload only', [0x10], { hasPayload: true, payloadOffset: 4 }],
    ['an empty adaptation field', [0x30, 0], { hasPayload: true, payloadOffset: 5 }],
    ['an adaptation field of seven bytes', [0x30, 7], { hasPayload: true, payloadOffset: 12 }],
    ['one byte of payload', [0x30, 182], { hasPayload: true, payloadOffset: 187 }],
    ['an adaptation field and nothing else', [0x20, 183], { hasPayload: false, payloadOffset: 188 }],
    ['an adaptation field that leaves no room for the payload it claims', [0x30, 183], { hasPayload: false }],
    ['an adaptation field that is longer than the packet', [0x30, 255], { hasPayload: false }],
    ['neither', [0x00], { hasPayload: false }],
  ])('has its payload behind what comes first: %s', (_name, control, wanted) => {
    expect(readPacketHeader(packetOf(0x47, 0, 0, ...control), 0)).toMatchObject(wanted)
  })

  it('counts offsets in the buffer, not in the packet', () => {
    const bytes = Buffer.concat([packetOf(0x47), packetOf(0x47, 0x40, 0x11, 0x30, 2)])
    expect(readPacketHeader(bytes, packetSize)).toEqual({
      pid: 0x11,
      unitStart: true,
      hasPayload: true,
      payloadOffset: packetSize + 7,
    })
  })

  it('is none without the sync byte, and the error says where', () => {
    expect(() => readPacketHeader(packetOf(0x48), 0)).toThrow(MalformedTransportStream)
    expect(() => readPacketHeader(packetOf(0x48), 0)).toThrow('no sync byte at 0')
  })
})

describe('the packets of a stream', () => {
  it('lie one after the other', () => {
    expect([...packetOffsets(Buffer.alloc(3 * packetSize))]).toEqual([0, 188, 376])
    expect([...packetOffsets(Buffer.alloc(0))]).toEqual([])
  })

  it.each([1, packetSize - 1, packetSize + 1])('are not %i bytes', (length) => {
    expect(() => [...packetOffsets(Buffer.alloc(length))]).toThrow(`${length} bytes are not whole packets`)
  })
})
