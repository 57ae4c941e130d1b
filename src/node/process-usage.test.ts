import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { cpuSecondsOf, groupUsage, parseCpuSeconds } from './process-usage.ts'

test('user and system time are read past a name with brackets and spaces', () => {
  const line = '42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 150 50 9 9 20 0 8 0 1'
  expect(parseCpuSeconds(line)).toBe(2)
  expect(parseCpuSeconds('nonsense')).toBeUndefined()
})

test('this process has used some time, and one that is not there is not known', () => {
  expect(cpuSecondsOf(process.pid)).toBeGreaterThan(0)
  expect(cpuSecondsOf(2 ** 30)).toBeUndefined()
})

describe('a group of processes', () => {
  const started: ChildProcess[] = []

  afterEach(() => {
    for (const { pid } of started.splice(0)) process.kill(-pid!, 'SIGKILL')
  })

  /** A shell in a group of its own. */
  function shell(script: string): number {
    const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: 'ignore' })
    started.push(child)
    return child.pid!
  }

  test('that sleeps uses nothing, whoever of it has worked before', async () => {
    const group = shell('x=0; while [ $x -lt 30000 ]; do x=$((x+1)); done; sleep 60 & wait')
    await vi.waitFor(() => expect(groupUsage(group)?.runnable).toBe(false), { timeout: 10_000, interval: 50 })
    const before = groupUsage(group)!
    await sleep(300)
    expect(groupUsage(group)).toEqual({ ...before, runnable: false, onDisk: false })
  })

  test('has what its children use', async () => {
    const group = shell('sh -c "while :; do :; done" & wait')
    const first = groupUsage(group)?.cpuSeconds ?? 0
    await vi.waitFor(() => expect(groupUsage(group)!.cpuSeconds).toBeGreaterThan(first + 0.1), {
      timeout: 10_000,
    })
    expect(cpuSecondsOf(group)).toBeLessThan(0.05)
    expect(groupUsage(group)!.runnable).toBe(true)
  })

  test('that is stopped neither runs nor waits for a disk', async () => {
    const group = shell('while :; do :; done')
    process.kill(-group, 'SIGSTOP')
    await vi.waitFor(() => expect(groupUsage(group)).toMatchObject({ runnable: false, onDisk: false }))
  })

  test('that is not there is not known', () => {
    expect(groupUsage(2 ** 30)).toBeUndefined()
  })
})
