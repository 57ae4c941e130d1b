import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inTurns } from './in-turns.ts'

describe('work in turns', () => {
  it('has its results in order, and no more at once than it may', async () => {
    let [running, most] = [0, 0]
    const doubled = await inTurns([5, 1, 4, 2, 3], 2, async (turns) => {
      running += 1
      most = Math.max(most, running)
      for (let count = 0; count < turns; count += 1) await turn()
      running -= 1
      return turns * 2
    })
    expect(doubled).toEqual([10, 2, 8, 4, 6])
    expect(most).toBe(2)
  })

  it('does one after the other, nothing for nothing, and says what went wrong', async () => {
    const order: string[] = []
    await inTurns(['a', 'b'], 1, async (name) => {
      order.push(`${name} begins`)
      await turn()
      order.push(`${name} ends`)
    })
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
    expect(await inTurns([], 3, async () => 1)).toEqual([])
    await expect(inTurns([1], 1, () => Promise.reject(new Error('no room')))).rejects.toThrow('no room')
  })
})
