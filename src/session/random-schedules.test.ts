import { test } from 'vitest'
import { plays, publishesAll, wastesLittle } from '../../test/session/random-schedules.ts'

// Few, and many of them by `npm run test:long`: a schedule takes up to a second.
test('under any schedule each segment is published once, in order and whole, and the session finishes', () => {
  publishesAll(50)
}, 60_000)

test('the work that a schedule wastes is bounded by what went wrong in it', () => {
  wastesLittle(50)
}, 60_000)

test('with one healthy node the player never waits for long, whatever stands still, and little is made twice', () => {
  plays(50)
}, 60_000)
