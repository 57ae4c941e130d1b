import { describe, expect, test, vi } from 'vitest'
import { HangJudge, type LifeSigns, watchForHang } from './hang-watch.ts'
import type { GroupUsage } from './process-usage.ts'

const still: GroupUsage = { cpuSeconds: 3, runnable: false, onDisk: false }

function signs(change: Partial<LifeSigns> = {}): LifeSigns {
  return { traffic: 7, waits: false, cpuSeconds: 1, group: () => still, ...change }
}

/** Looks until it hangs: how often, or null when it does not within two minutes. */
function looksUntilHung(sign: (look: number) => LifeSigns): number | null {
  const judge = new HangJudge()
  judge.look(signs())
  for (let look = 1; look <= 240; look += 1) if (judge.look(sign(look)) !== null) return look
  return null
}

describe('an ffmpeg hangs', () => {
  test('after four seconds without a sign of life', () => {
    expect(looksUntilHung(() => signs())).toBe(8)
    const judge = new HangJudge()
    judge.look(signs())
    const said = Array.from({ length: 8 }, () => judge.look(signs()))
    expect(said).toEqual([...Array(7).fill(null), 4])
  })

  test('after twenty when it waits for a disk', () => {
    expect(looksUntilHung(() => signs({ group: () => ({ ...still, onDisk: true }) }))).toBe(40)
  })

  test('after a minute where the system tells nothing of processes', () => {
    const blind = { cpuSeconds: undefined, group: () => undefined }
    const judge = new HangJudge()
    const looks = Array.from({ length: 200 }, () => judge.look(signs(blind)))
    expect(looks.findIndex((seconds) => seconds !== null)).toBe(120)
  })

  test('though it wakes now and then to tell of nothing new', () => {
    expect(looksUntilHung((look) => signs({ cpuSeconds: 1 + look * 0.002 }))).toBe(8)
    expect(
      looksUntilHung((look) => signs({ group: () => ({ ...still, cpuSeconds: 3 + look * 0.002 }) })),
    ).toBe(8)
  })
})

describe('an ffmpeg does not hang', () => {
  test.each<[string, (look: number) => Partial<LifeSigns>]>([
    ['while it makes or reads anything', (look) => ({ traffic: 7 + Math.floor(look / 7) })],
    ['while it waits for the head', () => ({ waits: true })],
    ['while it computes', (look) => ({ cpuSeconds: 1 + Math.floor(look / 7) * 0.05 })],
    [
      'while something that it started computes',
      (look) => ({ group: () => ({ ...still, cpuSeconds: 3 + Math.floor(look / 5) * 0.05 }) }),
    ],
    ['while it only lacks a processor', () => ({ group: () => ({ ...still, runnable: true }) })],
  ])('%s', (_what, change) => {
    expect(looksUntilHung((look) => signs(change(look)))).toBeNull()
  })

  test('right after it has waited: the seconds count from then', () => {
    expect(looksUntilHung((look) => signs({ waits: look <= 20 }))).toBe(28)
  })
})

test('the whole group is looked at only when nothing else moves', () => {
  const group = vi.fn(() => still)
  const judge = new HangJudge()
  for (let look = 0; look < 50; look += 1) judge.look(signs({ group, traffic: Math.floor(look / 2) }))
  expect(group).not.toHaveBeenCalled()
})

describe('the watch', () => {
  test('tells once, and no more when it has been stopped', () => {
    vi.useFakeTimers()
    try {
      const hung = vi.fn()
      const watch = watchForHang(() => signs(), hung)
      vi.advanceTimersByTime(60_000)
      expect(hung.mock.calls).toEqual([[4]])
      watch.stop()
      const never = vi.fn()
      watchForHang(() => signs(), never).stop()
      vi.advanceTimersByTime(60_000)
      expect(never).not.toHaveBeenCalled()
    } finally {
      vi.useRealTimers()
    }
  })

  test('counts looks, not time: an agent that was frozen has not looked', () => {
    vi.useFakeTimers()
    try {
      const hung = vi.fn()
      const watch = watchForHang(() => signs(), hung)
      vi.advanceTimersByTime(1_000)
      vi.setSystemTime(Date.now() + 3_600_000)
      vi.advanceTimersByTime(1_000)
      expect(hung).not.toHaveBeenCalled()
      watch.stop()
    } finally {
      vi.useRealTimers()
    }
  })
})
