import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { segmentFlags } from '../contract/session-view.ts'
import { openViewStage, type ViewStage } from '../testing/view-stage.ts'

let stage: ViewStage

beforeEach(async () => {
  stage = await openViewStage()
})

afterEach(() => stage.close())

const never = () => new Promise(() => {})

describe('the strip of a session', () => {
  it('is the order in which segments were published, and who made them', async () => {
    // Two make at different speeds, so that hands change often.
    stage.fleet.gate = (node) => sleep(node === 'a' ? 12 : 5)
    const session = await stage.start({ mode: 'file' })
    await session.ended
    const strip = stage.view.session(session.id)!.segments
    const published = session.output.published.map(({ segment }) => segment)
    expect(published.length).toBeGreaterThan(3)
    expect(strip.map(([segment]) => segment)).toEqual(published)
    for (const [segment, node] of strip) {
      const first = stage.delivered.find((each) => each.segment === segment)
      expect([segment, node]).toEqual([segment, first?.node])
    }
    expect(new Set(strip.map(([, node]) => node)).size).toBeGreaterThan(1)
    const times = strip.map(([, , , publishedAtMs]) => publishedAtMs!)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(strip.map(([segment, node]) => ({ segment, node })).toSorted(bySegment)).toEqual(
      [...session.tally.arrivals].toSorted(bySegment),
    )
  })

  it('shows what is made before it is published, with no time', async () => {
    stage.fleet.gate = (_node, part) => (part === 'audio' ? never() : Promise.resolve())
    const session = await stage.start()
    await eventually(() => stage.view.session(session.id)!.segments.length > 0)
    expect(stage.view.session(session.id)!.segments.every(([, , , at]) => at === null)).toBe(true)
  })

  it('marks what was leased again after a node was lost', async () => {
    stage.fleet.gate = (node, part, segment) =>
      part === 'video' && node === 'a' && segment > 0 ? never() : sleep(2)
    const session = await stage.start({ mode: 'file' })
    await eventually(() => stage.view.session(session.id)!.leases.some(({ node }) => node === 'name of a'))
    await sleep(20)
    stage.fleet.lose('a')
    stage.hall.nodeLost('a')
    stage.hall.shareOut()
    await session.ended
    const { segments } = stage.view.session(session.id)!
    expect(
      segments.some(
        ([, node, , , flags]) => node !== 'name of a' && (flags & segmentFlags.leasedAgain) !== 0,
      ),
    ).toBe(true)
  })
})

const bySegment = (one: { segment: number }, other: { segment: number }) => one.segment - other.segment

describe('a session', () => {
  it('has what the client wants, the leases that run and the state it is in', async () => {
    stage.fleet.gate = never
    const session = await stage.start({ dialect: 'plex' })
    const shown = stage.view.session(session.id)!
    expect(shown).toMatchObject({
      title: 'film.mkv',
      dialect: 'plex',
      state: 'starting',
      player: null,
      speed: null,
    })
    expect(shown.job).toMatch(/H\.264/)
    expect(shown.leases.find(({ part }) => part === 'video')).toMatchObject({
      from: 0,
      next: 0,
      isCut: false,
    })
    session.throttle(true)
    expect(stage.view.session(session.id)!.state).toBe('throttled')
    session.tally.waits('E_DISK_FULL: no room')
    expect(stage.view.session(session.id)).toMatchObject({
      state: 'waiting',
      waitsFor: ['E_DISK_FULL: no room'],
    })
  })

  it('is still shown when it has ended, with how', async () => {
    const session = await stage.start()
    await session.ended
    await eventually(() => stage.view.running().length === 0)
    const shown = stage.view.session(session.id)!
    expect(shown).toMatchObject({ state: 'finished', leases: [], speed: null, reason: null })
    expect(shown.endedAtMs).toBeGreaterThanOrEqual(shown.startedAtMs)
    stage.hall.wentLocal(session.id)
    expect(stage.view.session(session.id)!.state).toBe('local')
    expect(stage.view.snapshot(7)).toMatchObject({ sequence: 7, sessions: [], recent: [{ id: session.id }] })
  })

  it('has a player that is as far behind publication as the session leads', async () => {
    stage.fleet.gate = (_node, _part, segment) => (segment > 1 ? never() : Promise.resolve())
    const session = await stage.start()
    await eventually(() => session.tally.publishedSegments > 0)
    const { player } = stage.view.session(session.id)!
    expect(player!.positionSeconds + player!.leadSeconds).toBeCloseTo(session.tally.publishedUntilSeconds!, 1)
    expect(player!.leadSeconds).toBeGreaterThan(0)
  })

  it('that nobody knows is none', () => {
    expect(stage.view.session('nobody')).toBeUndefined()
    expect(stage.view.allSegments('nobody')).toBeUndefined()
  })
})

describe('the nodes', () => {
  const stateOf = (name: string) => stage.view.nodes().find((node) => node.name === `name of ${name}`)?.state

  it('are ready, busy, away, or drained', async () => {
    expect(stage.view.nodes().map(({ name, state }) => [name, state])).toEqual([
      ...[
        ['name of a', 'ready'],
        ['name of b', 'ready'],
        ['name of c', 'ready'],
      ],
    ])
    stage.fleet.gate = never
    const session = await stage.start()
    const busy = session.view().leases.map(({ node }) => node)
    for (const id of busy) expect(stateOf(id)).toBe('busy')
    stage.drained.set('b', 'drained')
    expect(stateOf('b')).toBe('drained')
    stage.fleet.lose('c')
    expect(stateOf('c')).toBe('away')
  })

  it('show their power, where somebody switches it', () => {
    const power = { sinceMs: 5, watts: null, keepWarmUntilMs: 9, hasPowerControl: true, decision: null }
    stage.power.set('a', { ...power, state: 'waking', readyAtMs: 1_234 })
    stage.power.set('b', { ...power, state: 'off', readyAtMs: null })
    stage.fleet.lose('a')
    const [a, b] = stage.view.nodes()
    expect(a).toMatchObject({
      state: 'waking',
      readyAtMs: 1_234,
      sinceMs: 5,
      keepWarmUntilMs: 9,
      cores: null,
    })
    // It is to be off, and is there: what is heard of it counts.
    expect(b).toMatchObject({ state: 'ready', readyAtMs: null, hasPowerControl: true })
    stage.fleet.lose('b')
    expect(stateOf('b')).toBe('off')
  })

  it('say what they have proved and what they are kept off', () => {
    stage.keptOff.set('a', [{ work: 'x', reason: 'y', proofInSeconds: 3 }])
    expect(stage.view.nodes()[0]).toMatchObject({
      proof: { proved: 1, failed: 0, platforms: ['software'], keptOff: 1 },
    })
  })
})
