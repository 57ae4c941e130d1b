import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArrivalForecast } from './arrival-forecast.ts'
import { LearnedWatts } from './learned-watts.ts'
import { PlayerLead, pausedAfterSeconds } from './player-lead.ts'
import type { PowerProfile } from './power-profile.ts'
import { SessionLengths } from './session-lengths.ts'
import { learnWake, priorWakeTime, wakeLimitSeconds } from './wake-time.ts'
import { minutesPerWeek } from './weekly-hours.ts'

const hourMs = 3_600_000
const weekMs = 168 * hourMs

describe('how long a node takes to wake', () => {
  it('is learnt with its spread from what was seen', () => {
    let known = priorWakeTime
    for (let times = 0; times < 40; times += 1) known = learnWake(known, times % 2 === 0 ? 18 : 22)
    expect(known.meanSeconds).toBeCloseTo(20, 0)
    expect(known.spreadSeconds).toBeGreaterThan(1.5)
    expect(known.spreadSeconds).toBeLessThan(2.6)
    expect(wakeLimitSeconds(known)).toBeLessThan(40)
  })

  it('follows a change, and gives one that was never seen two minutes', () => {
    expect(wakeLimitSeconds(priorWakeTime)).toBe(120)
    let known = learnWake(priorWakeTime, 20)
    for (let times = 0; times < 30; times += 1) known = learnWake(known, 45)
    expect(known.meanSeconds).toBeGreaterThan(43)
  })

  it('always leaves more time than the mean', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 300, noNaN: true }), { minLength: 1 }), (times) => {
        const known = times.reduce(learnWake, priorWakeTime)
        expect(wakeLimitSeconds(known)).toBeGreaterThan(known.meanSeconds * 1.5)
        expect(known.spreadSeconds).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('what a node draws', () => {
  const settings: PowerProfile = {
    ...{ offWatts: 0, idleWatts: 5, busyWatts: 12, wakeSeconds: 25, wakeWatts: 8 },
    ...{ sleepSeconds: 10, sleepWatts: 5 },
  }

  it('is what its settings say until it has been read', () => {
    expect(new LearnedWatts().profileOf('a', settings)).toEqual(settings)
  })

  it('is learnt from readings at any load', () => {
    const learned = new LearnedWatts()
    for (let times = 0; times < 500; times += 1) {
      const busyShare = (times % 11) / 10
      learned.read('a', { watts: 3 + 4 * busyShare, busyShare, seconds: 30 })
    }
    const { idleWatts, busyWatts, wakeWatts } = learned.profileOf('a', settings)
    expect(idleWatts).toBeCloseTo(3, 1)
    expect(Math.abs(busyWatts - 7)).toBeLessThan(0.1)
    expect(wakeWatts).toBe(8)
    expect(learned.profileOf('b', settings)).toEqual(settings)
    learned.forget('a')
    expect(learned.profileOf('a', settings)).toEqual(settings)
  })

  it('moves idle watts alone while it has only idled', () => {
    const learned = new LearnedWatts()
    for (let times = 0; times < 100; times += 1) learned.read('a', { watts: 3, busyShare: 0, seconds: 60 })
    const { idleWatts, busyWatts } = learned.profileOf('a', settings)
    expect(idleWatts).toBeCloseTo(3, 1)
    expect(busyWatts).toBeCloseTo(12, 0)
  })
})

describe('how long sessions go on', () => {
  it('is taken for forty minutes before anything was seen', () => {
    expect(new SessionLengths().expectedRest(0)).toBe(2_400)
  })

  it('is the mean rest of those that lasted longer', () => {
    const lengths = new SessionLengths()
    for (let times = 0; times < 500; times += 1) lengths.ended(times % 2 === 0 ? 60 : 3_600)
    expect(lengths.expectedRest(0)).toBeGreaterThan(1_700)
    expect(lengths.expectedRest(0)).toBeLessThan(2_000)
    expect(lengths.expectedRest(600)).toBeGreaterThan(2_900)
    expect(lengths.expectedRest(600)).toBeLessThan(3_100)
  })

  it('forgets what was long ago', () => {
    const lengths = new SessionLengths()
    for (let times = 0; times < 300; times += 1) lengths.ended(10_000)
    for (let times = 0; times < 200; times += 1) lengths.ended(100)
    expect(lengths.expectedRest(0)).toBeLessThan(200)
  })
})

describe('when viewers come', () => {
  const friday = 5 * 1_440 + 20 * 60

  it('is not foretold before a week has been seen', () => {
    const forecast = new ArrivalForecast(0)
    for (let times = 0; times < 5; times += 1) forecast.arrived(hourMs, friday)
    expect(forecast.perHour(2 * hourMs, friday)).toBe(0)
  })

  it('is told by the hour of the week, and follows habits', () => {
    const forecast = new ArrivalForecast(0)
    for (let week = 0; week < 6; week += 1) {
      for (let times = 0; times < 3; times += 1) forecast.arrived(week * weekMs + friday * 60_000, friday)
    }
    expect(forecast.perHour(6 * weekMs, friday)).toBeCloseTo(3, 5)
    expect(forecast.perHour(6 * weekMs, (friday + 120) % minutesPerWeek)).toBe(0)
    expect(forecast.perHour(6 * weekMs, friday + 30)).toBeCloseTo(1.5, 5)
    expect(forecast.perHour(12 * weekMs, friday)).toBeLessThan(1)
  })
})

describe('what a player has in hand', () => {
  it('is what was published less the time since, and never less than waiting', () => {
    const lead = new PlayerLead()
    expect(lead.seconds(0)).toBe(0)
    lead.published(2, 1_000)
    lead.published(2, 2_000)
    expect(lead.seconds(2_000)).toBe(3)
    expect(lead.seconds(7_000)).toBe(-2)
    lead.published(2, 9_000)
    expect(lead.seconds(9_000)).toBe(2)
  })

  it('is known after a long pause from what it was whenever the server asked for more', () => {
    const lead = new PlayerLead()
    for (let segment = 0; segment < 31; segment += 1) lead.published(2, segment * 100)
    lead.throttled(true, 3_000)
    lead.throttled(false, 13_000)
    const low = lead.seconds(13_000)
    lead.published(10, 15_000)
    lead.throttled(true, 15_000)
    expect(lead.isPaused(15_000 + pausedAfterSeconds * 1000 - 1)).toBe(false)
    expect(lead.isPaused(15_000 + pausedAfterSeconds * 1000)).toBe(true)
    expect(lead.seconds(900_000)).toBe(low)
    lead.throttled(false, 900_000)
    expect(lead.seconds(900_000)).toBeCloseTo(low, 9)
    expect(lead.seconds(910_000)).toBeCloseTo(low - 10, 9)
  })
})

describe('what is kept while nobody looks', () => {
  it('goes on after a clock that was ahead, and forgets what it saw then as what it sees now', () => {
    const kept = { startMs: 4_000 * weekMs, weeks: 3, counts: Array(168).fill(8) }
    const forecast = new ArrivalForecast(2_900 * weekMs, kept)
    const before = forecast.perHour(2_900 * weekMs, 0)
    expect(before).toBeGreaterThan(0)
    expect(forecast.perHour(2_930 * weekMs, 0)).toBeLessThan(before / 100)
  })

  it('is there at once after a clock that was behind', () => {
    const forecast = new ArrivalForecast(0)
    forecast.arrived(0, 0)
    const beganMs = performance.now()
    expect(forecast.perHour(1e15, 0)).toBeLessThan(1e-9)
    expect(performance.now() - beganMs).toBeLessThan(100)
    expect(forecast.memory().weeks).toBe(Math.floor(1e15 / weekMs))
  })

  it('is as good as having looked on', () => {
    const before = new ArrivalForecast(0)
    for (let day = 0; day < 20; day += 1) before.arrived(day * 24 * hourMs, (day * 1_440) % minutesPerWeek)
    const kept = JSON.parse(JSON.stringify(before.memory()))
    const after = new ArrivalForecast(30 * weekMs, kept)
    const nowMs = 4 * weekMs
    for (let hour = 0; hour < 168; hour += 1) {
      expect(after.perHour(nowMs, hour * 60)).toBe(before.perHour(nowMs, hour * 60))
    }
    expect(after.perHour(nowMs, 0)).toBeGreaterThan(0)
  })

  it('has the lengths of sessions in it, the last two hundred of them', () => {
    const before = new SessionLengths()
    for (let times = 0; times < 250; times += 1) before.ended(100 + times)
    const after = new SessionLengths(before.memory())
    expect(after.expectedRest(150)).toBe(before.expectedRest(150))
    after.ended(9_999)
    expect(after.memory()).toHaveLength(200)
    expect(new SessionLengths().memory()).toEqual([])
  })
})
