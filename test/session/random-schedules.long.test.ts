import { test } from 'vitest'
import { plays, publishesAll, wastesLittle } from './random-schedules.ts'

test('under any of many schedules each segment is published once, in order, and the session finishes', () => {
  publishesAll(1_000)
})

test('the work that any of many schedules wastes is bounded by what went wrong in it', () => {
  wastesLittle(500)
})

test('with one healthy node the player never waits for long under any of many schedules', () => {
  plays(500)
})
