import { describe, expect, test } from 'vitest'
import { dataTarget } from './data-target.ts'
import { framesTarget } from './frames-target.ts'
import { FuzzFinding, fuzz } from './fuzz.ts'
import { natsTarget } from './nats-target.ts'
import { parserTarget } from './parser-target.ts'
import type { Random } from './random.ts'
import type { FuzzTarget, OpenTarget } from './target.ts'

/** A machine on which much else runs: what is looked for here is what goes wrong, not how long it takes. */
const bounds = { inputMs: 20_000, grownBytes: 1e9 }

/** A target that does this with each input. */
function targetOf(
  step: (value: number, count: number) => void | Promise<void>,
  more: Partial<OpenTarget> = {},
): FuzzTarget {
  let count = 0
  return {
    name: 'planted',
    open: async () => ({
      step(random: Random, keep) {
        const value = random.below(1_000)
        keep(value)
        return step(value, count++)
      },
      ...{ rest: () => {}, close: () => {} },
      ...more,
    }),
  }
}

describe('the head', () => {
  test.each([parserTarget, framesTarget, dataTarget, natsTarget])(
    'survives what strangers say: $name',
    async (target) => {
      const { inputs } = await fuzz({ target, seconds: 2, seed: 5, bounds })
      expect(inputs).toBeGreaterThan(0)
    },
  )
})

describe('a fuzzer', () => {
  test('tells which input it was, and finds it again by its number', async () => {
    const target = targetOf((value) => {
      if (value === 77) throw new Error('seventy-seven')
    })
    const found = await fuzz({ target, seconds: 20, seed: 3 }).catch((error: unknown) => error)
    expect(found).toBeInstanceOf(FuzzFinding)
    const { number, input, message } = found as FuzzFinding
    expect([input, message]).toEqual([77, `planted, seed 3, input ${number}: seventy-seven`])
    await expect(fuzz({ target, seconds: 20, seed: 3, input: number })).rejects.toMatchObject({ number })
  })

  test('gives the same inputs for the same seed, and others for another', async () => {
    const inputsOf = async (seed: number) => {
      const values: number[] = []
      const target = targetOf((value, count) => {
        values.push(value)
        if (count === 50) throw new Error('enough')
      })
      await fuzz({ target, seconds: 20, seed }).catch(() => undefined)
      return values
    }
    const [first, again, other] = [await inputsOf(1), await inputsOf(1), await inputsOf(2)]
    expect(first).toEqual(again)
    expect(first).not.toEqual(other)
  })

  test('finds an input that takes the processor too long', async () => {
    const target = targetOf((_value, count) => {
      const { user } = process.cpuUsage()
      while (count === 3 && process.cpuUsage().user - user < 60_000);
    })
    const finding = fuzz({ target, seconds: 20, seed: 1, bounds: { ...bounds, inputMs: 50 } })
    await expect(finding).rejects.toThrow(/took \d+ ms of the processor/)
  })

  test('finds what is thrown where nobody waits for it', async () => {
    const target = targetOf(async (_value, count) => {
      if (count === 2) void Promise.reject(new Error('forgotten'))
      await new Promise((resolve) => setTimeout(resolve, 5))
    })
    await expect(fuzz({ target, seconds: 20, seed: 1 })).rejects.toThrow('forgotten')
  })

  test('finds what is left over at the end, and closes what it has opened', async () => {
    let closed = 0
    const rest = () => {
      throw new Error('a lease is open')
    }
    const target = targetOf(() => {}, { rest, close: () => void closed++ })
    await expect(fuzz({ target, seconds: 0.05, seed: 1 })).rejects.toThrow('a lease is open')
    expect(closed).toBe(1)
  })
})
