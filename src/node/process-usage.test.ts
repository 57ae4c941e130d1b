import { expect, test } from 'vitest'
import { cpuSecondsOf, parseCpuSeconds } from './process-usage.ts'

test('user and system time are read past a name with brackets and spaces', () => {
  const line = '42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 150 50 9 9 20 0 8 0 1'
  expect(parseCpuSeconds(line)).toBe(2)
  expect(parseCpuSeconds('nonsense')).toBeUndefined()
})

test('this process has used some time, and one that is not there is not known', () => {
  expect(cpuSecondsOf(process.pid)).toBeGreaterThan(0)
  expect(cpuSecondsOf(2 ** 30)).toBeUndefined()
})
