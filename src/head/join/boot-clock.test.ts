import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openBootClock } from './boot-clock.ts'

it('the boot clock goes on, and is the same for every process of a run of the machine', async () => {
  const [one, other] = [openBootClock(), openBootClock()]
  expect(one.boot).toBe(other.boot)
  expect(one.boot).not.toBe('')
  const before = one.seconds()
  await sleep(60)
  expect(other.seconds() - before).toBeGreaterThan(0.03)
  expect(other.seconds() - before).toBeLessThan(5)
})
