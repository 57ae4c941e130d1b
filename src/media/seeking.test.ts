import { describe, expect, it } from 'vitest'
import { lacksIndex, wantsReading } from './seeking.ts'

const mebibyte = 1024 * 1024

describe('a film', () => {
  it.each([
    ['an MP4', ['mov', 'mp4', 'm4a'], false],
    ['a Matroska', ['matroska', 'webm'], false],
    ['a transport stream', ['mpegts'], true],
    ['a program stream', ['mpeg'], true],
    ['bare H.264', ['h264'], true],
  ])('has no index where it is %s', (_, formats, lacks) => {
    expect(lacksIndex({ formats })).toBe(lacks)
  })

  it.each([
    ['a small one with an index', ['matroska'], 64 * mebibyte, 'video', true],
    ['a large one with an index', ['matroska'], 64 * mebibyte + 1, 'video', false],
    ['a large one without', ['mpegts'], 2048 * mebibyte, 'video', true],
    ['a huge one without', ['mpegts'], 2048 * mebibyte + 1, 'video', false],
    ['the sound of a small one', ['mpegts'], 64 * mebibyte, 'audio', true],
    ['the sound of a large one', ['mpegts'], 65 * mebibyte, 'audio', false],
    ['one of unknown size', ['mpegts'], null, 'video', false],
  ] as const)('is read through before leases seek in it where that is cheap or needed: %s', (...row) => {
    const [, formats, sizeBytes, kind, isRead] = row
    expect(wantsReading({ formats, sizeBytes }, kind)).toBe(isRead)
  })
})
