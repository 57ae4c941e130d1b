import { describe, expect, it } from 'vitest'
import { observedText, type ShownObservation } from './observed.ts'
import { installationsText, type ShownStatus, statusText } from './status.ts'

const planned: ShownObservation = {
  ...{ at: '2026-03-01T20:15:00.123Z', title: 'film.mkv', decision: 'node', reason: null },
  ...{ nodes: ['loft', 'cellar'], speed: 3.5, basis: 'modelled', watts: null },
}
const local: ShownObservation = {
  ...{ at: '2026-03-01T21:00:00.000Z', title: 'tuner', decision: 'local', reason: 'live: a tuner' },
  ...{ nodes: [], speed: null, basis: null, watts: null },
}

describe('what was observed', () => {
  it('is a line for each job, and how many would have gone to nodes', () => {
    const [head, first, second, , last] = observedText([planned, local]).split('\n')
    expect(head).toMatch(/^time \(UTC\) +what +where +nodes +speed +watts +why$/)
    expect(first).toMatch(/^2026-03-01 20:15:00 {2}film\.mkv {2}node +loft cellar {2}3\.5x \(modelled\)$/)
    expect(second).toMatch(/^2026-03-01 21:00:00 {2}tuner +local +live: a tuner$/)
    expect(last).toBe('1 of 2 would have gone to nodes.')
  })

  it('says which speeds are only modelled, and watts where they are known', () => {
    const text = observedText([{ ...planned, basis: 'measured', watts: 12 }])
    expect(text).toContain(' 3.5x ')
    expect(text).toContain('12 W')
    expect(text).not.toContain('modelled')
  })

  it('says how to begin where there is nothing', () => {
    expect(observedText([])).toContain('paceline install plex --observe')
  })
})

describe('the status', () => {
  const status: ShownStatus = {
    ...{ version: '0.1.0', uptimeSeconds: 1, nats: { url: '', version: '2.9.10', trouble: null } },
    ...{ observeOnly: false, nodes: [], sessions: [] },
  }

  it('says in which ways a node made pictures where that is not the processor from the first to the last', () => {
    const session = {
      ...{ id: 's', title: 'film.mkv', runningSeconds: 4, publishedSegments: 3, hedges: 0, arrivals: [] },
      ...{ waitsFor: [], segments: { loft: 3, cellar: 1 } },
      ways: { loft: ['nvidia:full', 'software'], cellar: ['software'] },
    }
    const text = statusText({ ...status, sessions: [session] })
    expect(text).toContain('loft: 3 (nvidia:full, then software), cellar: 1\n')
  })

  it('says when the head only observes', () => {
    expect(statusText({ ...status, observeOnly: true })).toContain('Only observing')
    expect(statusText(status)).not.toContain('observ')
  })

  it('says why nodes are out of reach', () => {
    const nats = { ...status.nats, trouble: 'E_NATS_AWAY: address already in use' }
    expect(statusText({ ...status, nats })).toContain('NATS: E_NATS_AWAY: address already in use\n')
    expect(statusText(status)).not.toContain('E_NATS')
  })

  it('ends with the media servers that the shim was installed in, and what to do', () => {
    expect(installationsText([])).toBe('')
    const found = 'An update of the media server has replaced the shim.'
    const text = installationsText([{ transcoder: '/plex/Plex Transcoder', found, remedy: 'Put it back.' }])
    expect(text).toBe(`\n/plex/Plex Transcoder: ${found} Put it back.\n`)
  })
})
