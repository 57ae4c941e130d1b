import { describe, expect, test } from 'vitest'
import { Script } from './testing/script.ts'
import { VirtualCluster } from './testing/virtual-cluster.ts'

describe('a stream on one node', () => {
  test('is one long lease that goes on behind the expected end', () => {
    expect(new Script().list('a')).toEqual(['grant p-0 a video [0,90) until 30 open'])
  })

  test('is leased again where the longest lease ends', () => {
    const script = new Script({ expectedEndSegment: 2000 })
    expect(script.list('a')).toEqual(['grant p-0 a video [0,600) until 30'])
    script.make('p-0', 0, 599)
    expect(script.make('p-0', 599, 600)).toEqual(['publish 599', 'grant p-1 a video [600,1200) until 629'])
  })

  test('waits without a word while there is no node', () => {
    const script = new Script()
    expect(script.tell({ type: 'tick' })).toEqual([])
    expect(script.list()).toEqual([])
    expect(script.list('a')).toHaveLength(1)
  })
})

describe('a stream on several nodes', () => {
  test('begins with one segment each, the first on the fastest', () => {
    expect(new Script().list('a:1', 'b:2', 'c:1')).toEqual([
      'grant p-0 b video [0,1)',
      'grant p-1 a video [1,2)',
      'grant p-2 c video [2,3)',
    ])
  })

  test('leaves out a slow node until the player can wait for it', () => {
    const script = new Script()
    expect(script.list('fast:4', 'slow:0.25')).toEqual(['grant p-0 fast video [0,90) until 30 open'])
    script.wait(1000)
    const lines = script.make('p-0', 0, 16)
    expect(lines.filter((line) => line.includes('slow'))).toEqual([])
    const later = script.make('p-0', 16, 19).filter((line) => line.includes('slow'))
    expect(later).toHaveLength(1)
  })

  test('gives longer blocks as the lead grows, up to the share of each in the look-ahead', () => {
    const nodes = ['a', 'b'].map((id) => ({ id, speed: 2 }))
    const options = { mode: 'stream', nodes, expectedEndSegment: 300, ends: { video: 300 } } as const
    const lengths = new VirtualCluster(options)
      .run()
      .log.flatMap(({ action }) => (action.type === 'grant' && !action.open ? [action.to - action.from] : []))
    expect(lengths.slice(0, 4)).toEqual([1, 1, 1, 1])
    expect(Math.max(...lengths.slice(0, 8))).toBeLessThan(6)
    expect(Math.max(...lengths)).toBe(15)
    const later = lengths.slice(20).toSorted((a, b) => a - b)
    expect(later[Math.floor(later.length / 2)]).toBe(15)
  })

  test('a second node gets a block ahead and the first is cut there', () => {
    const script = new Script()
    script.list('a:1')
    script.wait(1000)
    script.make('p-0', 0, 10)
    expect(script.list('a:1', 'b:1')).toEqual(['cut p-0 at 15', 'grant p-1 b video [15,20)'])
  })

  test('never cuts the segment that a node works on', () => {
    const script = new Script()
    script.list('a:1')
    expect(script.list('a:1', 'b:1')).toEqual(['cut p-0 at 1', 'grant p-1 b video [1,2)'])
  })

  test('a node waits at the end of the look-ahead when there is nothing to share', () => {
    const script = new Script({ policy: { lookAheadSeconds: 20 } })
    script.list('a:1', 'b:1')
    for (let segment = 1; segment < 9; segment += 1) {
      const next = `grant p-${segment + 1} b video [${segment + 1},${segment + 2})`
      expect(script.make(`p-${segment}`, segment, segment + 1)).toEqual([next])
    }
    expect(script.make('p-9', 9, 10)).toEqual([])
    expect(script.make('p-0', 0, 1)).toContain('grant p-10 a video [10,11)')
  })

  test('a withdrawn node finishes the segment in hand, and another goes on', () => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b')
    script.make('p-0', 0, 3)
    expect(script.list('b')).toEqual(['cut p-0 at 4'])
    expect(script.list('b')).toEqual([])
    script.make('p-0', 3, 4)
    script.end('p-0', 'stopped', 4)
    script.make('p-1', 30, 59)
    expect(script.end('p-1', 'clean', 60)).toEqual([])
  })

  test('turns the node that is furthest ahead back for a hole the group has left behind', () => {
    const script = new Script()
    script.list('a:10', 'b:10', 'c:10')
    script.make('p-1', 1, 2)
    script.make('p-2', 2, 3)
    const lines = script.tell({ type: 'node-lost', node: 'a' })
    expect(lines).toEqual(['grant p-5 c video [0,1)'])
  })

  test('turns no node back twice: it finishes one segment and fills one hole', () => {
    const script = new Script()
    script.list('a:1', 'b:1', 'c:1')
    script.make('p-2', 2, 3)
    expect(script.make('p-3', 3, 4)).toEqual(['grant p-4 c video [4,5)'])
    expect(script.tell({ type: 'node-lost', node: 'a' })).toEqual(['grant p-5 c video [0,1)'])
    expect(script.tell({ type: 'node-lost', node: 'b' })).toEqual([])
    expect(script.make('p-4', 4, 5)).toEqual([])
    expect(script.make('p-5', 0, 1)).toEqual(['publish 0', 'grant p-6 c video [1,2)'])
  })
})

describe('a whole file', () => {
  test('is split evenly, one process each, the first part on the fastest node', () => {
    expect(new Script({ mode: 'file' }).list('a', 'b', 'c')).toEqual([
      'grant p-0 a video [0,20)',
      'grant p-1 b video [20,40)',
      'grant p-2 c video [40,90) open',
    ])
  })

  test('is split by speed where it is known', () => {
    expect(new Script({ mode: 'file' }).list('a:1', 'b:3')).toEqual([
      'grant p-0 b video [0,45)',
      'grant p-1 a video [45,90) open',
    ])
  })

  test('has no bound of look-ahead and is never extended', () => {
    const script = new Script({ mode: 'file', expectedEndSegment: 500 })
    expect(script.list('a')).toEqual(['grant p-0 a video [0,530) open'])
    const lines = script.make('p-0', 0, 400)
    expect(lines).toHaveLength(400)
    expect(lines.every((line) => line.startsWith('publish'))).toBe(true)
  })

  test('an idle node takes half of what the slowest has left', () => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b')
    for (let segment = 0; segment < 29; segment += 1) {
      script.wait(1000).make('p-0', segment, segment + 1)
      if (segment % 2 === 1) script.make('p-1', 30 + (segment - 1) / 2, 31 + (segment - 1) / 2)
    }
    // a: 2 s of source a second; b: half of it, and 16 segments to go.
    expect(script.wait(1000).make('p-0', 29, 30)).toEqual([
      'publish 29',
      ...Array.from({ length: 14 }, (_, index) => `publish ${30 + index}`),
      'cut p-1 at 50',
      'grant p-2 a video [50,90) open',
    ])
  })

  test('takes the last segment but one where that is made sooner, though by less than a start costs', () => {
    const options = { expectedEndSegment: 4, segmentSeconds: () => 0.6 }
    const script = new Script({ mode: 'file', ...options })
    script.list('a:1')
    script.make('p-0', 0, 2)
    // 1.2 s alone; 1 s together, start and all.
    expect(script.list('a:1', 'b:1')).toEqual(['cut p-0 at 3', 'grant p-1 b video [3,34) open'])
    const stream = new Script(options)
    stream.list('a:1')
    stream.make('p-0', 0, 2)
    expect(stream.list('a:1', 'b:1')).toEqual([])
  })

  test('leaves a lease alone when cutting it gains less than a start costs', () => {
    const script = new Script({ mode: 'file', expectedEndSegment: 4, segmentSeconds: () => 0.3 })
    expect(script.list('a:1')).toEqual(['grant p-0 a video [0,34) open'])
    script.make('p-0', 0, 2)
    expect(script.list('a:1', 'b:1')).toEqual([])
  })
})

describe('several parts', () => {
  const parts = [
    { name: 'video', sticky: false },
    { name: 'audio', sticky: true },
  ]

  test('sound is one lease, not on the node with the first picture when there is another', () => {
    expect(new Script({ parts }).list('a:2', 'b:1')).toEqual([
      'grant p-0 a video [0,1)',
      'grant p-1 b video [1,2)',
      'grant p-2 b audio [0,90) until 1 open',
    ])
  })

  test('the only node makes both', () => {
    expect(new Script({ parts }).list('a')).toEqual([
      'grant p-0 a video [0,90) until 30 open',
      'grant p-1 a audio [0,90) until 1 open',
    ])
  })

  test('sound is neither split nor stolen', () => {
    const script = new Script({ parts })
    script.list('a')
    const lines = script.list('a', 'b', 'c')
    expect(lines.filter((line) => line.includes('audio') || line.includes('p-1 '))).toEqual([])
  })

  test('sound is leased again from the first missing segment when its node is lost', () => {
    const script = new Script({ parts })
    script.list('a:2', 'b:1')
    script.make('p-2', 0, 1)
    script.wait(1500).make('p-0', 0, 1)
    const lines = script.tell({ type: 'node-lost', node: 'b' })
    expect(lines.filter((line) => line.includes('audio'))).toEqual(['grant p-5 a audio [1,90) until 3 open'])
  })

  test('sound that is lost with the first segment made waits until that one is out', () => {
    const script = new Script({ parts })
    script.list('a:2', 'b:1')
    script.make('p-2', 0, 1)
    expect(script.tell({ type: 'node-lost', node: 'b' }).filter((line) => line.includes('audio'))).toEqual([])
    const lines = script.make('p-0', 0, 1)
    expect(lines.filter((line) => line.includes('audio'))).toEqual(['grant p-4 a audio [1,90) until 3 open'])
  })

  test('two pictures are made side by side', () => {
    const pictures = ['large', 'small'].map((name) => ({ name, sticky: false }))
    expect(new Script({ parts: pictures }).list('a')).toEqual([
      'grant p-0 a large [0,90) until 30 open',
      'grant p-1 a small [0,90) until 30 open',
    ])
  })
})

describe('a slow node that has had a stream alone, far into it, when a faster one comes', () => {
  /** 300 s are published when the second node comes; its first lease begins so many segments behind what is in hand. */
  function keptBySlow(leadSeconds: number): number {
    const script = new Script({ expectedEndSegment: 400 })
    script.list('slow:0.5')
    const burst = (leadSeconds + 40) / 2
    script.wait(1_000).make('p-0', 0, burst)
    for (let segment = burst; segment < 130; segment += 1)
      script.wait(2_000).make('p-0', segment, segment + 1)
    for (let segment = 130; segment < 150; segment += 1) script.wait(4_000).make('p-0', segment, segment + 1)
    expect(script.view().leadSeconds).toBeCloseTo(leadSeconds, 9)
    const [cut] = script
      .list('slow:0.5', 'fast:1')
      .flatMap((line) => /^cut p-0 at (\d+)$/.exec(line)?.[1] ?? [])
    return Number(cut) - 150
  }

  test('keeps no more than it makes while half of what the player has in hand is used up', () => {
    expect(keptBySlow(16)).toBe(4)
    expect(keptBySlow(24)).toBe(6)
  })

  test('and what takes as long for both where the player has plenty', () => {
    expect(keptBySlow(120)).toBeGreaterThan(7)
  })
})
