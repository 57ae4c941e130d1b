import { describe, expect, test } from 'vitest'
import { Script } from './testing/script.ts'

describe('a failed lease', () => {
  test('leaves its missing segments to another node, and its own is avoided', () => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b')
    script.make('p-0', 0, 5)
    script.make('p-1', 30, 60)
    expect(script.end('p-1', 'clean', 60)).toEqual(['cut p-0 at 18', 'grant p-2 b video [18,30)'])
    expect(script.wait(1000).end('p-0', 'failed', 5)).toEqual([])
    expect(script.wait(3000).tell({ type: 'tick' })).toEqual([])
    expect(script.make('p-2', 18, 30)).toEqual(['grant p-3 b video [5,18)'])
  })

  test('is tried again on the only node after a moment', () => {
    const script = new Script()
    script.list('a')
    script.make('p-0', 0, 5)
    expect(script.end('p-0', 'failed', 5)).toEqual([])
    expect(script.wait(400).tell({ type: 'tick' })).toEqual([])
    expect(script.wait(100).tell({ type: 'tick' })).toEqual(['grant p-1 a video [5,90) until 35 open'])
  })

  test('tells the next one how often its first segment has failed', () => {
    const script = new Script()
    const grants: number[] = []
    const note = (actions: ReturnType<Script['session']['handle']>) => {
      for (const action of actions) if (action.type === 'grant') grants.push(action.failures)
    }
    note(script.session.handle({ type: 'nodes-changed', nodes: [{ id: 'a', cores: 1 }] }, 0))
    for (const [attempt, nowMs] of [
      ['p-0', 0],
      ['p-1', 2000],
    ] as const) {
      script.session.handle({ type: 'lease-ended', attempt, outcome: 'failed', next: 0 }, nowMs)
      note(script.session.handle({ type: 'tick' }, nowMs + 1000))
    }
    expect(grants).toEqual([0, 1, 2])
  })

  test('ends the session when it is the third at the same segment, with the reason', () => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b', 'c')
    script.end('p-1', 'failed', 20, 'no such encoder')
    expect(script.make('p-0', 0, 20).at(-1)).toBe('grant p-3 a video [20,40)')
    script.end('p-0', 'clean', 20)
    script.end('p-3', 'failed', 20, 'no such encoder')
    const third = script.make('p-2', 40, 60)
    expect(third).toEqual([])
    expect(script.end('p-2', 'clean', 60)).toEqual(['grant p-4 c video [20,40)'])
    expect(script.end('p-4', 'failed', 20, 'out of memory')).toEqual([
      'fail: 3 leases failed at segment 20 of video, the last on c: out of memory',
    ])
    expect(script.verdict('p-4', 20)).toBe('gone')
  })

  test('counts at the segment it failed at: three failures at three segments end nothing', () => {
    const script = new Script()
    script.list('a')
    for (let time = 0; time < 3; time += 1) {
      script.make(`p-${time}`, time, time + 1)
      script.end(`p-${time}`, 'failed', time + 1)
      expect(script.wait(1000).tell({ type: 'tick' })).toHaveLength(1)
    }
  })

  test('is no failure when everything of it is there', () => {
    const script = new Script({ mode: 'file' })
    script.list('a', 'b')
    script.make('p-0', 0, 30)
    expect(script.end('p-0', 'failed', 30)).toEqual([])
    const grants = script.wait(1).tell({ type: 'tick' })
    expect(grants).toEqual([])
    expect(script.session.view(0).leases.map((lease) => lease.node)).toContain('a')
  })

  test('a clean end that leaves a gap behind is a failure', () => {
    const script = new Script()
    script.list('a')
    script.make('p-0', 0, 2)
    script.make('p-0', 3, 4)
    expect(script.end('p-0', 'clean', 4)).toEqual([])
    expect(script.wait(500).tell({ type: 'tick' })).toEqual(['grant p-1 a video [2,3)'])
  })

  test('a lease that stops without being told rests its node and counts for nothing', () => {
    const script = new Script()
    script.list('a')
    for (let time = 0; time < 5; time += 1) {
      expect(script.end(`p-${time}`, 'stopped', 0)).toEqual([])
      expect(script.wait(500).tell({ type: 'tick' })).toHaveLength(1)
    }
  })
})

describe('a lost node', () => {
  test('has its segments leased again at once, without counting as a failure', () => {
    const script = new Script()
    for (let time = 0; time < 5; time += 1) {
      expect(script.list('a')).toEqual([`grant p-${time} a video [0,90) until 30 open`])
      expect(script.tell({ type: 'node-lost', node: 'a' })).toEqual([])
    }
  })

  test('has nothing accepted any more, and the report of its lease means nothing', () => {
    const script = new Script()
    script.list('a:1')
    script.tell({ type: 'node-lost', node: 'a' })
    expect(script.verdict('p-0', 0)).toBe('stale')
    expect(script.make('p-0', 0, 1)).toEqual([])
    expect(script.end('p-0', 'clean', 1)).toEqual([])
    expect(script.session.view(0)).toMatchObject({ nextSegment: 0, endSegment: null, leases: [] })
  })
})
