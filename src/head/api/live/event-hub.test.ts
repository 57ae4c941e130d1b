import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import type { ServerEvent, SessionsEvent } from '../contract/events.ts'
import type { SegmentView } from '../contract/session-view.ts'
import { openViewStage, type ViewStage } from '../testing/view-stage.ts'
import { createEventHub, type EventHub } from './event-hub.ts'

let stage: ViewStage
let hub: EventHub

beforeEach(async () => {
  stage = await openViewStage()
  hub = createEventHub({
    view: stage.view,
    now: () => performance.now(),
    gatherMs: 10,
    mostReaders: 2,
    lingerMs: 80,
  })
  stage.onTouch = hub.touch
})

afterEach(async () => {
  hub.close()
  await stage.close()
})

/** A reader that remembers; `waiting` is what it has not taken. */
function reader() {
  let text = ''
  return {
    writableLength: 0,
    isDestroyed: false,
    write(chunk: string) {
      text += chunk
      return true
    },
    destroy() {
      this.isDestroyed = true
    },
    events: (): ServerEvent[] => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!)),
    lastId: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
    text: () => text,
  }
}

const types = (from: { events(): ServerEvent[] }) => from.events().map(({ type }) => type)

describe('the stream of events', () => {
  it('begins with who speaks and with all there is', () => {
    const sink = reader()
    hub.read(sink, undefined)
    expect(sink.events()).toMatchObject([
      { type: 'hello', boot: 'b0', version: '0.0.0', isResumed: false },
      { type: 'snapshot', state: { nodes: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], sessions: [] } },
    ])
    expect(sink.text()).toMatch(/^retry: \d+\nevent: hello\ndata: .*\n\nid: b0-\d+\nevent: snapshot\n/)
  })

  it('tells a session from its beginning to its end, and each segment as it was in the end', async () => {
    const sink = reader()
    hub.read(sink, undefined)
    const session = await stage.start({ mode: 'file' })
    await session.ended
    await eventually(() => sink.events().some((event) => event.type === 'sessions' && event.ended.length > 0))
    const sessions = sink.events().filter((event): event is SessionsEvent => event.type === 'sessions')
    expect(sessions[0]?.changed[0]).toMatchObject({ id: session.id, title: 'film.mkv' })
    expect(sessions.at(-1)?.ended[0]).toMatchObject({ id: session.id, state: 'finished' })
    const told = new Map<number, SegmentView>()
    for (const event of sink.events()) {
      if (event.type === 'segments')
        for (const each of event.sessions) for (const s of each.segments) told.set(s[0], s)
      if (event.type === 'sessions')
        for (const s of event.changed.flatMap((c) => c.segments ?? [])) told.set(s[0], s)
    }
    const final = sessions.at(-1)!.ended[0]!.segments
    for (const segment of final)
      if (told.has(segment[0])) expect(told.get(segment[0])?.slice(0, 3)).toEqual(segment.slice(0, 3))
    expect(final.map(([number]) => number)).toEqual(session.output.published.map(({ segment }) => segment))
  })

  it('tells only the fields that changed, and nothing while nothing does', async () => {
    const sink = reader()
    hub.read(sink, undefined)
    await sleep(50)
    expect(types(sink)).toEqual(['hello', 'snapshot'])
    stage.drained.set('b', 'drained')
    await eventually(() => types(sink).includes('nodes'))
    expect(sink.events().at(-1)).toEqual({
      type: 'nodes',
      changed: [{ id: 'b', state: 'drained' }],
      gone: [],
    })
  })

  it('gathers: however much changes, a type comes once in a turn', async () => {
    const slow = createEventHub({ view: stage.view, now: () => performance.now(), gatherMs: 100 })
    stage.onTouch = slow.touch
    const sink = reader()
    slow.read(sink, undefined)
    const sessions = await Promise.all(Array.from({ length: 20 }, () => stage.start({ mode: 'file' })))
    const began = performance.now()
    await Promise.all(sessions.map(({ ended }) => ended))
    await sleep(250)
    const turns = (performance.now() - began) / 100
    slow.close()
    for (const type of ['sessions', 'segments'] as const) {
      expect(types(sink).filter((each) => each === type).length).toBeLessThanOrEqual(turns + 2)
    }
  })
})

describe('a reader who comes again', () => {
  it('hears what he has missed', async () => {
    const first = reader()
    const end = hub.read(first, undefined)
    stage.drained.set('a', 'drained')
    await eventually(() => types(first).includes('nodes'))
    const last = first.lastId()
    end()
    stage.drained.set('b', 'drained')
    await sleep(30)
    const again = reader()
    hub.read(again, last)
    await eventually(() => types(again).includes('nodes'))
    expect(again.events()[0]).toMatchObject({ type: 'hello', isResumed: true })
    expect(types(again)).not.toContain('snapshot')
    expect(again.events().at(-1)).toMatchObject({ changed: [{ id: 'b', state: 'drained' }] })
  })

  it.each(['b0-99999', 'ffff-0', 'nonsense', ''])(
    'gets all anew where %j says nothing of what is known',
    (last) => {
      const sink = reader()
      hub.read(sink, last)
      expect(types(sink)).toEqual(['hello', 'snapshot'])
    },
  )

  it('gets all anew when he was away for longer than changes are gathered', async () => {
    const first = reader()
    hub.read(first, undefined)()
    const last = first.lastId()
    await sleep(200)
    stage.drained.set('b', 'drained')
    const again = reader()
    hub.read(again, last)
    expect(types(again)).toEqual(['hello', 'snapshot'])
  })
})

describe('a reader who is too slow', () => {
  it('has nothing waiting for him but what he took already, and gets all anew when he reads', async () => {
    const [slow, quick] = [reader(), reader()]
    hub.read(slow, undefined)
    hub.read(quick, undefined)
    slow.writableLength = 10_000_000
    const before = slow.text().length
    stage.drained.set('b', 'drained')
    await eventually(() => types(quick).includes('nodes'))
    expect(slow.text().length).toBe(before)
    slow.writableLength = 0
    await eventually(() => slow.text().length > before)
    expect(types(slow)).toEqual(['hello', 'snapshot', 'snapshot'])
  })

  it('is one of a bounded number', () => {
    const ends = [hub.read(reader(), undefined), hub.read(reader(), undefined)]
    expect(hub.hasRoom(0)).toBe(false)
    ends[0]!()
    expect([hub.hasRoom(0), hub.hasRoom(1)]).toEqual([true, false])
  })
})

describe('the price of telling', () => {
  it('is nothing while nobody reads', async () => {
    let looks = 0
    const nodes = () => {
      looks += 1
      return stage.view.nodes()
    }
    const counted = { ...stage.view, nodes }
    const idle = createEventHub({ view: counted, now: () => performance.now(), gatherMs: 5, lingerMs: 0 })
    idle.read(reader(), undefined)()
    await sleep(50)
    const before = looks
    await sleep(400)
    expect(looks).toBe(before)
    idle.close()
  })
})
