import { expect, test } from 'vitest'
import { backoffMs, waited } from './retry.ts'

test('waits double up to a most, and are spread over a quarter', () => {
  const slowest = () => 0
  expect([0, 1, 2, 3, 1_000].map((retry) => backoffMs(retry, 50, 300, slowest))).toEqual([
    50, 100, 200, 300, 300,
  ])
  expect(backoffMs(3, 50, 300, () => 1)).toBe(225)
})

test('a wait ends early when it is aborted', async () => {
  const controller = new AbortController()
  const wait = waited(60_000, controller.signal)
  controller.abort()
  expect(await wait).toBe(false)
  expect(await waited(1, controller.signal)).toBe(false)
  expect(await waited(1, new AbortController().signal)).toBe(true)
})
