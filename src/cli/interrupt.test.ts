import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { departureSignals, interruptSignal } from './interrupt.ts'

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

describe('a daemon with work in hand', () => {
  it('is asked to leave by the first SIGTERM, and ended by the second', () => {
    const { leave, stop } = departureSignals()
    process.emit('SIGTERM')
    expect([leave.aborted, stop.aborted]).toEqual([true, false])
    process.emit('SIGTERM')
    expect([leave.aborted, stop.aborted, exits]).toEqual([true, true, []])
  })

  it.each(['SIGINT', 'SIGHUP'] as const)('is ended at once by %s', (name) => {
    const { leave, stop } = departureSignals()
    process.emit(name)
    expect([leave.aborted, stop.aborted]).toEqual([false, true])
  })
})

describe('a parent that goes', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllEnvs()
  })

  it.each([
    ['exec', true],
    ['start', false],
  ])('takes what npm %s has started with it: %s', (command, goes) => {
    vi.stubEnv('npm_command', command)
    let parent = 17
    vi.spyOn(process, 'ppid', 'get').mockImplementation(() => parent)
    const signal = interruptSignal()
    vi.advanceTimersByTime(5_000)
    expect(signal.aborted).toBe(false)
    parent = 1
    vi.advanceTimersByTime(500)
    expect(signal.aborted).toBe(goes)
  })
})
