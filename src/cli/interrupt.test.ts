import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { interruptSignal } from './interrupt.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
let nowMs: number
let exits: unknown[]
let former: ReadonlyMap<string, readonly unknown[]>

beforeEach(() => {
  nowMs = 10_000
  exits = []
  former = new Map(signals.map((name) => [name, process.listeners(name)]))
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    exits.push(code)
    return undefined as never
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  for (const name of signals) {
    for (const listener of process.listeners(name)) {
      if (!former.get(name)?.includes(listener)) process.off(name, listener)
    }
  }
})

const interrupt = () => process.emit('SIGINT')

describe('Ctrl-C', () => {
  it('aborts the signal and leaves the process to end in order', () => {
    const signal = interruptSignal()
    expect(signal.aborted).toBe(false)
    interrupt()
    expect([signal.aborted, exits]).toEqual([true, []])
  })

  it('that npm passes on once more is the same one', () => {
    interruptSignal()
    for (const afterMs of [0, 5, 295]) {
      nowMs = 10_000 + afterMs
      interrupt()
    }
    expect(exits).toEqual([])
  })

  it('a second time ends the process at once, with the exit code of an interrupted command', () => {
    interruptSignal()
    interrupt()
    nowMs += 301
    interrupt()
    expect(exits).toEqual([130])
  })

  it('after SIGTERM is still the first', () => {
    const signal = interruptSignal()
    process.emit('SIGTERM')
    nowMs += 5_000
    interrupt()
    expect([signal.aborted, exits]).toEqual([true, []])
  })
})
