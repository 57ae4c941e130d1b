import { describe, expect, it } from 'vitest'
import { openSendQueue } from './send-queue.ts'

function later(done: () => void): Promise<void> {
  return new Promise((resolve) =>
    setImmediate(() => {
      done()
      resolve()
    }),
  )
}

describe('the send queue', () => {
  it('runs one step after the other in the order they were added', async () => {
    const queue = openSendQueue(new AbortController().signal)
    const seen: string[] = []
    const step = (name: string) => async () => {
      seen.push(`${name} begins`)
      await later(() => seen.push(`${name} ends`))
    }
    await Promise.all([queue.add(step('a')), queue.add(step('b')), queue.add(step('c'))])
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('tells only the one who added a step that it failed', async () => {
    const queue = openSendQueue(new AbortController().signal)
    const failing = queue.add(() => Promise.reject(new Error('disk')))
    const following = queue.add(async () => undefined)
    await expect(failing).rejects.toThrow('disk')
    await expect(following).resolves.toBeUndefined()
  })

  it('leaves out what still waits once it is aborted', async () => {
    const stop = new AbortController()
    const queue = openSendQueue(stop.signal)
    const seen: string[] = []
    const first = queue.add(() => later(() => stop.abort()))
    const second = queue.add(async () => void seen.push('second'))
    await Promise.all([first, second])
    expect(seen).toEqual([])
  })
})
