import { describe, expect, test } from 'vitest'
import { Script } from './testing/script.ts'

/** Segments of 3 s each; sound in files of 2 s, of which the first segment needs two, and all together nine. */
const own = {
  upTo: (segment: number) => Math.ceil(((segment + 1) * 3) / 2),
  fileSeconds: () => 2,
  expectedEnd: 9,
}
const parts = [
  { name: 'video', sticky: false },
  { name: 'audio', sticky: true, own },
]

function script(): Script {
  const made = new Script({ parts, expectedEndSegment: 6, segmentSeconds: () => 3 })
  made.list('a')
  return made
}

describe('a part with files of its own', () => {
  test('is leased in its own numbers, up to the files that its first segment needs', () => {
    const made = new Script({ parts, expectedEndSegment: 6, segmentSeconds: () => 3 })
    expect(made.list('a').at(-1)).toBe('grant p-1 a audio [0,39) until 2 open')
  })

  test('holds a segment back until every file is there that goes into it', () => {
    const made = script()
    expect(made.make('p-0', 0, 2)).toEqual([])
    expect(made.make('p-1', 0, 1)).toEqual([])
    // Two segments out need five files at least for the next two, before it starves.
    expect(made.make('p-1', 1, 2)).toEqual(['publish 0', 'extend p-1 to 5'])
    expect(made.make('p-1', 2, 3).filter((line) => line.startsWith('publish'))).toEqual(['publish 1'])
  })

  test('that ended before a segment does not hold it up', () => {
    const made = script()
    made.make('p-0', 0, 3)
    made.make('p-1', 0, 3)
    expect(made.endEmpty('p-1', 3)).toEqual(['publish 2'])
    expect(made.make('p-0', 3, 5)).toContain('publish 3')
  })

  test('ends the session with it', () => {
    const made = script()
    made.make('p-0', 0, 6)
    made.end('p-0', 'clean', 6)
    expect(
      made
        .make('p-1', 0, 9)
        .filter((line) => line.startsWith('publish'))
        .at(-1),
    ).toBe('publish 4')
    expect(made.end('p-1', 'clean', 9)).toEqual(['publish 5', 'finish 6'])
  })

  test('is leased again from the file on that is missing', () => {
    const made = script()
    made.make('p-1', 0, 2)
    expect(made.wait(1000).end('p-1', 'stopped', 2)).toEqual([])
    made.make('p-0', 0, 1)
    expect(made.wait(1000).tell({ type: 'tick' })).toEqual(['grant p-2 a audio [2,39) until 5 open'])
  })
})

describe('a source that is read while the session runs', () => {
  test('is leased as far as it is known, and further as it becomes known', () => {
    let known = 2
    const made = new Script({ knownEndSegment: () => known })
    expect(made.list('a')).toEqual(['grant p-0 a video [0,2)'])
    made.make('p-0', 0, 2)
    expect(made.end('p-0', 'clean', 2)).toEqual([])
    known = 9
    expect(made.tell({ type: 'tick' })).toEqual(['grant p-1 a video [2,9)'])
  })
})
