import { describe, expect, it } from 'vitest'
import { screenText } from './screen-text.ts'
import type { WatchedNode, WatchedSession, WatchedState } from './watched-state.ts'

const size = { columns: 100, rows: 50, hasColors: false }

function node(name: string, more: Partial<WatchedNode> = {}): WatchedNode {
  const none = {
    readyAtMs: null,
    watts: null,
    load: null,
    celsius: null,
    speed: null,
    leases: [],
    troubles: [],
  }
  return { name, state: 'ready', ...none, ...more }
}

function session(more: Partial<WatchedSession> = {}): WatchedSession {
  return {
    ...{ id: 's', title: 'film.mkv', job: 'DASH, 1280x720, H.264, AAC', state: 'running', speed: 4.25 },
    ...{ player: { leadSeconds: 31.4 }, timeline: { firstSegment: 0, endSegment: 40 }, segments: [] },
    ...{ publishedSegments: 12, hedges: 0, waitsFor: [] },
    ...more,
  }
}

function state(
  nodes: readonly WatchedNode[],
  sessions: readonly WatchedSession[],
  more: Partial<WatchedState> = {},
): WatchedState {
  return {
    head: {
      ...{ version: '0.1.0', startedAtMs: 0, nowMs: 90_000, observeOnly: false, natsTrouble: null },
      waitingForRoom: 0,
    },
    fleet: { watts: null, savedWatts: null, month: null },
    ...{ nodes, sessions },
    ...more,
  }
}

describe('the state on a terminal', () => {
  it('has nodes with what is known of them, and says when one that wakes will be there', () => {
    const text = screenText(
      state(
        [
          node('attic', { state: 'waking', readyAtMs: 102_500 }),
          node('loft', { watts: { value: 7.25, source: 'measured' }, load: 0.42, celsius: 51.6, speed: 3.1 }),
        ],
        [],
      ),
      size,
    )
    expect(text).toContain('head 0.1.0, up 90 s')
    expect(text).toMatch(/a {2}attic +waking, 13 s +- +- +- +- +0/)
    expect(text).toMatch(/b {2}loft +ready +7\.3 W +42 % +52 °C +3\.1x +0/)
    expect(text).toContain('Nothing is being made.')
  })

  it('has the fleet in one line, and marks what a model says', () => {
    const month = { kwh: 1.234, savedKwh: 20, source: 'modelled', cost: 0.43, savedCost: 7, currency: 'EUR' }
    const fleet = { watts: { value: 12.3, source: 'modelled' }, savedWatts: 40.06, month }
    expect(screenText(state([], [], { fleet }), size)).toContain(
      '~12.3 W now, 40.1 W saved, this month 1.23 kWh, 20.00 saved (0.43 EUR, 7.00 saved)',
    )
  })

  it('has a strip of who made what: where hands change, what is missing, what waits', () => {
    const segments = [
      ...[
        [0, 'attic', 's-0', 5, 0],
        [1, 'attic', 's-0', 6, 0],
        [2, 'loft', 's-1', 7, 0],
      ],
      ...[
        [4, 'loft', 's-1', null, 0],
        [5, 'gone', 's-2', null, 0],
      ],
    ] as unknown as WatchedSession['segments']
    const all = state([node('attic'), node('loft')], [session({ segments })])
    expect(screenText(all, size)).toContain('\n  aa|b.B|?\n')
    expect(screenText(all, { ...size, hasColors: true })).toContain(
      'aa|b.\u001b[2mb\u001b[0m|\u001b[2m?\u001b[0m',
    )
    expect(screenText(all, size)).toContain('  running, 4.3x, 12 of 40 segments, 31 s ahead')
  })

  it('has what was left to the media server, below what is made', () => {
    const localJobs = [{ title: 'f.mkv', code: 'live', reason: 'a tuner', times: 3, atMs: 80_000 }]
    const { head } = state([], [])
    const text = screenText(state([], [session()], { head: { ...head, localJobs } }), size)
    expect(text.slice(text.indexOf('Left'))).toBe(
      'Left to the media server:\n  f.mkv, 10 s ago, 3 times: live, a tuner',
    )
  })

  it('lets no name move the cursor or change a colour', () => {
    const nasty = 'a\u001b[2J\u001b]0;owned\u0007\u202egnp.mkv\n\r'
    const text = screenText(
      state([node(nasty, { troubles: [nasty] })], [session({ title: nasty, waitsFor: [nasty] })]),
      size,
    )
    for (const bad of ['\u001b', '\u0007', '\u202e', '\r']) expect(text).not.toContain(bad)
    expect(text).toContain('a?[2J?]0;owned??gnp.mkv??')
  })

  it('is no wider and no longer than the screen', () => {
    const many = state(
      Array.from({ length: 30 }, (_, n) => node(`node ${n}`)),
      Array.from({ length: 30 }, () => session({ title: 'x'.repeat(300) })),
    )
    const lines = screenText(many, { columns: 60, rows: 20, hasColors: false }).split('\n')
    expect(lines).toHaveLength(20)
    expect(lines.at(-1)).toMatch(/^\.\.\. \d+ lines more$/)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60)
  })
})
