import { describe, expect, it } from 'vitest'
import { chooseCell } from './cells.ts'

describe('the cell that takes a stream', () => {
  it('is the fullest one that has room on awake nodes, so that others can sleep', () => {
    const cells = [
      { id: 'empty', awakeFree: 0, free: 40 },
      { id: 'half', awakeFree: 5, free: 20 },
      { id: 'nearly-full', awakeFree: 1.5, free: 3 },
    ]
    expect(chooseCell(cells, 1)).toBe('nearly-full')
    expect(chooseCell(cells, 2)).toBe('half')
    expect(chooseCell(cells, 10)).toBe('empty')
  })

  it('is none where it fits nowhere', () => {
    expect(chooseCell([{ id: 'a', awakeFree: 1, free: 1.1 }], 1)).toBeNull()
    expect(chooseCell([], 1)).toBeNull()
  })
})
