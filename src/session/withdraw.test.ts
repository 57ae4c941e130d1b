import { describe, expect, test } from 'vitest'
import { Script } from './testing/script.ts'
import { VirtualCluster } from './testing/virtual-cluster.ts'

const parts = [
  { name: 'video', sticky: false },
  { name: 'audio', sticky: true },
]

describe('a withdrawn node', () => {
  test('has its sound cut behind the segment in hand, and another goes on there in the same turn', () => {
    const script = new Script({ parts })
    script.list('a:2', 'b:1')
    script.make('p-2', 0, 1)
    script.wait(300).make('p-0', 0, 1)
    const lines = script.list('a:2')
    expect(lines.filter((line) => line.includes('p-2') || line.includes('audio'))).toEqual([
      'cut p-2 at 2',
      'grant p-4 a audio [2,90) until 3 open',
    ])
    // It still delivers what it had in hand, and that is published with the rest.
    expect(script.verdict('p-2', 1)).toBe('accept')
    expect(script.verdict('p-2', 2)).toBe('stale')
    script.make('p-2', 1, 2)
    expect(script.end('p-2', 'stopped', 2).filter((line) => line.includes('audio'))).toEqual([])
  })

  test('that is lost with the segment in hand leaves it to another, though one goes on behind it already', () => {
    const script = new Script({ parts })
    script.list('a:2', 'b:1')
    script.make('p-2', 0, 1)
    script.wait(300).make('p-0', 0, 1)
    script.list('a:2')
    const lines = script.tell({ type: 'node-lost', node: 'b' })
    expect(lines.filter((line) => line.includes('audio'))).toEqual([
      expect.stringMatching(/^grant p-\d+ a audio \[1,2\)/),
    ])
    expect(script.wait(100).tell({ type: 'tick' })).toEqual([])
  })

  test('is told once, however often the list changes', () => {
    const script = new Script({ parts })
    script.list('a:2', 'b:1')
    expect(script.list('a:2').filter((line) => line.startsWith('cut p-2'))).toEqual(['cut p-2 at 1'])
    expect(script.list('a:2')).toEqual([])
    expect(script.list('a:2', 'b:1').filter((line) => line.startsWith('cut p-2'))).toEqual([])
  })

  test('gets its sound cut also when nobody else is there, and whoever comes goes on', () => {
    const script = new Script({ parts })
    script.list('a')
    script.make('p-1', 0, 1)
    script.make('p-0', 0, 1)
    expect(script.list()).toEqual(['cut p-0 at 2', 'cut p-1 at 2'])
    script.make('p-1', 1, 2)
    script.end('p-1', 'stopped', 2)
    expect(script.list('b').filter((line) => line.includes('audio'))).toEqual([
      'grant p-3 b audio [2,90) until 3 open',
    ])
  })

  test('does not wait for credit that may be long in coming', () => {
    const script = new Script({ parts, expectedEndSegment: 400 })
    script.list('a')
    script.make('p-0', 0, 4)
    script.make('p-1', 0, 1)
    script.tell({ type: 'throttle', on: true })
    script.make('p-0', 4, 5)
    // The picture is held at 5 by the throttle; the sound has one segment in hand.
    expect(script.list('b')).toEqual(['cut p-0 at 5', 'cut p-1 at 2'])
  })

  test('is free after one segment, and the player notices nothing', () => {
    const ends = { video: 100, audio: 100 }
    const nodes = ['a', 'b', 'c'].map((id) => ({ id, speed: 1 }))
    const cluster = new VirtualCluster({ mode: 'stream', nodes, expectedEndSegment: 100, ends })
    for (const [index, { id }] of nodes.slice(0, 2).entries()) {
      const others = nodes.map((node) => node.id).filter((other) => other !== id)
      cluster.clock.after(20_000 * (index + 1), () => cluster.list(others))
      cluster.clock.after(20_000 * (index + 1) + 5000, () => {
        expect(cluster.session.view(cluster.clock.nowMs).leases.map(({ node }) => node)).not.toContain(id)
      })
      cluster.clock.after(20_000 * (index + 1) + 6000, () => cluster.list(nodes.map((node) => node.id)))
    }
    cluster.run()
    expect(cluster.ledger.outcome).toEqual({ type: 'finish', endSegment: 100 })
    const published = cluster.log.filter(({ action }) => action.type === 'publish').map(({ atMs }) => atMs)
    const late = published.filter((atMs, segment) => atMs > published[1]! + segment * 2000)
    expect(late).toEqual([])
    const sound = cluster.log.filter(({ action }) => action.type === 'grant' && action.part === 'audio')
    expect(sound.length).toBeGreaterThan(1)
  })
})
