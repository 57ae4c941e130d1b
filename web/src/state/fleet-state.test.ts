import { effect } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import type { SegmentView } from '../../../src/head/api/contract/session-view.ts'
import { sampleNode, sampleSession, sampleSnapshot } from '../testing/samples.ts'
import { createFleetState } from './fleet-state.ts'

const published = (index: number): SegmentView => [index, 'oak', 'a', 5, 0]

function filled() {
  const state = createFleetState(() => 1_000)
  const snapshot = sampleSnapshot({
    nodes: [sampleNode({ id: 'n1', name: 'oak' }), sampleNode({ id: 'n2', name: 'elm' })],
    sessions: [sampleSession({ id: 's1', segments: [published(0)] })],
    recent: [sampleSession({ id: 'r1' }), sampleSession({ id: 'r2' })],
  })
  state.apply([{ type: 'snapshot', state: snapshot }])
  return state
}

describe('what the head has told', () => {
  it('is nothing before the first snapshot', () => {
    const state = createFleetState(() => 0)
    expect([state.head.value, state.fleet.value, state.nodes.ids.value]).toEqual([null, null, []])
  })

  it('is the snapshot, with what ended last first', () => {
    const state = filled()
    expect(state.nodes.now().map(({ name }) => name)).toEqual(['oak', 'elm'])
    expect(state.recent.value.map(({ id }) => id)).toEqual(['r2', 'r1'])
  })

  it('knows how far the clocks are apart', () => {
    const state = filled()
    const head = { ...sampleSnapshot({}).head, nowMs: 61_000 }
    state.apply([{ type: 'snapshot', state: sampleSnapshot({ head }) }])
    expect(state.clockAheadMs.value).toBe(60_000)
  })

  it('takes the fields of a node that changed, and leaves the others', () => {
    const state = filled()
    state.apply([{ type: 'nodes', changed: [{ id: 'n1', load: 0.5 }], gone: ['n2'] }])
    expect(state.nodes.now()).toEqual([sampleNode({ id: 'n1', name: 'oak', load: 0.5 })])
  })

  it('takes a new node', () => {
    const state = filled()
    state.apply([{ type: 'nodes', changed: [sampleNode({ id: 'n3', name: 'ash' })], gone: [] }])
    expect(state.nodes.ids.value).toEqual(['n1', 'n2', 'n3'])
  })

  it('moves a session that ended to those that did', () => {
    const state = filled()
    state.apply([{ type: 'sessions', changed: [], ended: [sampleSession({ id: 's1', state: 'finished' })] }])
    expect(state.sessions.ids.value).toEqual([])
    expect(state.recent.value.map(({ id }) => id)).toEqual(['s1', 'r2', 'r1'])
  })

  it('adds segments, and passes over those of sessions that it does not know', () => {
    const state = filled()
    const sessions = [
      { id: 's1', segments: [published(1)] },
      { id: 'gone', segments: [published(1)] },
    ]
    state.apply([{ type: 'segments', sessions }])
    expect(state.sessions.now()[0]?.segments.map(([index]) => index)).toEqual([0, 1])
    expect(state.sessions.ids.value).toEqual(['s1'])
  })

  it('forgets what a later snapshot does not have', () => {
    const state = filled()
    state.apply([{ type: 'snapshot', state: sampleSnapshot({}) }])
    expect([state.nodes.ids.value, state.sessions.ids.value, state.recent.value]).toEqual([[], [], []])
  })

  it('tells of many events at once, not of each', () => {
    const state = filled()
    const seen: (number | null | undefined)[] = []
    effect(() => void seen.push(state.nodes.of('n1')?.value.load))
    const load = (value: number) => ({
      type: 'nodes' as const,
      changed: [{ id: 'n1', load: value }],
      gone: [],
    })
    state.apply([load(0.1), load(0.2), load(0.3)])
    expect(seen).toEqual([null, 0.3])
  })
})
