import { describe, expect, test } from 'vitest'
import { Script } from './testing/script.ts'

describe('credit', () => {
  test('is the look-ahead from the first unpublished segment', () => {
    expect(new Script().list('a')).toEqual(['grant p-0 a video [0,90) until 30 open'])
    const [line] = new Script({ segmentSeconds: () => 7 }).list('a')
    expect(line).toContain('until 8')
  })

  test('is three segments at least, however long they are', () => {
    const [line] = new Script({ segmentSeconds: () => 45 }).list('a')
    expect(line).toContain('until 3')
  })

  test('is raised by a quarter of the window at a time', () => {
    const script = new Script({ expectedEndSegment: 400 })
    script.list('a')
    const lines = script.make('p-0', 0, 60).filter((line) => line.startsWith('extend'))
    expect(lines).toEqual([38, 46, 54, 62, 70, 78, 86].map((until) => `extend p-0 to ${until}`))
  })

  test('is raised at once for an encoder that is about to starve', () => {
    const script = new Script({ expectedEndSegment: 400, parts: twoPictures })
    script.list('a')
    // The large picture runs ahead of the small one up to its credit; publication waits for the small one.
    script.make('p-0', 0, 30)
    expect(script.make('p-1', 0, 1)).toEqual(['publish 0', 'extend p-0 to 31'])
  })

  test('lets sound go two segments ahead of publication once the first is out, and further the more is published', () => {
    const script = new Script({ expectedEndSegment: 400, parts: [picture, sound] })
    expect(script.list('a').at(-1)).toMatch(/audio .* until 1 open/)
    const untils: string[] = []
    for (let segment = 0; segment < 40; segment += 1) {
      script.make('p-1', segment, segment + 1)
      const lines = script.make('p-0', segment, segment + 1)
      untils.push(...lines.filter((line) => line.startsWith('extend p-1')).map((line) => line.split(' ')[3]!))
    }
    expect(untils.slice(0, 4)).toEqual(['3', '4', '6', '10'])
    // Without ever waiting it asks less and less often, up to the look-ahead of 30 segments.
    expect(untils.length).toBeLessThan(12)
    expect(Number(untils.at(-1))).toBeGreaterThan(40)
    expect(Number(untils.at(-1))).toBeLessThanOrEqual(70)
  })

  test('lets sound go no further ahead than the player has in hand', () => {
    const untilAfter = (playedSeconds: number) => {
      const script = new Script({ expectedEndSegment: 400, parts: [picture, sound] })
      script.list('a')
      let until = 1
      for (let segment = 0; segment < 12; segment += 1) {
        if (segment === 6) script.wait(playedSeconds * 1000)
        const lines = [
          ...script.make('p-1', segment, segment + 1),
          ...script.make('p-0', segment, segment + 1),
        ]
        for (const line of lines) {
          if (line.startsWith('extend p-1')) until = Number(line.split(' ')[3])
        }
      }
      return until
    }
    expect(untilAfter(0)).toBeGreaterThanOrEqual(18)
    expect(untilAfter(11)).toBeLessThanOrEqual(18)
    expect(untilAfter(11)).toBeGreaterThanOrEqual(13)
  })

  test('does not go past the end of the lease', () => {
    const script = new Script({ expectedEndSegment: 20 })
    script.list('a')
    const lines = script.make('p-0', 0, 18).filter((line) => line.startsWith('extend'))
    expect(lines.at(-1)).toBe('extend p-0 to 46')
  })

  test('follows what the publisher has confirmed, not what it was asked for', () => {
    const script = new Script({ expectedEndSegment: 400 })
    script.list('a')
    const lines = Array.from({ length: 20 }, (_, segment) =>
      script.tellOnly({ type: 'segment-arrived', attempt: 'p-0', segment }),
    )
    expect(lines.flat()).toEqual(['publish 0'])
    expect(script.tellOnly({ type: 'published', segment: 0 })).toEqual(['publish 1'])
  })

  test('is not bounded for sound that outlives the picture, which the last file waits for', () => {
    const script = new Script({
      expectedEndSegment: 3,
      parts: [picture, sound],
      policy: { overrunSegments: 100 },
    })
    script.list('a')
    script.make('p-1', 0, 3)
    script.make('p-0', 0, 3)
    expect(script.end('p-0', 'clean', 3)).toEqual(['extend p-1 to 103'])
  })
})

const picture = { name: 'video', sticky: false }
const sound = { name: 'audio', sticky: true }
const twoPictures = [picture, { name: 'small', sticky: false }]

describe('a throttled session', () => {
  function throttledAfter(segments: number): Script {
    const script = new Script({ expectedEndSegment: 400, policy: { throttledSpeed: 0.1 } })
    script.list('a')
    script.make('p-0', 0, segments)
    script.tell({ type: 'throttle', on: true })
    return script
  }

  test('lets each encoder finish the segment in hand only', () => {
    const script = new Script({ expectedEndSegment: 400, parts: [picture, sound] })
    script.list('a')
    script.make('p-1', 0, 1)
    script.make('p-0', 0, 4)
    script.make('p-1', 1, 3)
    expect(script.tell({ type: 'throttle', on: true })).toEqual(['extend p-0 to 5', 'extend p-1 to 4'])
    expect(script.tell({ type: 'throttle', on: true })).toEqual([])
  })

  test('publishes what arrives, grants nothing and extends nothing', () => {
    const script = throttledAfter(4)
    // Two were on their way already.
    expect(script.make('p-0', 4, 6)).toEqual(['publish 4', 'publish 5'])
    expect(script.list('a', 'b')).toEqual([])
  })

  test('says nothing to an encoder that has no more than its segment in hand', () => {
    const script = new Script({ expectedEndSegment: 1, policy: { overrunSegments: 0 } })
    script.list('a')
    expect(script.tell({ type: 'throttle', on: true })).toEqual([])
  })

  test('goes on where it was, with the same process', () => {
    const script = throttledAfter(4)
    script.make('p-0', 4, 5)
    expect(script.wait(5000).tell({ type: 'throttle', on: false })).toEqual(['extend p-0 to 35'])
  })

  test('does not quite stand still, as the server’s own transcoder does not', () => {
    const script = throttledAfter(4)
    script.make('p-0', 4, 5)
    // Three segments of 2 s at a tenth of real time.
    expect(script.wait(59_000).tell({ type: 'tick' })).toEqual([])
    expect(script.wait(1000).tell({ type: 'tick' })).toEqual(['extend p-0 to 8'])
    expect(script.wait(1000).tell({ type: 'tick' })).toEqual([])
    expect(script.make('p-0', 5, 8)).toEqual(['publish 5', 'publish 6', 'publish 7', 'cut p-0 at 8'])
    expect(script.wait(59_000).tell({ type: 'tick' })).toEqual([])
    expect(script.wait(1000).tell({ type: 'tick' })).toEqual(['grant p-1 a video [8,430) until 11 open'])
  })

  test('cuts a lease that is held for long, and leases it again afterwards', () => {
    const script = new Script({ expectedEndSegment: 400, segmentSeconds: () => 10 })
    script.list('a')
    script.make('p-0', 0, 4)
    script.tell({ type: 'throttle', on: true })
    script.make('p-0', 4, 5)
    expect(script.wait(59_000).tell({ type: 'tick' })).toEqual([])
    // Said twice: the time counts from the first.
    expect(script.tell({ type: 'throttle', on: true })).toEqual([])
    expect(script.wait(1000).tell({ type: 'tick' })).toEqual(['cut p-0 at 5'])
    expect(script.wait(1000).tell({ type: 'tick' })).toEqual([])
    expect(script.end('p-0', 'stopped', 5)).toEqual([])
    expect(script.tell({ type: 'throttle', on: false })).toEqual(['grant p-1 a video [5,430) until 11 open'])
  })

  test('does not cut a lease that still has its segment in hand', () => {
    const script = throttledAfter(4)
    expect(script.wait(59_000).tell({ type: 'tick' })).toEqual([])
    expect(script.view()).toMatchObject({ leases: [{ attempt: 'p-0', to: 430 }] })
  })

  test('leaves what runs alone when only the total time counts', () => {
    const script = new Script({ mode: 'file' })
    script.list('a')
    expect(script.tell({ type: 'throttle', on: true })).toEqual([])
  })
})
