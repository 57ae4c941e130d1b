import { describe, expect, test } from 'vitest'
import { newPart, type PartState } from './part.ts'
import { confirm, isReady, leadSeconds, type Publication } from './publication.ts'
import { specOf } from './testing/script.ts'

function partOf(name: string, whole: number[], bound: number | null = null): PartState {
  const part = newPart({ name, sticky: name === 'audio' }, 0)
  for (const segment of whole) part.coverage.add(segment)
  part.end.bound = bound
  return part
}

function at(next: number): Publication {
  return { next, inFlight: false, seconds: 0, firstMs: null, movedMs: 0 }
}

describe('a segment is ready to be published', () => {
  const spec = specOf({ expectedEndSegment: 10 })

  test.each([
    { next: 0, video: [0], audio: [0], ready: true, why: 'every part has it' },
    { next: 0, video: [0], audio: [1], ready: false, why: 'the sound is missing' },
    { next: 0, video: [1], audio: [0], ready: false, why: 'the picture is missing' },
    { next: 1, video: [0, 1], audio: [0], audioEnd: 1, ready: true, why: 'the sound ended before' },
    { next: 7, video: [7], audio: [7], ready: true, why: 'the end is not near' },
    { next: 8, video: [8], audio: [8], ready: false, why: 'it may be the last' },
    { next: 8, video: [8, 9], audio: [8], ready: true, why: 'there is another behind it' },
    {
      next: 12,
      video: [12],
      audio: [12],
      ready: false,
      why: 'the file is longer than probed, it may be the last',
    },
    { next: 4, video: [4], audio: [4], videoEnd: 6, ready: false, why: 'the known end is near' },
  ])('when $why: $ready', ({ next, video, audio, videoEnd, audioEnd, ready }) => {
    const parts = [partOf('video', video, videoEnd), partOf('audio', audio, audioEnd)]
    expect(isReady(at(next), parts, spec)).toBe(ready)
  })

  test('and the last one only when every part has ended, for sound that outlives the picture', () => {
    const video = partOf('video', [0, 1], 2)
    expect(isReady(at(1), [video, partOf('audio', [0, 1, 2])], spec)).toBe(false)
    expect(isReady(at(1), [video, partOf('audio', [0, 1], 3)], spec)).toBe(false)
    expect(isReady(at(1), [video, partOf('audio', [0, 1, 2], 3)], spec)).toBe(true)
  })

  test('but not while another is in the publisher’s hands', () => {
    const parts = [partOf('video', [0, 1, 2])]
    expect(isReady({ ...at(1), inFlight: true }, parts, spec)).toBe(false)
  })
})

describe('the publisher’s word', () => {
  test('moves publication on and counts what is published', () => {
    const publication = { ...at(3), inFlight: true }
    expect(confirm(publication, 3, specOf(), 500)).toBe(true)
    expect(publication).toEqual({ next: 4, inFlight: false, seconds: 2, firstMs: 500, movedMs: 500 })
  })

  test('is not taken for a segment that was not asked for', () => {
    const publication = { ...at(3), inFlight: true }
    expect(confirm(publication, 4, specOf(), 500)).toBe(false)
    expect(confirm({ ...publication, inFlight: false }, 3, specOf(), 500)).toBe(false)
    expect(publication.next).toBe(3)
  })
})

test('the lead is what is published less the time since the first publication', () => {
  const publication = at(0)
  expect(leadSeconds(publication, 9000)).toBe(0)
  for (const [segment, nowMs] of [
    [0, 1000],
    [1, 1500],
    [2, 8000],
  ] as const) {
    publication.inFlight = true
    confirm(publication, segment, specOf(), nowMs)
  }
  expect(leadSeconds(publication, 8000)).toBe(6 - 7)
})
