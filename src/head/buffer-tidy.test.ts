import { describe, expect, it } from 'vitest'
import { createBufferTidy } from './buffer-tidy.ts'

const mebibyte = 1024 * 1024

function recorded(buffers: { bytes: number; nowMs: number }) {
  const collected: string[] = []
  const tidy = createBufferTidy({
    now: () => buffers.nowMs,
    buffered: () => buffers.bytes,
    collect: (kind) => void collected.push(kind),
  })
  return { collected, tidy }
}

describe('buffers of segments that have passed', () => {
  it('are collected for every eight mebibytes, the young alone while there are few', () => {
    const { collected, tidy } = recorded({ bytes: 40 * mebibyte, nowMs: 0 })
    for (let count = 0; count < 20; count += 1) tidy.handled(mebibyte)
    expect(collected).toEqual(['young', 'young'])
  })

  it('are all collected when many are left, but not again and again', () => {
    const buffers = { bytes: 120 * mebibyte, nowMs: 0 }
    const { collected, tidy } = recorded(buffers)
    tidy.handled(16 * mebibyte)
    buffers.nowMs = 1_900
    tidy.handled(16 * mebibyte)
    buffers.nowMs = 2_000
    tidy.handled(16 * mebibyte)
    expect(collected).toEqual(['all', 'young', 'all'])
  })

  it('are gone then', () => {
    const tidy = createBufferTidy({ now: () => performance.now() })
    for (let count = 0; count < 40; count += 1) Buffer.alloc(4 * mebibyte)
    tidy.handled(16 * mebibyte)
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(96 * mebibyte)
  })
})
