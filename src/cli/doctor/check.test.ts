import { describe, expect, it } from 'vitest'
import { type Check, carryOutChecks, ill, well } from './check.ts'

describe('carrying out checks', () => {
  it('does them one after the other, and tells of each with its number', async () => {
    const order: string[] = []
    const check = (name: string, finding: ReturnType<typeof well>): Check => ({
      name,
      async look() {
        order.push(`${name} begins`)
        await new Promise((resolve) => setTimeout(resolve, 5))
        order.push(`${name} ends`)
        return finding
      },
    })
    const told: [number, string][] = []
    const results = await carryOutChecks(
      [check('a', well('fine')), check('b', ill('gone', 'Get it.'))],
      (result, number) => told.push([number, result.name]),
    )
    expect(results).toEqual([
      { name: 'a', ok: true, found: 'fine', remedy: null },
      { name: 'b', ok: false, found: 'gone', remedy: 'Get it.' },
    ])
    expect(told).toEqual([
      [1, 'a'],
      [2, 'b'],
    ])
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })
})
