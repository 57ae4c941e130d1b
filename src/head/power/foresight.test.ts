import { beforeEach, expect, it } from 'vitest'
import { createForesight, type Foresight } from './foresight.ts'

const minute = 60_000
let nowMs: number
let foresight: Foresight

beforeEach(() => {
  nowMs = 1e12
  foresight = createForesight(() => nowMs)
})
const isExpected = () => foresight.sessions().length === 1

it('expects somebody for as long as the sign says', () => {
  expect([isExpected(), foresight.endsMs()]).toEqual([false, null])
  expect(foresight.sign(300)).toEqual({ isTaken: true, seconds: 300 })
  expect([isExpected(), foresight.endsMs()]).toEqual([true, nowMs + 5 * minute])
  nowMs += 5 * minute - 1
  expect(isExpected()).toBe(true)
  nowMs += 1
  expect([isExpected(), foresight.endsMs()]).toEqual([false, null])
})

it('rests after a sign that nobody followed: ten minutes, twenty, up to two hours', () => {
  for (const rest of [10, 20, 40, 80, 120, 120]) {
    expect(foresight.sign(60).isTaken).toBe(true)
    nowMs += minute
    expect(foresight.sign(60)).toEqual({ isTaken: false, seconds: rest * 60 })
    nowMs += rest * minute - 1
    expect(foresight.sign(60)).toEqual({ isTaken: false, seconds: 0.001 })
    nowMs += 1
  }
})

it('counts its rest from when the sign came to nothing, however late that is asked', () => {
  foresight.sign(60)
  nowMs += 9 * minute
  expect(foresight.sign(60)).toEqual({ isTaken: false, seconds: 2 * 60 })
})

it('trusts signs again when somebody watches', () => {
  foresight.sign(60)
  nowMs += minute
  expect(foresight.sign(60).isTaken).toBe(false)
  foresight.meet()
  expect(foresight.sign(60).isTaken).toBe(true)
  foresight.meet()
  expect([isExpected(), foresight.sign(60).isTaken]).toEqual([false, true])
})

it('goes on with signs that follow one another, for half an hour and no longer', () => {
  for (let count = 0; count < 27; count += 1) {
    expect(foresight.sign(300)).toEqual({ isTaken: true, seconds: Math.min(300, (30 - count) * 60) })
    nowMs += minute
  }
  expect(foresight.sign(1_800).seconds).toBe(180)
  nowMs += 3 * minute
  expect(foresight.sign(300)).toEqual({ isTaken: false, seconds: 600 })
})

it('does not shorten what an earlier sign said', () => {
  foresight.sign(600)
  expect(foresight.sign(60)).toEqual({ isTaken: true, seconds: 600 })
})
