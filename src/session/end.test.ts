import { describe, expect, test } from 'vitest'
import { Script } from './testing/script.ts'

const parts = [
  { name: 'video', sticky: false },
  { name: 'audio', sticky: true },
]

describe('the end of the input', () => {
  test('is where two leases end cleanly by themselves, before the estimate', () => {
    const script = new Script()
    script.list('a')
    script.make('p-0', 0, 40)
    expect(script.end('p-0', 'clean', 40)).toEqual(['grant p-1 a video [40,90) until 70 open'])
    expect(script.end('p-1', 'clean', 40)).toEqual(['finish 40'])
  })

  test('is not where one ffmpeg ends half-way as if all were well, and another does not', () => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b')
    script.make('p-1', 30, 33)
    script.make('p-0', 0, 3)
    script.tell({ type: 'segment-arrived', attempt: 'p-0', segment: 3, short: true })
    expect(script.end('p-0', 'clean', 4)).toEqual([])
    expect(script.view().endSegment).toBeNull()
    script.make('p-1', 33, 60)
    expect(script.end('p-1', 'clean', 60)).toEqual(['grant p-2 b video [3,30)'])
    script.make('p-2', 3, 30)
    expect(script.end('p-2', 'clean', 30)).toEqual([])
    expect(script.view().nextSegment).toBe(60)
  })

  test('is made sure of by another node where one is idle', () => {
    const script = new Script({ mode: 'file', expectedEndSegment: 12 })
    script.list('a', 'b')
    script.make('p-1', 6, 12)
    script.end('p-1', 'clean', 12)
    script.make('p-0', 0, 3)
    expect(script.end('p-0', 'clean', 3).filter((line) => line.startsWith('grant'))).toEqual([])
  })

  test('is not believed because another lease failed there before', () => {
    const script = new Script()
    script.list('a')
    script.make('p-0', 0, 3)
    script.end('p-0', 'failed', 3)
    script.wait(500).tell({ type: 'tick' })
    script.tell({ type: 'segment-arrived', attempt: 'p-1', segment: 3, short: true })
    expect(script.end('p-1', 'clean', 4)).toEqual([expect.stringMatching(/^grant p-2 a video \[3,/)])
    expect(script.view().endSegment).toBeNull()
  })

  test('is believed of a short segment when another lease ends with it as well', () => {
    const script = new Script()
    script.list('a')
    script.make('p-0', 0, 3)
    script.tell({ type: 'segment-arrived', attempt: 'p-0', segment: 3, short: true })
    expect(script.end('p-0', 'clean', 4)).toEqual(['grant p-1 a video [3,90) until 33 open'])
    script.tell({ type: 'segment-arrived', attempt: 'p-1', segment: 3, short: true })
    expect(script.end('p-1', 'clean', 4).at(-1)).toBe('finish 4')
  })

  test('is behind the estimate when the file is longer than probed', () => {
    const script = new Script()
    script.list('a')
    script.make('p-0', 0, 70)
    expect(script.end('p-0', 'clean', 70)).toEqual(['publish 69', 'finish 70'])
  })

  test('is looked for further when a lease used up its overrun', () => {
    const script = new Script({ expectedEndSegment: 5, policy: { overrunSegments: 3 } })
    expect(script.list('a')).toEqual(['grant p-0 a video [0,8) open'])
    const lines = script.make('p-0', 0, 8)
    expect(lines.at(-1)).toBe('grant p-1 a video [8,12) open')
    script.end('p-0', 'clean', 8)
    expect(script.end('p-1', 'clean', 8)).toEqual(['publish 7', 'finish 8'])
  })

  test('is not for one node to say where there are others: nobody is his own witness', () => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b')
    expect(script.end('p-1', 'clean', 30)).toContainEqual(expect.stringMatching(/^grant p-2 b video \[30,/))
    expect(script.end('p-2', 'clean', 30)).toEqual([])
    expect(script.view().endSegment).toBeNull()
    const lines = [...script.make('p-0', 0, 30), ...script.end('p-0', 'clean', 30)]
    expect(lines).toContainEqual(expect.stringMatching(/^grant p-3 a video \[30,/))
    expect(script.end('p-3', 'clean', 30)).toContain('finish 30')
  })

  test('is where two nodes see it, and what lies behind is cancelled', () => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b', 'c')
    script.make('p-0', 0, 7)
    script.end('p-1', 'clean', 20)
    expect(script.end('p-0', 'clean', 7)).not.toContainEqual(expect.stringMatching(/^finish/))
    script.wait(500).tell({ type: 'tick' })
    for (let turn = 0; turn < 9 && script.view().endSegment === null; turn += 1) {
      const [first] = script.view().leases.toSorted((x, y) => x.from - y.from)
      script.end(first!.attempt, 'clean', first!.from)
      script.wait(500).tell({ type: 'tick' })
    }
    expect(script.view()).toMatchObject({ endSegment: 7, leases: [] })
  })

  test('is not believed of the first lease that finds nothing: the next one seeks further back', () => {
    const script = new Script()
    script.list('a')
    expect(script.end('p-0', 'clean', 0)).toEqual(['grant p-1 a video [0,90) until 30 open'])
    expect(script.session.view(0).endSegment).toBeNull()
    script.make('p-1', 0, 60)
    expect(script.end('p-1', 'clean', 60)).toEqual(['publish 59', 'finish 60'])
  })

  test('is believed at once where it was expected', () => {
    const script = new Script({ expectedEndSegment: 5, mode: 'file', policy: { maxLeaseSegments: 4 } })
    script.list('a')
    expect(script.make('p-0', 0, 4)).toContainEqual(expect.stringMatching(/^grant p-1 a video/))
    script.end('p-0', 'clean', 4)
    expect(script.end('p-1', 'clean', 4)).toEqual(['publish 3', 'finish 4'])
  })

  test('is the first segment when there is nothing at all', () => {
    const script = new Script({ firstSegment: 7 })
    script.list('a')
    expect(script.endEmpty('p-0', 7)).toEqual(['finish 7'])
  })

  test('is not the end of a lease that was cut', () => {
    const script = new Script({ mode: 'file' })
    script.list('a')
    expect(script.list('a', 'b')).toEqual(['cut p-0 at 30', 'grant p-1 b video [30,90) open'])
    script.make('p-0', 0, 30)
    script.end('p-0', 'clean', 30)
    expect(script.session.view(0).endSegment).toBeNull()
  })

  test('is not believed against segments that are there', () => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b')
    script.make('p-1', 30, 33)
    script.end('p-0', 'clean', 12)
    expect(script.session.view(0).endSegment).toBeNull()
    expect(script.verdict('p-1', 33)).toBe('accept')
  })
})

describe('a segment with too few frames', () => {
  test('is whole when its lease ends cleanly right behind it', () => {
    const script = new Script({ expectedEndSegment: 3 })
    script.list('a')
    script.make('p-0', 0, 2)
    expect(script.tell({ type: 'segment-arrived', attempt: 'p-0', segment: 2, short: true })).toEqual([])
    expect(script.end('p-0', 'clean', 3)).toEqual(['publish 1', 'publish 2', 'finish 3'])
  })

  test('is made again when its lease fails', () => {
    const script = new Script({ expectedEndSegment: 3 })
    script.list('a')
    script.make('p-0', 0, 2)
    script.tell({ type: 'segment-arrived', attempt: 'p-0', segment: 2, short: true })
    script.end('p-0', 'failed', 3)
    expect(script.wait(500).tell({ type: 'tick' })).toEqual(['grant p-1 a video [2,33) until 31 open'])
    expect(script.verdict('p-1', 2)).toBe('accept')
  })

  test('is a hole when the lease went on behind it', () => {
    const script = new Script()
    script.list('a')
    script.tell({ type: 'segment-arrived', attempt: 'p-0', segment: 0, short: true })
    expect(script.make('p-0', 1, 4)).toEqual([])
    script.end('p-0', 'clean', 4)
    expect(script.wait(500).tell({ type: 'tick' })).toEqual(['grant p-1 a video [0,1)'])
  })
})

describe('parts that end apart', () => {
  test('sound that ends first has nothing for the later segments', () => {
    const script = new Script({ parts, expectedEndSegment: 4 })
    script.list('a')
    script.make('p-1', 0, 2)
    script.make('p-0', 0, 4)
    expect(script.endEmpty('p-1', 2)).toEqual(['publish 2'])
    expect(script.end('p-0', 'clean', 4)).toEqual(['publish 3', 'finish 4'])
  })

  test('the last segment waits for sound that outlives the picture', () => {
    const script = new Script({ parts, expectedEndSegment: 2 })
    script.list('a')
    script.make('p-0', 0, 2)
    expect(script.make('p-1', 0, 2)).toEqual(['publish 0', 'extend p-1 to 3'])
    script.end('p-0', 'clean', 2)
    expect(script.make('p-1', 2, 5)).toEqual([])
    expect(script.end('p-1', 'clean', 5)).toEqual(['publish 1', 'finish 2'])
  })
})

describe('the end of a session', () => {
  test('a kill cancels every live lease once, and nothing happens afterwards', () => {
    const script = new Script({ parts })
    script.list('a', 'b')
    expect(script.tell({ type: 'kill' })).toEqual(['cancel p-0', 'cancel p-1', 'cancel p-2'])
    const after = [
      ...script.tell({ type: 'kill' }),
      ...script.make('p-0', 0, 1),
      ...script.end('p-0', 'failed', 0),
      ...script.list('a', 'b', 'c'),
      ...script.tell({ type: 'node-lost', node: 'a' }),
      ...script.tell({ type: 'throttle', on: false }),
      ...script.wait(99_000).tell({ type: 'tick' }),
    ]
    expect(after).toEqual([])
    expect(script.verdict('p-0', 0)).toBe('gone')
  })

  test('finishing waits for the publisher and cancels what still runs', () => {
    const script = new Script({ parts, expectedEndSegment: 9 })
    script.list('a')
    script.make('p-1', 0, 2)
    script.make('p-0', 0, 1)
    script.tellOnly({ type: 'segment-arrived', attempt: 'p-0', segment: 1 })
    // Already in the publisher's hands when the end turns out to be there: nobody waits for the sound any more.
    const ended = script.tellOnly({ type: 'lease-ended', attempt: 'p-0', outcome: 'clean', next: 2 })
    expect(ended).toEqual(['grant p-2 a video [2,39) until 31 open'])
    const again = script.tellOnly({ type: 'lease-ended', attempt: 'p-2', outcome: 'clean', next: 2 })
    expect(again).toEqual(['extend p-1 to 39'])
    expect(script.tellOnly({ type: 'published', segment: 1 })).toEqual(['cancel p-1', 'finish 2'])
  })
})

describe('the verdict on a segment', () => {
  test.each([
    { attempt: 'p-0', segment: 5, verdict: 'accept', why: 'its lease is live' },
    { attempt: 'p-0', segment: 0, verdict: 'duplicate', why: 'the first copy won' },
    { attempt: 'p-0', segment: 30, verdict: 'stale', why: 'its lease ends before' },
    { attempt: 'p-1', segment: 29, verdict: 'stale', why: 'its lease begins behind' },
    { attempt: 'q-0', segment: 5, verdict: 'stale', why: 'nobody knows the attempt' },
    { attempt: 'p-00', segment: 5, verdict: 'stale', why: 'attempts are compared for equality only' },
  ])('$attempt/$segment is $verdict when $why', ({ attempt, segment, verdict }) => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b')
    script.make('p-0', 0, 1)
    expect(script.verdict(attempt, segment)).toBe(verdict)
  })

  test('is stale behind a cut', () => {
    const script = new Script({ mode: 'file' })
    script.list('a')
    expect(script.verdict('p-0', 30)).toBe('accept')
    script.list('a', 'b')
    expect([script.verdict('p-0', 29), script.verdict('p-0', 30)]).toEqual(['accept', 'stale'])
  })

  test('is the same in the event: what has become stale in between does not count', () => {
    const script = new Script({ mode: 'file' })
    script.list('a')
    script.list('a', 'b')
    script.make('p-0', 30, 31)
    expect(script.verdict('p-1', 30)).toBe('accept')
  })
})

test('a session without a part is refused', () => {
  expect(() => new Script({ parts: [] })).toThrow(RangeError)
})

describe('sound that stops well before a boundary', () => {
  const sound = (script: Script, attempt: string, segment: number) =>
    script.tell({ type: 'segment-arrived', attempt, segment, short: true })

  test('only pauses there when its lease goes on behind it', () => {
    const script = new Script({ parts })
    script.list('a')
    script.make('p-0', 0, 4)
    expect(sound(script, 'p-1', 0)).toEqual([])
    expect(script.make('p-1', 1, 2)).toContain('publish 1')
  })

  test('has not ended because one ffmpeg did: the file is made again, by another node where there is one', () => {
    const script = new Script({ parts })
    script.list('a')
    script.make('p-0', 0, 4)
    script.make('p-1', 0, 1)
    sound(script, 'p-1', 1)
    expect(script.end('p-1', 'clean', 2)).toContainEqual(expect.stringMatching(/^grant p-2 a audio \[1,/))
    expect(script.make('p-2', 1, 3)).toContain('publish 1')
    expect(script.view().endSegment).toBeNull()
  })

  const soundLease = (script: Script) => script.view().leases.find(({ part }) => part === 'audio')!
  test('may pause where a short lease ends: a long one goes on behind it', () => {
    const script = new Script({ parts, policy: { maxStickyLeaseSegments: 1 } })
    script.list('a')
    script.make('p-0', 0, 4)
    sound(script, 'p-1', 0)
    script.end('p-1', 'clean', 1)
    const { attempt, from, to } = soundLease(script)
    expect([from, to]).toEqual([0, 90])
    sound(script, attempt, 0)
    expect(script.make(attempt, 1, 3)).toEqual(
      expect.arrayContaining(['publish 0', 'publish 1', 'publish 2']),
    )
    expect(script.view().endSegment).toBeNull()
  })

  test('may pause for longer than a lease lasts, and is not over then', () => {
    const script = new Script({ parts, policy: { maxStickyLeaseSegments: 1 } })
    script.list('a')
    script.make('p-0', 0, 4)
    script.make('p-1', 0, 1)
    script.end('p-1', 'clean', 1)
    script.end(soundLease(script).attempt, 'clean', 1)
    const { attempt, from, to } = soundLease(script)
    expect([from, to]).toEqual([1, 90])
    expect(script.make(attempt, 1, 3)).toEqual(expect.arrayContaining(['publish 1', 'publish 2']))
  })
})
