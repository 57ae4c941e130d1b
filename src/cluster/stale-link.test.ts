import { beforeEach, describe, expect, it } from 'vitest'
import { watchStale } from './stale-link.ts'

let answers: { resolve: () => void; reject: (error: Error) => void }[]
let reconnected: number
let sent: () => void

beforeEach(() => {
  answers = []
  reconnected = 0
  sent = watchStale({
    rtt: () =>
      new Promise((resolve, reject) => {
        answers.push({ resolve: () => resolve(1), reject })
      }),
    reconnect: async () => {
      reconnected += 1
    },
  })
})

const times = (count: number) => {
  for (let n = 0; n < count; n++) sent()
}

describe('a connection', () => {
  it('that answers is left alone', async () => {
    for (let n = 0; n < 20; n++) {
      sent()
      answers.at(-1)!.resolve()
      await Promise.resolve()
    }
    expect([answers.length, reconnected]).toEqual([20, 0])
  })

  it('whose last three messages had no answer is made anew, once', async () => {
    times(3)
    expect(reconnected).toBe(0)
    sent()
    expect(reconnected).toBe(1)
    times(3)
    expect(reconnected).toBe(1)
    sent()
    expect(reconnected).toBe(2)
  })

  it('is given a new start by any answer, however late', async () => {
    times(3)
    answers[0]!.resolve()
    await Promise.resolve()
    times(3)
    expect(reconnected).toBe(0)
  })

  it('that breaks by itself is the client’s to make anew', async () => {
    times(3)
    for (const { reject } of answers) reject(new Error('connection disconnected'))
    await Promise.resolve()
    await Promise.resolve()
    sent()
    expect(reconnected).toBe(0)
  })

  it('that was closed meanwhile is no fault', async () => {
    const closed = async () => Promise.reject(new Error('closed'))
    const told = watchStale({ rtt: () => new Promise(() => {}), reconnect: closed })
    for (let n = 0; n < 4; n++) told()
    await Promise.resolve()
  })
})
