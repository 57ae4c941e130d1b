import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Hearing, startHearing } from './hearing.ts'

let hearing: Hearing
let heard: { deafMs: number; isAgain: boolean }[]
let faults: Error[]
let asked: number
let pulse: () => Promise<boolean>
let breaks: number

/** A server that answers after so many milliseconds. */
const answerAfter = (ms: number, isThere = true): Promise<boolean> =>
  new Promise((resolve) => setTimeout(() => resolve(isThere), ms))

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] })
  heard = []
  faults = []
  asked = 0
  pulse = async () => true
  breaks = 0
  hearing = startHearing({
    pulse: () => {
      asked += 1
      return pulse()
    },
    breaks: () => breaks,
    now: () => performance.now(),
    everyMs: 100,
    onHeard: (since) => heard.push(since),
    onFault: (error) => faults.push(error),
  })
})

afterEach(() => {
  hearing.close()
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('a server that answers', () => {
  it('is asked again and again, and nothing is missed', async () => {
    await pass(1_000)
    expect(heard).toEqual(Array(10).fill({ deafMs: 0, isAgain: false }))
    expect([hearing.isDeaf(), hearing.deafMs()]).toEqual([false, 0])
    expect(hearing.heardSince(performance.now() - 1_000)).toBe(true)
  })

  it('leaves nobody deaf for a moment, though every look at a clock shows another time', () => {
    let atMs = 0
    const other = startHearing({
      pulse: async () => true,
      breaks: () => 0,
      now: () => (atMs += 0.001),
      everyMs: 100,
      onHeard: () => {},
      onFault: () => {},
    })
    expect(other.deafMs()).toBe(0)
    other.close()
  })

  it('may take 200 ms for it, as on a busy machine', async () => {
    pulse = () => answerAfter(190)
    await pass(2_000)
    expect(heard.every(({ deafMs }) => deafMs === 0)).toBe(true)
    expect(hearing.heardSince(0)).toBe(true)
  })

  it('is asked one question at a time', async () => {
    pulse = () => answerAfter(1_000)
    await pass(950)
    expect(asked).toBe(1)
  })

  it('is not asked any more when nobody wants to know', async () => {
    await pass(300)
    hearing.close()
    await pass(1_000)
    expect(asked).toBe(3)
  })

  it('is not listened to when its answer comes after the end', async () => {
    pulse = () => answerAfter(500)
    await pass(200)
    hearing.close()
    await pass(1_000)
    expect(heard).toEqual([])
  })
})

describe('a server that hangs', () => {
  it('makes deaf before it has answered, and tells for how long when it has', async () => {
    await pass(500)
    const hungMs = performance.now()
    pulse = () => answerAfter(900)
    await pass(350)
    expect(hearing.isDeaf()).toBe(true)
    expect(hearing.deafMs()).toBeGreaterThan(200)
    expect(hearing.heardSince(performance.now())).toBe(false)
    await pass(700)
    pulse = async () => true
    await pass(900)
    expect(heard.filter(({ deafMs }) => deafMs > 0)).toEqual([{ deafMs: 700, isAgain: false }])
    expect(hearing.isDeaf()).toBe(false)
    expect(hearing.heardSince(hungMs)).toBe(false)
    expect(hearing.heardSince(performance.now() - 100)).toBe(true)
  })

  it('always so long does not keep time from passing altogether', async () => {
    pulse = () => answerAfter(250)
    await pass(3_000)
    const deafMs = heard.reduce((sum, each) => sum + each.deafMs, 0)
    expect(deafMs).toBeGreaterThan(0)
    expect(deafMs).toBeLessThan(1_000)
  })
})

describe('a connection that breaks', () => {
  it('makes deaf until the server answers again, which is told', async () => {
    await pass(300)
    pulse = async () => false
    await pass(5_000)
    expect(heard).toHaveLength(3)
    expect(hearing.deafMs()).toBeGreaterThanOrEqual(4_900)
    pulse = async () => true
    await pass(100)
    expect(heard.slice(3)).toEqual([{ deafMs: 0, isAgain: true }])
    expect(hearing.isDeaf()).toBe(false)
  })

  it('after it has hung counts from when it hung', async () => {
    pulse = () => answerAfter(2_000, false)
    await pass(2_200)
    expect(hearing.deafMs()).toBeGreaterThanOrEqual(2_000)
  })

  it('and is there again before anybody has asked is noticed at once, and told', async () => {
    await pass(150)
    breaks += 1
    expect(hearing.isDeaf()).toBe(true)
    await pass(100)
    expect(heard).toEqual([
      { deafMs: 0, isAgain: false },
      { deafMs: 0, isAgain: true },
    ])
    expect(hearing.isDeaf()).toBe(false)
  })

  it('while the server is asked is told with the next answer', async () => {
    pulse = () => answerAfter(50)
    await pass(120)
    breaks += 1
    await pass(60)
    expect(heard).toEqual([])
    await pass(100)
    expect(heard).toEqual([{ deafMs: 0, isAgain: true }])
  })

  it('is believed to whoever has noticed it first', async () => {
    await pass(150)
    hearing.isBroken()
    expect(hearing.isDeaf()).toBe(true)
    await pass(100)
    expect(heard.at(-1)).toEqual({ deafMs: 0, isAgain: true })
  })
})

it('what must not happen is told, and does not end the asking', async () => {
  pulse = async () => {
    throw new Error('no pulse at all')
  }
  await pass(250)
  pulse = async () => true
  await pass(100)
  expect(faults.map(({ message }) => message)).toEqual(['no pulse at all', 'no pulse at all'])
  expect(heard).toHaveLength(1)
})
