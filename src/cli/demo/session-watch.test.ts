import { describe, expect, it } from 'vitest'
import { PacelineError } from '../../errors.ts'
import type { ApiClient } from '../api-client.ts'
import { watchSession } from './session-watch.ts'

const listed = (id: string, title: string, ...nodes: string[]) => ({
  ...{ id, title },
  arrivals: nodes.map((node, segment) => ({ segment, node })),
})
type Listed = ReturnType<typeof listed>

/** A head whose lists the test changes. */
function fakeHead() {
  const lists: { sessions: Listed[]; recent: Listed[] } = { sessions: [], recent: [] }
  let asked = 0
  const state = { isAway: false }
  const client = {
    get: async () => {
      asked += 1
      if (state.isAway) throw new PacelineError('E_HEAD_UNREACHABLE', 'https://127.0.0.1:1/')
      return structuredClone(lists)
    },
  } as unknown as ApiClient
  return { lists, client, state, asked: () => asked }
}

describe('watching a session', () => {
  it('sees the one that begins after it by its title, and no other', async () => {
    const { lists, client } = fakeHead()
    lists.sessions.push(listed('1', 'clip.mp4', 'old'))
    lists.recent.push(listed('0', 'clip.mp4', 'older'))
    const watch = await watchSession(client, 'clip.mp4')
    expect(await watch.arrivals()).toEqual([])
    lists.sessions.push(listed('2', 'other.mp4', 'x'), listed('3', 'clip.mp4', 'node-1', 'node-2'))
    expect(await watch.arrivals()).toEqual([
      { segment: 0, node: 'node-1' },
      { segment: 1, node: 'node-2' },
    ])
  })

  it('still sees it when it has ended between two looks', async () => {
    const { lists, client } = fakeHead()
    const watch = await watchSession(client, 'clip.mp4')
    lists.recent.push(listed('1', 'clip.mp4', 'node-1'))
    expect(await watch.arrivals()).toHaveLength(1)
  })

  it('knows what it has seen while the head is away, and of the next one what has come to that', async () => {
    const { lists, client, state } = fakeHead()
    const watch = await watchSession(client, 'clip.mp4')
    lists.sessions.push(listed('1', 'clip.mp4', 'node-1', 'node-2'))
    const before = await watch.arrivals()
    state.isAway = true
    expect(await watch.arrivals()).toEqual(before)
    await watch.untilOver()
    state.isAway = false
    lists.sessions = [{ ...listed('1', 'clip.mp4'), arrivals: [{ segment: 2, node: 'node-1' }] }]
    expect(await watch.arrivals()).toEqual([...before, { segment: 2, node: 'node-1' }])
  })

  it('does not wait for a head that hangs', async () => {
    const { lists, client } = fakeHead()
    const watch = await watchSession(client, 'clip.mp4')
    lists.sessions.push(listed('1', 'clip.mp4', 'node-1'))
    const before = await watch.arrivals()
    client.get = () => new Promise(() => {})
    const startedMs = performance.now()
    expect(await watch.arrivals()).toEqual(before)
    await watch.untilOver()
    expect(performance.now() - startedMs).toBeLessThan(4_000)
  })

  it('says what else is wrong with the head', async () => {
    const { client } = fakeHead()
    const watch = await watchSession(client, 'clip.mp4')
    client.get = () => Promise.reject(new Error('not allowed'))
    await expect(watch.arrivals()).rejects.toThrow('not allowed')
  })

  it('waits until it is over', async () => {
    const { lists, client, asked } = fakeHead()
    const watch = await watchSession(client, 'clip.mp4')
    lists.sessions.push(listed('1', 'clip.mp4'))
    const over = watch.untilOver()
    setTimeout(() => lists.recent.push(...lists.sessions.splice(0)), 60)
    await over
    expect(asked()).toBeGreaterThan(2)
  })

  it('does not wait for ever', async () => {
    const { lists, client } = fakeHead()
    const watch = await watchSession(client, 'clip.mp4')
    lists.sessions.push(listed('1', 'clip.mp4'))
    const startedMs = performance.now()
    await watch.untilOver()
    expect(performance.now() - startedMs).toBeGreaterThan(1_900)
  })
})
