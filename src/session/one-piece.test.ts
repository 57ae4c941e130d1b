import { describe, expect, test } from 'vitest'
import { Session } from './session.ts'
import { Script, specOf } from './testing/script.ts'

/** A session whose pictures have to be made in one piece until `free` is called. */
function session(options: ConstructorParameters<typeof Script>[0] = {}) {
  let inOnePiece = true
  const parts = [{ name: 'video', sticky: false, inOnePiece: () => inOnePiece }]
  const script = new Script({ parts, expectedEndSegment: 40, ...options })
  return {
    script,
    free: () => {
      inOnePiece = false
    },
  }
}

const grants = (lines: readonly string[]) => lines.filter((line) => line.startsWith('grant'))

describe('pictures that have to be made in one piece', () => {
  test.each(['stream', 'file'] as const)('have one lease in a %s, however many nodes there are', (mode) => {
    const { script } = session({ mode })
    expect(grants(script.list('a', 'b', 'c'))).toEqual([expect.stringMatching(/^grant p-0 a video \[0,70\)/)])
    expect(grants(script.make('p-0', 0, 5))).toEqual([])
    expect(grants(script.wait(5_000).tell({ type: 'tick' }))).toEqual([])
  })

  test('are leased again from the first that is missing when their node is lost', () => {
    const { script } = session()
    script.list('a', 'b')
    script.make('p-0', 0, 7)
    expect(grants(script.tell({ type: 'node-lost', node: 'a' }))).toEqual([
      expect.stringMatching(/^grant p-1 b video \[7,70\)/),
    ])
  })

  test('are leased again in front of a lease that began when they were shared, as another head had them', () => {
    const spec = specOf({ parts: [{ name: 'video', sticky: false, inOnePiece: () => true }] })
    const lease = { attempt: 'old', node: 'b', from: 8, to: 60, until: 60, cut: false }
    const part = { name: 'video', floor: 5, bound: null, leases: [lease] }
    const staged = { whole: [], short: [], wholeThoughShort: [] }
    const session = new Session(
      spec,
      { next: 5, publishedSeconds: 10, leadSeconds: 6, parts: [{ ...part, ...staged }] },
      0,
    )
    const nodes = ['a', 'b'].map((id) => ({ id, cores: 1 }))
    expect(session.handle({ type: 'nodes-changed', nodes }, 0)).toContainEqual(
      expect.objectContaining({ type: 'grant', node: 'a', from: 5, to: 8 }),
    )
  })

  test('may take as long to come to their place as everything before it did', () => {
    const { script } = session({ mode: 'file' })
    script.list('a', 'b')
    script.make('p-0', 0, 30)
    script.tell({ type: 'node-lost', node: 'a' })
    script.list('b', 'c')
    expect(script.wait(60_000).tell({ type: 'tick' })).toEqual([])
    // Whoever helps has as long a way: overdue for less than that is no reason.
    expect(script.wait(60_000).tell({ type: 'tick' })).toEqual([])
    expect(script.wait(40_000).tell({ type: 'tick' }).join()).toMatch(/c video \[30,70\) open doubles p-1/)
  })

  test('have leases that reach to where there is something, however short they shall be', () => {
    const parts = [
      { name: 'video', sticky: false },
      { name: 'audio', sticky: true, leastEnd: 4 },
    ]
    const policy = { maxStickyLeaseSegments: 1, maxLeaseSegments: 1 }
    const script = new Script({ parts, expectedEndSegment: 40, mode: 'file', policy })
    expect(grants(script.list('a', 'b'))).toContain('grant p-0 a audio [0,4)')
    const lines = [...script.make('p-0', 0, 4), ...script.end('p-0', 'clean', 4)]
    expect(grants(lines)).toContainEqual(expect.stringMatching(/audio \[4,5\)/))
  })

  test('are shared out as soon as it is known that they need not be', () => {
    const { script, free } = session({ mode: 'file' })
    script.list('a', 'b', 'c')
    free()
    const lines = grants(script.wait(100).tell({ type: 'tick' }))
    expect(lines.map((line) => line.split(' ')[2])).toEqual(['b', 'c'])
  })

  test('go on where they are when that becomes known', () => {
    const { script, free } = session()
    script.list('a')
    free()
    expect(script.wait(100).tell({ type: 'tick' })).toEqual([])
    expect(script.make('p-0', 0, 40).at(-1)).toContain('publish')
  })

  test('are made by one lease after the other where none may be long', () => {
    const { script } = session({ policy: { maxStickyLeaseSegments: 1 } })
    expect(grants(script.list('a', 'b'))).toEqual(['grant p-0 a video [0,1)'])
    expect(grants(script.make('p-0', 0, 1))).toEqual(['grant p-1 b video [1,2)'])
  })
})
