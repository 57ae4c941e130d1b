import { describe, expect, it } from 'vitest'
import { withinPatience } from './within-patience.ts'

const nobody = () => {
  throw new Error('nothing is late')
}

describe('work that somebody waits for', () => {
  it('is given as it is made, or fails as it fails', async () => {
    const { signal } = new AbortController()
    expect(await withinPatience(async () => 7, signal, nobody)).toBe(7)
    const failing = withinPatience(() => Promise.reject(new Error('broken')), signal, nobody)
    await expect(failing).rejects.toThrow('broken')
  })

  it('is told to end after its time, and discarded when it comes late', async () => {
    const late: number[] = []
    const work = (signal: AbortSignal) =>
      new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(7)))
    expect(await withinPatience(work, new AbortController().signal, (made) => late.push(made), 20)).toBeNull()
    await new Promise(setImmediate)
    expect(late).toEqual([7])
  })

  it('is over at once for a job that has gone, before it began or while it lasts', async () => {
    const forever = () => new Promise<never>(() => {})
    expect(await withinPatience(forever, AbortSignal.abort(), nobody)).toBeNull()
    const job = new AbortController()
    const result = withinPatience(forever, job.signal, nobody)
    job.abort()
    expect(await result).toBeNull()
  })
})
