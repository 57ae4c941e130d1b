import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { Pauses } from './pauses.ts'

const minute = 60_000

test('a pause ends after its time', async () => {
  expect(await new Pauses().pause(1)).toBe(false)
})

test('all pauses end when they are woken, and later ones do not', async () => {
  const pauses = new Pauses()
  const woken = [pauses.pause(minute), pauses.pause(minute, new AbortController().signal)]
  pauses.wakeAll()
  expect(await Promise.all(woken)).toEqual([true, true])
  expect(await pauses.pause(1)).toBe(false)
})

test('there is no pause after a try that was under way when all were woken', async () => {
  const pauses = new Pauses()
  const { wakings } = pauses
  expect(await pauses.pause(1, undefined, wakings)).toBe(false)
  pauses.wakeAll()
  expect(await pauses.pause(minute, undefined, wakings)).toBe(true)
  expect(await pauses.pause(1, undefined, pauses.wakings)).toBe(false)
})

test('a pause ends with its signal, and leaves nothing at it', async () => {
  const pauses = new Pauses()
  const controller = new AbortController()
  const { signal } = controller
  const paused = pauses.pause(minute, signal)
  controller.abort()
  expect(await paused).toBe(false)
  expect(await pauses.pause(minute, signal)).toBe(false)
  const other = new AbortController()
  await pauses.pause(1, other.signal)
  expect(getEventListeners(other.signal, 'abort')).toEqual([])
})
