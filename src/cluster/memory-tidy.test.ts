import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { collectGarbage, createMemoryTidy } from './memory-tidy.ts'

const mebibyte = 1024 * 1024

function recorded() {
  const events: string[] = []
  const tidy = createMemoryTidy({
    idleMs: 30,
    onIdle: () => events.push('idle'),
    collect: (kind) => events.push(kind),
  })
  return { events, tidy }
}

test('young garbage is collected for every two mebibytes that pass', () => {
  const { events, tidy } = recorded()
  for (let count = 0; count < 12; count += 1) tidy.handled(mebibyte / 2)
  expect(events).toEqual(['young', 'young', 'young'])
})

test('memory is given back twice after being idle for long enough', async () => {
  const { events, tidy } = recorded()
  tidy.idle(true)
  await sleep(10)
  expect(events).toEqual([])
  await sleep(1_200)
  expect(events).toEqual(['idle', 'all', 'all'])
})

test('work that comes in time keeps what there is', async () => {
  const { events, tidy } = recorded()
  tidy.idle(true)
  tidy.idle(false)
  await sleep(80)
  expect(events).toEqual([])
})

test('collecting frees buffers that nobody holds', async () => {
  let held: Buffer[] = Array.from({ length: 32 }, () => Buffer.alloc(mebibyte, 1))
  const before = process.memoryUsage().arrayBuffers
  expect(held).toHaveLength(32)
  held = []
  collectGarbage('all')
  await sleep(50)
  collectGarbage('all')
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(before - 16 * mebibyte)
})
