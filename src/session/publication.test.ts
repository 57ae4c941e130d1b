import { describe, expect, test } from 'vitest'
import { newPart, type PartState } from './part.ts'
import { confirm, isReady, leadSeconds, type Publication, secondsUntilNeeded } from './publication.ts'
import { specOf } from './testing/script.ts'

function partOf(name: string, whole: number[], bound: number | null = null): PartState {
  const part = newPart({ name, sticky: name === 'audio' }, 0)
  for (const segment of whole) part.coverage.add(segment)
  part.end.bound = bound
  return part
}

function at(next: number): Publication {
  return { next, inFlight: false, seconds: 0, playerMs: null, movedMs: 0 }
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
    expect(publication).toEqual({ next: 4, inFlight: false, seconds: 2, playerMs: 500, movedMs: 500 })
  })

  test('is not taken for a segment that was not asked for', () => {
    const publication = { ...at(3), inFlight: true }
    expect(confirm(publication, 4, specOf(), 500)).toBe(false)
    expect(confirm({ ...publication, inFlight: false }, 3, specOf(), 500)).toBe(false)
    expect(publication.next).toBe(3)
  })
})

/** Segments from 0 on are published at these moments. */
function publishedAt(...timesMs: number[]): Publication {
  const publication = at(0)
  for (const [segment, nowMs] of timesMs.entries()) {
    publication.inFlight = true
    confirm(publication, segment, specOf(), nowMs)
  }
  return publication
}

describe('the lead over the player', () => {
  test('is what is published less the time since the first publication', () => {
    expect(leadSeconds(at(0), 9000)).toBe(0)
    expect(leadSeconds(publishedAt(1000, 1500, 4000), 4000)).toBe(6 - 3)
    expect(leadSeconds(publishedAt(1000, 1500, 4000), 9000)).toBe(6 - 8)
  })

  test('counts from anew where the player had to wait: it goes on with the segment that comes', () => {
    expect(leadSeconds(publishedAt(1000, 1500, 8000), 8000)).toBe(2)
    expect(leadSeconds(publishedAt(1000, 1500, 8000), 9000)).toBe(1)
  })
})

describe('a segment is needed', () => {
  const part = newPart({ name: 'video', sticky: false }, 0)

  test('at once before the first publication, and those behind it when it has been played', () => {
    expect(secondsUntilNeeded(at(0), part, specOf(), 0, 60_000)).toBe(0)
    expect(secondsUntilNeeded(at(0), part, specOf(), 3, 60_000)).toBe(6)
  })

  test('when everything before it has been played', () => {
    const publication = publishedAt(1000, 1500, 4000)
    expect(secondsUntilNeeded(publication, part, specOf(), 3, 4000)).toBe(3)
    expect(secondsUntilNeeded(publication, part, specOf(), 5, 4000)).toBe(3 + 4)
    // What the player waits for already, and what it has behind it.
    expect(secondsUntilNeeded(publication, part, specOf(), 3, 60_000)).toBe(0)
    expect(secondsUntilNeeded(publication, part, specOf(), 1, 60_000)).toBe(0)
  })

  test('also where a part has files of its own, by the first that is not in a segment yet', () => {
    const own = { upTo: (segment: number) => segment * 2 + 2, fileSeconds: () => 1, expectedEnd: 100 }
    const sound = newPart({ name: 'audio', sticky: true, own }, 0)
    expect(secondsUntilNeeded(at(0), sound, specOf(), 0, 0)).toBe(0)
    expect(secondsUntilNeeded(publishedAt(0, 0, 0), sound, specOf(), 6, 0)).toBe(6)
    expect(secondsUntilNeeded(publishedAt(0, 0, 0), sound, specOf(), 9, 0)).toBe(6 + 3)
  })
})
