import { describe, expect, it } from 'vitest'
import { createShutdown } from './shutdown.ts'

describe('ending what was started', () => {
  it('goes backwards, each waiting for the one before', async () => {
    const shutdown = createShutdown()
    const done: string[] = []
    shutdown.add(() => void done.push('folder'))
    shutdown.add(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      done.push('server')
    })
    shutdown.add(() => void done.push('door'))
    await shutdown.run()
    expect(done).toEqual(['door', 'server', 'folder'])
  })

  it('is done once, however often it is asked for', async () => {
    const shutdown = createShutdown()
    let ended = 0
    shutdown.add(() => void ended++)
    await Promise.all([shutdown.run(), shutdown.run()])
    await shutdown.run()
    expect(ended).toBe(1)
  })

  it('does not stop at one that fails, and tells of all that did', async () => {
    const shutdown = createShutdown()
    const done: string[] = []
    shutdown.add(() => void done.push('first'))
    shutdown.add(() => Promise.reject(new Error('the server hangs')))
    shutdown.add(() => {
      throw new Error('the door is stuck')
    })
    const failure = await shutdown.run().catch((error: unknown) => error)
    expect(done).toEqual(['first'])
    expect(failure).toBeInstanceOf(AggregateError)
    expect((failure as AggregateError).errors.map(String)).toEqual([
      'Error: the door is stuck',
      'Error: the server hangs',
    ])
  })

  it('of nothing is no error', async () => {
    await expect(createShutdown().run()).resolves.toBeUndefined()
  })
})
