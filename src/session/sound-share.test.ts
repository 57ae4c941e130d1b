import { describe, expect, test } from 'vitest'
import { Script } from './testing/script.ts'
import { VirtualCluster } from './testing/virtual-cluster.ts'

const parts = [
  { name: 'video', sticky: false },
  { name: 'audio', sticky: true },
]

/** Names of one letter: a, b, c … */
function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String.fromCharCode(97 + index))
}

/** What a whole-file job of 120 segments orders first on so many equal nodes. */
function firstOrders(count: number, cores = 1) {
  const script = new Script({ mode: 'file', parts, expectedEndSegment: 120 })
  const nodes = names(count).map((id) => ({ id, cores }))
  return { script, lines: script.tell({ type: 'nodes-changed', nodes }) }
}

const picturesOf = (node: string) => (line: string) => line.includes(` ${node} video `)

describe('the node that makes the sound of a whole file', () => {
  test.each([1, 2, 4, 8])('of %i makes pictures beside it, but fewer', (count) => {
    const { lines } = firstOrders(count)
    expect(lines[0]).toBe('grant p-0 a audio [0,150) open')
    const [own, ...others] = lines.slice(1).map((line) => /\[(\d+),(\d+)\)/.exec(line)!.slice(1).map(Number))
    expect(lines.filter(picturesOf('a')).length).toBe(1)
    for (const [from, to] of others.slice(0, -1)) expect(own![1]! - own![0]!).toBeLessThan(to! - from!)
  })

  test('of twelve makes it first, and its share of the pictures waits for it', () => {
    const { script, lines } = firstOrders(12)
    expect(lines[0]).toBe('grant p-0 a audio [0,150) open')
    expect(lines.filter(picturesOf('a'))).toEqual([])
    expect(lines.length).toBe(12)
    expect(lines.at(-1)).toBe('grant p-11 l video [104,114)')
    script.make('p-0', 0, 120)
    expect(script.end('p-0', 'clean', 120)).toEqual(['grant p-12 a video [114,150) open'])
  })

  test('of twelve makes pictures at once when it has processors to spare', () => {
    expect(firstOrders(12, 4).lines.filter(picturesOf('a')).length).toBe(1)
  })

  test('leaves its share to whoever is idle before it', () => {
    const { script } = firstOrders(12)
    script.wait(5_000)
    expect(script.make('p-11', 104, 114)).toEqual(['grant p-12 l video [114,118)'])
  })

  test('makes everything when it is the last', () => {
    const { script } = firstOrders(12)
    const lines = names(12)
      .slice(1)
      .flatMap((node) => script.tell({ type: 'node-lost', node }))
    expect(lines.filter(picturesOf('a'))[0]).toContain('[0,')
  })

  test('is never waited for in a stream', () => {
    const script = new Script({ parts, expectedEndSegment: 120 })
    script.list(...names(12))
    const { leases } = script.session.view(0)
    const sound = leases.find(({ part }) => part === 'audio')!
    expect(leases.filter(({ node }) => node === sound.node).length).toBe(2)
  })
})

describe('sound that lasts as long as everything else', () => {
  test.each([12, 16])('does not hold up %i nodes, of which its own is slow', (count) => {
    const speeds = names(count).map((id, index) => ({ id, speed: index === 0 ? 1.5 : 1.8 }))
    const together = speeds.reduce((sum, { speed }) => sum + speed, 0)
    const ends = { video: 360, audio: 360 }
    const options = { nodes: speeds, expectedEndSegment: 360, ends }
    const cluster = new VirtualCluster({ mode: 'file', ...options }).run()
    // Sound is a twentieth of the work here; a segment of 2 s cannot be shared.
    const leastSeconds = (720 * 1.05) / together
    expect(cluster.finishedMs! / 1000).toBeLessThan(leastSeconds + 0.4 + 2 / 1.8 + 0.8)
  })
})
