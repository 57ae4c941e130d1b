import { describe, expect, it } from 'vitest'
import type { Outlet, OutwardEvent, OutwardState } from '../../outward/outward-event.ts'
import type { NodeView } from '../api/contract/node-view.ts'
import type { SessionView } from '../api/contract/session-view.ts'
import type { Snapshot } from '../api/contract/snapshot.ts'
import { feedOutlet, outwardEvents, outwardState } from './outward-feed.ts'

const node = (id: string, state: string) =>
  ({
    id,
    name: `name of ${id}`,
    state,
    watts: { value: 5, source: 'measured' },
    celsius: null,
    load: null,
  }) as unknown as NodeView
const session = (id: string, more: Partial<SessionView> = {}) =>
  ({
    id,
    title: 'film.mkv',
    job: 'HLS',
    startedAtMs: 3,
    endedAtMs: null,
    state: 'running',
    reason: null,
    ...more,
  }) as SessionView

function state(
  nodes: readonly NodeView[],
  sessions: readonly SessionView[] = [],
  recent: readonly SessionView[] = [],
): Snapshot {
  const month = { kwh: 1.23456, savedKwh: 9, source: 'measured', cost: null, savedCost: null, currency: null }
  return {
    ...{ head: { nowMs: 7 }, fleet: { watts: { value: 12.5, source: 'modelled' }, savedWatts: null, month } },
    ...{ nodes, sessions, recent, sequence: 0 },
  } as unknown as Snapshot
}

describe('what happened between two looks', () => {
  it('is nothing of what was there when the head began', () => {
    expect(outwardEvents(null, state([node('a', 'ready')], [session('s')]))).toEqual([])
  })

  it('is what nodes have come to, new ones too', () => {
    const before = state([node('a', 'ready'), node('b', 'busy')])
    const after = state([node('a', 'busy'), node('b', 'busy'), node('c', 'ready')])
    expect(outwardEvents(before, after)).toEqual([
      { type: 'node-state', atMs: 7, node: { id: 'a', name: 'name of a' }, state: 'busy', before: 'ready' },
      { type: 'node-state', atMs: 7, node: { id: 'c', name: 'name of c' }, state: 'ready', before: null },
    ])
  })

  it('is sessions that began and ended, also where both fell between the looks', () => {
    const before = state([], [session('s')])
    const failed = session('s', { state: 'failed', reason: 'no node is left', endedAtMs: 6 })
    const short = session('t', { state: 'finished', endedAtMs: 6 })
    const events = outwardEvents(before, state([], [session('u')], [failed, short]))
    expect(events.map((event) => [event.type, 'session' in event && event.session])).toEqual([
      ...[
        ['session-began', 'u'],
        ['session-began', 't'],
        ['session-ended', 's'],
        ['session-ended', 't'],
      ],
    ])
    expect(events[2]).toMatchObject({ how: 'failed', reason: 'no node is left', atMs: 6, title: 'film.mkv' })
  })
})

describe('an outlet', () => {
  it('is shown how things stand, and told what happens, until it is closed', async () => {
    const [told, shown]: [OutwardEvent[], OutwardState[]] = [[], []]
    const outlet: Outlet = {
      tell: (event) => void told.push(event),
      show: (each) => void shown.push(each),
      close: async () => void told.push({ ...told[0]!, atMs: -1 }),
    }
    const states = [state([node('a', 'ready')]), state([node('a', 'busy')])]
    const close = feedOutlet(() => (states.length > 1 ? states.shift()! : states[0]!), outlet, 5)
    while (told.length === 0) await new Promise((done) => setTimeout(done, 5))
    await close()
    const count = shown.length
    expect(shown[0]).toEqual(outwardState(state([node('a', 'ready')])))
    expect(shown[0]?.fleet).toEqual({
      watts: 12.5,
      savedWatts: null,
      monthKwh: 1.235,
      monthSavedKwh: 9,
      sessions: 0,
    })
    await new Promise((done) => setTimeout(done, 30))
    expect([shown.length, told.at(-1)?.atMs]).toEqual([count, -1])
  })
})
