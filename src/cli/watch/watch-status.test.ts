import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { watchStatus } from './watch-status.ts'
import type { WatchedState } from './watched-state.ts'

const state = (nowMs: number, waitingForRoom = 0): WatchedState => ({
  head: {
    ...{ version: '0.1.0', startedAtMs: 0, nowMs, observeOnly: false, natsTrouble: null, waitingForRoom },
  },
  ...{ fleet: { watts: null, savedWatts: null, month: null }, nodes: [], sessions: [] },
})

/** Watches a head that answers with these in turn, and the last again and again. */
async function watched(
  answers: readonly (WatchedState | Error)[],
  more: { json?: boolean; isTTY?: boolean } = {},
) {
  const stop = new AbortController()
  const written: string[] = []
  let connections = 0
  let n = 0
  const done = watchStatus({
    async connect() {
      connections += 1
      return {
        async get<T>() {
          const answer = answers[Math.min(n++, answers.length - 1)]!
          if (answer instanceof Error) throw answer
          return answer as T
        },
      }
    },
    output: { isTTY: more.isTTY ?? false, columns: 60, rows: 12, write: (text) => written.push(text) },
    ...{ json: more.json ?? false, signal: stop.signal, everyMs: 1 },
  })
  while (n < answers.length + 3) await sleep(1)
  stop.abort()
  await done
  return { written, connections }
}

describe('watching', () => {
  it('writes to a pipe only what is new, and nothing of a terminal’s', async () => {
    const { written } = await watched([state(1), state(2_000), state(3_000, 4)])
    expect(written).toHaveLength(2)
    expect(written[1]).toContain('4 wait for room')
    expect(written.join('')).not.toContain('\u001b')
  })

  it('writes a line of JSON for each', async () => {
    const { written } = await watched([state(1), state(2), state(3, 1)], { json: true })
    expect(written.map((line) => JSON.parse(line).head.waitingForRoom)).toEqual([0, 1])
  })

  it('has a screen of its own on a terminal, and gives it back', async () => {
    const { written } = await watched([state(1)], { isTTY: true })
    expect(written[0]).toBe('\u001b[?1049h\u001b[?25l')
    expect(written[1]).toContain('head 0.1.0')
    expect(written.at(-1)).toBe('\u001b[?25h\u001b[?1049l')
  })

  it('waits for a head that is away, and connects anew', async () => {
    const { written, connections } = await watched([
      state(1),
      new Error('no head'),
      new Error('no head'),
      state(2),
    ])
    expect(written.filter((text) => text === 'no head: waiting for it\n')).toHaveLength(1)
    expect(connections).toBe(3)
  })
})
