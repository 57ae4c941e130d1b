import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Daemon } from './daemon.ts'
import { type KeptDaemon, keepDaemon } from './kept-daemon.ts'

/** A daemon in the hands of the test. */
interface SmallDaemon extends Daemon {
  die(how: { exitCode?: number; signal?: string; words?: string[] }): Promise<void>
  isStopped: boolean
}

let started: SmallDaemon[]
let told: string[]
let kept: KeptDaemon

function smallDaemon(): SmallDaemon {
  let words: string[] = []
  let end = (_exitCode: number | null): void => {}
  const ended = new Promise<number | null>((resolve) => {
    end = resolve
  })
  const child = { signalCode: null as string | null }
  const daemon: SmallDaemon = {
    ...{
      child: child as unknown as Daemon['child'],
      firstLine: Promise.resolve(''),
      ended,
      isStopped: false,
    },
    lastWords: () => words,
    async stop() {
      daemon.isStopped = true
      end(0)
      await ended
    },
    async die({ exitCode = null, signal = null, words: said = [] }) {
      words = said
      child.signalCode = signal
      end(exitCode)
      await vi.advanceTimersByTimeAsync(0)
    },
  }
  started.push(daemon)
  return daemon
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  started = []
  told = []
  kept = keepDaemon(smallDaemon(), {
    ...{ name: 'node-1', again: smallDaemon, wait, log: (line: string) => told.push(line) },
    isForGood: (words) => words.includes('removed'),
  })
})

afterEach(async () => {
  await kept.stop()
  vi.useRealTimers()
})

/** Whether it has ended for good, as far as anybody is told. */
async function hasEnded(): Promise<boolean> {
  return Promise.race([kept.ended.then(() => true), vi.advanceTimersByTimeAsync(0).then(() => false)])
}

const last = () => started.at(-1)!

/** By the clock of the test. */
const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
    signal.onabort = () => resolve()
  })

describe('a daemon that dies', () => {
  it('is started again after a moment, and that is said', async () => {
    await last().die({ signal: 'SIGKILL' })
    expect(told).toEqual(['node-1 ended by itself (SIGKILL): it is started again in 0.2 s'])
    await vi.advanceTimersByTimeAsync(199)
    expect(started).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(started).toHaveLength(2)
    expect(await hasEnded()).toBe(false)
  })

  it('again and again is started ever more patiently, but never given up', async () => {
    for (let n = 0; n < 12; n++) {
      await last().die({ exitCode: 1 })
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(told.map((line) => Number(/in (\S+) s/.exec(line)![1]))).toEqual([
      ...[0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6],
      ...[30, 30, 30, 30],
    ])
    expect(started).toHaveLength(13)
  })

  it('after it has run for long is started at once, as at first', async () => {
    for (let n = 0; n < 3; n++) {
      await last().die({ exitCode: 1 })
      await vi.advanceTimersByTimeAsync(2_000)
    }
    await vi.advanceTimersByTimeAsync(60_000)
    await last().die({ exitCode: 1 })
    expect(told.at(-1)).toContain('in 0.2 s')
  })
})

describe('a daemon that ends for good', () => {
  it('because somebody has asked it to is let go', async () => {
    await last().die({ exitCode: 0 })
    expect(await hasEnded()).toBe(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect([started.length, told]).toEqual([1, ['node-1 has ended']])
  })

  it('because it has no place here any more is let go', async () => {
    await last().die({ exitCode: 1, words: ['removed'] })
    expect(await hasEnded()).toBe(true)
    expect(started).toHaveLength(1)
  })
})

describe('stopping', () => {
  it('ends the one that runs, and it is not started again', async () => {
    await last().die({ exitCode: 1 })
    await vi.advanceTimersByTimeAsync(200)
    await kept.stop()
    expect(started.map(({ isStopped }) => isStopped)).toEqual([false, true])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(started).toHaveLength(2)
    expect(await hasEnded()).toBe(false)
  })

  it('in a pause starts nothing any more', async () => {
    await last().die({ exitCode: 1 })
    await kept.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(started).toHaveLength(1)
  })
})
