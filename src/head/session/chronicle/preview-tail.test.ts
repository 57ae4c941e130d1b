import { beforeEach, describe, expect, it } from 'vitest'
import { createPreviewTail, type PreviewTail } from './preview-tail.ts'

let nowMs: number
let tail: PreviewTail
beforeEach(() => {
  nowMs = 0
  tail = createPreviewTail(() => nowMs)
})

const made = (segment: number, length = 4) => ({
  ...{ segment, bytes: Buffer.alloc(length, segment) },
  ...{ startSeconds: segment * 2, endSeconds: segment * 2 + 2.08 },
})

describe('the end of what is published, for whoever looks', () => {
  it('is not kept while nobody does', async () => {
    tail.keep(made(1))
    expect(tail.segment(1)).toBeUndefined()
    expect(await tail.playlist(5)).toBeNull()
  })

  it('is a live playlist from the first segment on that comes after somebody looked', async () => {
    const asked = tail.playlist(1_000)
    tail.keep(made(7))
    expect(await asked).toBe(
      [
        ...['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-TARGETDURATION:3', '#EXT-X-MEDIA-SEQUENCE:7'],
        ...['#EXTINF:2.080,', '7.ts', ''],
      ].join('\n'),
    )
    expect(tail.segment(7)).toEqual(Buffer.alloc(4, 7))
  })

  it('is the last six segments', async () => {
    await tail.playlist(0)
    for (let segment = 0; segment < 9; segment += 1) tail.keep(made(segment))
    const list = await tail.playlist(0)
    expect(list).toContain('#EXT-X-MEDIA-SEQUENCE:3\n')
    expect(list?.match(/^\d+\.ts$/gm)).toEqual(['3.ts', '4.ts', '5.ts', '6.ts', '7.ts', '8.ts'])
    expect(tail.segment(2)).toBeUndefined()
  })

  it('takes no more memory than is meant for it, but for one segment', async () => {
    await tail.playlist(0)
    for (let segment = 0; segment < 3; segment += 1) tail.keep(made(segment, 13 * 1024 * 1024))
    expect([0, 1, 2].map((segment) => tail.segment(segment) !== undefined)).toEqual([false, false, true])
  })

  it('is let go when nobody has asked for half a minute', async () => {
    await tail.playlist(0)
    tail.keep(made(1))
    nowMs = 30_001
    tail.keep(made(2))
    expect([tail.segment(1), tail.segment(2)]).toEqual([undefined, undefined])
  })

  it('ends with the session, also for those who wait', async () => {
    const asked = tail.playlist(60_000)
    tail.close()
    expect(await asked).toBeNull()
    expect(await tail.playlist(60_000)).toBeNull()
  })
})
