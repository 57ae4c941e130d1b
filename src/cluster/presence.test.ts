import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Beat } from './messages.ts'
import { checkEveryMs, createPresence, type Presence, type PresenceEvent } from './presence.ts'

const beatOf = (node: string, boot = 'boot-1'): Beat => ({
  node,
  name: node,
  boot,
  contract: 1,
  version: '0.1.0',
  platforms: ['software'],
  cores: 4,
  leases: [{ attempt: 'boot-0', next: 0, frames: 0, speed: 0 }],
})

const idleBeatOf = (node: string): Beat => ({ ...beatOf(node), leases: [] })

/** A presence tracker on a clock that only the test moves, and a head that checks as often as it should. */
function virtual(silenceMs?: number) {
  let at = 1_000_000
  const presence = createPresence({ now: () => at, ...(silenceMs !== undefined && { silenceMs }) })
  const events: (PresenceEvent & { readonly at: number })[] = []
  const note = (happened: readonly PresenceEvent[]) =>
    events.push(...happened.map((event) => ({ ...event, at })))
  /** Moves on in steps of the head's checks. */
  const pass = (ms: number) => {
    for (let left = ms; left > 0; left -= checkEveryMs) {
      at += Math.min(left, checkEveryMs)
      note(presence.check())
    }
  }
  /** Moves on without the head running at all. */
  const freeze = (ms: number) => {
    at += ms
  }
  return {
    presence,
    pass,
    freeze,
    now: () => at,
    beat: (beat: Beat) => note(presence.beat(beat)),
    check: (deafMs?: number) => note(presence.check(deafMs)),
    drop: (...args: Parameters<Presence['drop']>) => note(presence.drop(...args)),
    /** What has happened since the last call, shortly. */
    news: () => events.splice(0).map((event) => `${event.type} ${event.node}`),
    events,
  }
}

describe('presence', () => {
  it('tells of a node once when it joins, and keeps its last beat', () => {
    const { presence, beat, pass, news } = virtual()
    for (let second = 0; second < 10; second++) {
      beat({ ...beatOf('a'), cores: second + 1 })
      pass(1_000)
    }
    expect(news()).toEqual(['joined a'])
    expect(presence.nodes().get('a')?.beat.cores).toBe(10)
  })

  it('misses a silent node early enough to lease its segments again within two seconds', () => {
    const { beat, pass, events, now } = virtual()
    beat(beatOf('a'))
    const lastSign = now()
    pass(3_000)
    const left = events.find((event) => event.type === 'left')!
    expect(left).toMatchObject({ node: 'a', why: 'silent' })
    expect(left.at - lastSign).toBeGreaterThanOrEqual(1_800)
    expect(left.at - lastSign).toBeLessThanOrEqual(1_900)
  })

  it('gives a node without leases the time of its slower beats', () => {
    const { beat, pass, news } = virtual()
    beat(idleBeatOf('a'))
    pass(4_200)
    beat(idleBeatOf('a'))
    pass(4_200)
    expect(news()).toEqual(['joined a'])
    pass(200)
    expect(news()).toEqual(['left a'])
  })

  it('judges a node by what it said last', () => {
    const { beat, pass, news } = virtual()
    beat(idleBeatOf('a'))
    pass(1_000)
    beat(beatOf('a'))
    pass(1_900)
    expect(news()).toEqual(['joined a', 'left a'])
  })

  it('forgives a beat that comes 700 ms late', () => {
    const { beat, pass, news } = virtual()
    beat(beatOf('a'))
    pass(1_700)
    beat(beatOf('a'))
    pass(1_700)
    expect(news()).toEqual(['joined a'])
  })

  it('takes any other message as a sign of life, but not as an introduction', () => {
    const { presence, beat, pass, news } = virtual()
    presence.sign('a')
    expect(presence.nodes().size).toBe(0)
    beat(beatOf('a'))
    for (let step = 0; step < 10; step++) {
      pass(1_000)
      presence.sign('a')
    }
    expect(news()).toEqual(['joined a'])
    pass(2_000)
    expect(news()).toEqual(['left a'])
  })

  it('lets a node that was away come back, as the same process or another', () => {
    const { beat, pass, news } = virtual()
    beat(beatOf('a'))
    pass(2_000)
    beat(beatOf('a'))
    pass(2_000)
    beat(beatOf('a', 'boot-2'))
    expect(news()).toEqual(['joined a', 'left a', 'joined a', 'left a', 'joined a'])
  })

  it('tells of a restart, with the boot that is gone', () => {
    const { beat, events } = virtual()
    beat(beatOf('a'))
    beat(beatOf('a', 'boot-2'))
    expect(events.at(-1)).toMatchObject({ type: 'restarted', node: 'a', formerBoot: 'boot-1' })
  })

  it('does not let beats of a former process pass for the node, and tells of them once', () => {
    const { presence, beat, pass, news } = virtual()
    beat(beatOf('a'))
    beat(beatOf('a', 'boot-2'))
    news()
    beat(beatOf('a'))
    beat(beatOf('a'))
    expect(news()).toEqual(['duplicate a'])
    expect(presence.nodes().get('a')?.beat.boot).toBe('boot-2')
    for (let second = 0; second < 3; second++) {
      pass(1_000)
      beat(beatOf('a'))
    }
    expect(news()).toEqual(['left a'])
  })

  it('knows a former process also when the node was away in between', () => {
    const { beat, pass, news } = virtual()
    beat(beatOf('a'))
    pass(2_000)
    beat(beatOf('a', 'boot-2'))
    news()
    beat(beatOf('a'))
    expect(news()).toEqual(['duplicate a'])
  })

  it('remembers only so many former processes', () => {
    const { beat, news } = virtual()
    for (let boot = 0; boot < 1_000; boot++) beat(beatOf('a', `boot-${boot}`))
    news()
    beat(beatOf('a', 'boot-998'))
    beat(beatOf('a', 'boot-0'))
    expect(news()).toEqual(['duplicate a', 'restarted a'])
  })

  it('drops a node that the head knows to be gone, once', () => {
    const { drop, beat, events, news } = virtual()
    beat(beatOf('a'))
    drop('a', 'unreachable')
    expect(events.at(-1)).toMatchObject({ type: 'left', why: 'unreachable' })
    drop('a', 'unreachable')
    drop('never-seen', 'removed')
    expect(news()).toEqual(['joined a', 'left a'])
  })

  it('forgets everything about a removed node', () => {
    const { drop, beat, news } = virtual()
    beat(beatOf('a'))
    beat(beatOf('a', 'boot-2'))
    drop('a', 'removed')
    beat(beatOf('a'))
    expect(news()).toEqual(['joined a', 'restarted a', 'left a', 'joined a'])
  })

  it('does not lose all nodes because the head itself was frozen', () => {
    const { freeze, check, pass, beat, news } = virtual()
    beat(beatOf('a'))
    beat(beatOf('b'))
    news()
    freeze(30_000)
    check()
    expect(news()).toEqual([])
    // Beats that waited in the socket are read now; b's did not come.
    pass(300)
    beat(beatOf('a'))
    pass(400)
    expect(news()).toEqual(['left b'])
  })

  it('does not take for silence of others what it could not hear itself', () => {
    const { beat, pass, freeze, check, news } = virtual()
    beat(beatOf('a'))
    pass(900)
    freeze(950)
    check(950)
    expect(news()).toEqual(['joined a'])
    pass(800)
    expect(news()).toEqual([])
    pass(200)
    expect(news()).toEqual(['left a'])
  })

  it('never takes a node for heard later than now', () => {
    const { presence, beat, pass, check, now } = virtual()
    beat(beatOf('a'))
    pass(100)
    check(5_000)
    expect(presence.nodes().get('a')?.lastSeenAt).toBe(now())
  })

  it('gives everybody the whole time anew when the connection is back, and knows who has beaten since', () => {
    const { presence, beat, freeze, pass, news } = virtual()
    beat(beatOf('a'))
    beat(beatOf('b'))
    freeze(30_000)
    presence.hearAgain()
    pass(1_000)
    presence.sign('b')
    beat(beatOf('a'))
    expect([...presence.nodes()].map(([node, { awaited }]) => [node, awaited])).toEqual([
      ['a', false],
      // It lives, but may not be listening yet.
      ['b', true],
    ])
    pass(1_700)
    expect(news()).toEqual(['joined a', 'joined b'])
    pass(200)
    expect(news()).toEqual(['left a', 'left b'])
  })

  it('keeps each node’s own time', () => {
    const { beat, pass, news } = virtual()
    beat(beatOf('a'))
    pass(1_000)
    beat(beatOf('b'))
    pass(1_000)
    expect(news()).toEqual(['joined a', 'joined b', 'left a'])
    pass(1_000)
    expect(news()).toEqual(['left b'])
  })

  it('agrees with its own events under any schedule', () => {
    const step = fc.oneof(
      fc.record({ node: fc.constantFrom('a', 'b'), boot: fc.constantFrom('1', '2', '3') }),
      fc.record({ ms: fc.integer({ min: 1, max: 2_500 }) }),
      fc.record({ frozenMs: fc.integer({ min: 1, max: 5_000 }) }),
      fc.record({ dropped: fc.constantFrom('a', 'b') }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const run = virtual()
        for (const each of steps) {
          if ('node' in each) run.beat(beatOf(each.node, each.boot))
          else if ('ms' in each) run.pass(each.ms)
          else if ('frozenMs' in each) run.freeze(each.frozenMs)
          else run.drop(each.dropped, 'unreachable')
        }
        const present = new Map<string, string>()
        for (const event of run.events) {
          if (event.type === 'joined') {
            expect(present.has(event.node)).toBe(false)
            present.set(event.node, event.beat.boot)
          } else if (event.type === 'restarted') {
            expect(present.get(event.node)).toBe(event.formerBoot)
            present.set(event.node, event.beat.boot)
          } else if (event.type === 'left') {
            expect(present.delete(event.node)).toBe(true)
          }
        }
        const boots = [...run.presence.nodes()].map(([node, { beat }]) => [node, beat.boot] as const)
        expect(new Map(boots)).toEqual(present)
      }),
    )
  })
})
