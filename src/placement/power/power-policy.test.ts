import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admissibleNodes } from './admissible.ts'
import { PowerPolicy } from './power-policy.ts'
import { type PowerRules, usualRules } from './power-rules.ts'
import type { PowerDecision, PowerNode, PowerResponder, PowerSession, PowerView } from './power-view.ts'
import { readHours } from './weekly-hours.ts'

const platforms = ['software']
const responder: PowerResponder = { platforms, capacity: 2.5, slots: 4, addedWatts: 35 }

function node(id: string, phase: PowerNode['phase'], more: Partial<PowerNode> = {}): PowerNode {
  return {
    ...{ id, phase, platforms, capacity: 2.2, capWatts: null, sinceMs: -1e9 },
    profile: {
      ...{ offWatts: 0, idleWatts: 5, busyWatts: 12 },
      ...{ wakeSeconds: 25, wakeWatts: 8, sleepSeconds: 10, sleepWatts: 5 },
    },
    ...more,
  }
}

function session(id: string, more: Partial<PowerSession> = {}): PowerSession {
  return { id, platforms, demand: 1, ageSeconds: 0, leadSeconds: 0, isResting: false, ...more }
}

function view(
  nodes: readonly PowerNode[],
  sessions: readonly PowerSession[] = [],
  more: Partial<PowerView> = {},
) {
  return { nodes, sessions, responder, weekMinute: 0, ...more }
}

const decideOnce = (seen: PowerView, rules: Partial<PowerRules> = {}): PowerDecision =>
  new PowerPolicy({ ...usualRules, ...rules }).decide(seen, 0)

describe('a viewer who comes while all sleep', () => {
  it('begins on the first responder while one node wakes', () => {
    const decision = decideOnce(view([node('a', 'off'), node('b', 'off')], [session('s')]))
    expect(decision).toMatchObject({ working: [], bridge: ['s'], wake: ['a'], sleep: [] })
  })

  it('is handed over when the node has woken, and the first responder is free', () => {
    const policy = new PowerPolicy()
    policy.decide(view([node('a', 'off')], [session('s')]), 0)
    const waking = node('a', 'waking', { sinceMs: 0, comingSeconds: 6 })
    const begun = session('s', { ageSeconds: 20, leadSeconds: 10 })
    expect(policy.decide(view([waking], [begun]), 20_000)).toMatchObject({
      working: [],
      bridge: ['s'],
      wake: [],
    })
    const rich = { ...begun, leadSeconds: 15 }
    expect(policy.decide(view([waking], [rich]), 20_000).bridge).toEqual([])
    const awake = node('a', 'ready', { sinceMs: 26_000 })
    expect(policy.decide(view([awake], [begun]), 26_000)).toMatchObject({ working: ['a'], bridge: [] })
  })

  it('is handed over at once where the first responder is too slow for it, or has tried for long enough', () => {
    const awake = node('a', 'ready', { sinceMs: 26_000 })
    const behind = { leadSeconds: 2 }
    const bridgedThen = (stream: Partial<PowerSession>) => {
      const policy = new PowerPolicy()
      policy.decide(view([node('a', 'off')], [session('s', stream)]), 0)
      return policy.decide(view([awake], [session('s', { ...stream, ...behind, ageSeconds: 26 })]), 26_000)
        .bridge
    }
    expect(bridgedThen({ demand: 1 })).toEqual(['s'])
    expect(bridgedThen({ demand: 4 })).toEqual([])
    const policy = new PowerPolicy()
    policy.decide(view([node('a', 'off')], [session('s')]), 0)
    const old = session('s', { ...behind, ageSeconds: 31 })
    expect(policy.decide(view([awake], [old]), 31_000).bridge).toEqual([])
  })

  it('waits for nobody: whoever is awake works until the thriftier one has woken', () => {
    const dear = node('dear', 'ready', { capacity: 1.2 })
    const thrifty = node('thrifty', 'off', { profile: { ...dear.profile, idleWatts: 1, busyWatts: 3 } })
    const first = decideOnce(view([dear, thrifty], [session('s', { demand: 1 })]))
    expect(first).toMatchObject({ working: ['dear'], wake: ['thrifty'], sleep: [] })
  })

  it('does not wake what failed or went off a moment ago', () => {
    const nodes = [node('a', 'failed'), node('b', 'off', { sinceMs: -10_000 }), node('c', 'off')]
    expect(decideOnce(view(nodes, [session('s')])).wake).toEqual(['c'])
  })

  it('begins on the first responder though a node is awake that has enough to do, and moves over then', () => {
    const policy = new PowerPolicy()
    const nodes = [node('a', 'busy')]
    const playing = session('old', { ageSeconds: 600, leadSeconds: 55 })
    policy.decide(view(nodes, [playing]), 0)
    expect(policy.decide(view(nodes, [playing, session('new')]), 0).bridge).toEqual(['new'])
    const begun = session('new', { ageSeconds: 8, leadSeconds: 9 })
    expect(policy.decide(view(nodes, [playing, begun]), 8_000).bridge).toEqual([])
  })

  it('moves over while nodes still wake, where what others have in hand lasts until then', () => {
    const waking = node('e', 'waking', { comingSeconds: 20 })
    const bridgedBeside = (leadSeconds: number, weak: readonly string[] = []) => {
      const strong = node('a', 'busy', { capacity: 1.5 })
      const nodes = [...weak.map((id) => node(id, 'busy', { capacity: 0.5 })), waking]
      if (weak.length === 0) nodes.push(strong)
      const begun = session('new', { ageSeconds: 9, leadSeconds: weak.length > 0 ? 15 : 9 })
      const policy = new PowerPolicy()
      const playing = session('old', { ageSeconds: 600, leadSeconds })
      policy.decide(view(nodes, [playing]), 0)
      policy.decide(view(nodes, [playing, session('new')]), 0)
      return policy.decide(view(nodes, [playing, begun]), 9_000).bridge
    }
    // Half a core is missing for 28 s.
    expect(bridgedBeside(60)).toEqual([])
    expect(bridgedBeside(30)).toEqual(['new'])
    // Weak nodes take so long to go from one to another that less can be lent.
    expect(bridgedBeside(38)).toEqual([])
    expect(bridgedBeside(38, ['b', 'c', 'd'])).toEqual(['new'])
  })

  it('goes over with more in hand where a node takes long for the first piece', () => {
    const bridgedAt = (leadSeconds: number, demand: number, phase: PowerNode['phase'] = 'busy') => {
      const policy = new PowerPolicy()
      const nodes = [node('a', phase, { capacity: 1 }), node('b', 'busy', { capacity: 1 })]
      const dear = { responder: { ...responder, addedWatts: 350 } }
      policy.decide(view(nodes, [session('s', { demand })], dear), 0)
      const begun = session('s', { demand, ageSeconds: 9, leadSeconds })
      return policy.decide(view(nodes, [begun], dear), 9_000).bridge
    }
    expect(bridgedAt(8.5, 0.6)).toEqual([])
    expect(bridgedAt(8.5, 1.8)).toEqual(['s'])
    // Each of them has a piece in hand that it makes to its end before.
    expect(bridgedAt(11, 1.8)).toEqual(['s'])
    expect(bridgedAt(13.5, 1.8)).toEqual([])
    expect(bridgedAt(11, 1.8, 'ready')).toEqual([])
  })

  it('comes back from nodes that cannot carry all only when it has next to nothing, and another one is on its way', () => {
    const bridgedAt = (leadSeconds: number, otherSeconds: number, phase: PowerNode['phase']) => {
      const policy = new PowerPolicy()
      const nodes = [node('a', 'busy', { capacity: 1.2 }), node('b', phase, { comingSeconds: 20 })]
      const other = session('old', { ageSeconds: 600, leadSeconds: otherSeconds })
      const late = session('late', { ageSeconds: 60, leadSeconds })
      return policy.decide(view(nodes, [other, late]), 0).bridge
    }
    expect(bridgedAt(4, 22, 'waking')).toEqual(['late'])
    expect(bridgedAt(4, 22, 'going-to-sleep')).toEqual(['late'])
    expect(bridgedAt(6, 22, 'waking')).toEqual([])
    // Another can give for so long, and without anybody on his way it would never end.
    expect(bridgedAt(4, 60, 'waking')).toEqual([])
    expect(bridgedAt(4, 22, 'failed')).toEqual([])
  })

  it('goes on with the first responder after it has made way for another beginner', () => {
    const policy = new PowerPolicy()
    const nodes = [node('a', 'busy', { capacity: 1 })]
    const old = session('old', { ageSeconds: 600, leadSeconds: 55 })
    const first = (ageSeconds: number, leadSeconds: number) => session('first', { ageSeconds, leadSeconds })
    policy.decide(view(nodes, [old, first(0, 0)]), 0)
    expect(policy.decide(view(nodes, [old, first(2, 3), session('second')]), 2_000).bridge).toEqual([
      'second',
    ])
    const begun = session('second', { ageSeconds: 2, leadSeconds: 2 })
    expect(policy.decide(view(nodes, [old, first(4, 2), begun]), 4_000).bridge).toContain('first')
  })

  it('goes to the nodes where the first responder cannot keep up with all that began on it', () => {
    const policy = new PowerPolicy()
    const nodes = [node('a', 'busy', { capacity: 9 })]
    const beginners = ['1', '2', '3', '4'].map((id) => session(id))
    expect(policy.decide(view(nodes, beginners), 0).bridge).toEqual(['1', '2', '3', '4'])
    const behind = beginners.map((each, index) => ({ ...each, ageSeconds: 20, leadSeconds: 1 + index / 10 }))
    expect(policy.decide(view(nodes, behind), 20_000).bridge).toEqual(['1', '2'])
  })

  it('keeps the node on which it began a moment ago, though nobody needs that one any more', () => {
    const policy = new PowerPolicy()
    const nodes = [node('a', 'busy'), node('b', 'busy')]
    const playing = { ageSeconds: 600, leadSeconds: 50 }
    const [first, second] = [session('1', { demand: 2, ...playing }), session('2', playing)]
    expect(policy.decide(view(nodes, [first, second]), 0).working).toEqual(['a', 'b'])
    const { working, nextLookMs } = policy.decide(view(nodes, [second]), 1_000)
    expect(working.toSorted()).toEqual(['a', 'b'])
    expect(nextLookMs).toBe(4_000)
    expect(policy.decide(view(nodes, [second]), 4_000).working).toHaveLength(1)
  })

  it('has the first responder for itself while it has nothing', () => {
    const policy = new PowerPolicy()
    const nodes = [node('a', 'waking', { comingSeconds: 20 })]
    const first = session('first', { ageSeconds: 6, leadSeconds: 4 })
    policy.decide(view(nodes, [first]), 0)
    expect(policy.decide(view(nodes, [first, session('second')]), 0).bridge).toEqual(['second'])
  })
})

describe('a node that nobody needs', () => {
  const awake = node('a', 'ready')

  it('sleeps after its break-even time, not before', () => {
    const policy = new PowerPolicy()
    expect(policy.decide(view([awake]), 0)).toMatchObject({ sleep: [], nextLookMs: 50_000 })
    expect(policy.decide(view([awake]), 49_999).sleep).toEqual([])
    expect(policy.decide(view([awake]), 50_000).sleep).toEqual(['a'])
  })

  it('does so while its viewer has paused', () => {
    const policy = new PowerPolicy()
    const paused = session('s', { isResting: true, leadSeconds: 55 })
    policy.decide(view([awake], [paused]), 0)
    expect(policy.decide(view([awake], [paused]), 50_000)).toMatchObject({ sleep: ['a'], bridge: [] })
  })

  it('stays for the least time on, whatever it costs', () => {
    const policy = new PowerPolicy({ ...usualRules, minOnSeconds: 600 })
    const young = { ...awake, sinceMs: 0 }
    policy.decide(view([young]), 0)
    expect(policy.decide(view([young]), 599_000).sleep).toEqual([])
    expect(policy.decide(view([young]), 600_000).sleep).toEqual(['a'])
  })

  it('begins to wait anew when somebody has needed it in between', () => {
    const policy = new PowerPolicy()
    policy.decide(view([awake]), 0)
    policy.decide(view([awake], [session('s')]), 30_000)
    policy.decide(view([awake]), 40_000)
    expect(policy.decide(view([awake]), 60_000).sleep).toEqual([])
    expect(policy.decide(view([awake]), 90_000).sleep).toEqual(['a'])
  })

  it('stays while the hour has shown that viewers come all the time', () => {
    const policy = new PowerPolicy()
    const weekMs = 7 * 86_400_000
    for (let times = 0; times < 100; times += 1) policy.sessionBegan(times, 0)
    policy.decide(view([awake]), weekMs)
    expect(policy.decide(view([awake]), weekMs + 100_000).sleep).toEqual([])
    const night = view([awake], [], { weekMinute: 300 })
    expect(policy.decide(night, weekMs + 200_000).sleep).toEqual(['a'])
  })
})

describe('the rules of the house', () => {
  const evening = readHours('18:00-23:00')!
  const inHours = { weekMinute: 19 * 60 }

  it('keep so many warm in their hours, the thriftiest, and let them go after', () => {
    const nodes = [node('a', 'off'), node('b', 'off'), node('c', 'off')]
    nodes[1] = node('b', 'off', { profile: { ...nodes[1]!.profile, idleWatts: 2 } })
    const rules = { keepWarm: [{ hours: evening, nodes: 2 }] }
    expect(decideOnce(view(nodes, [], inHours), rules).wake.toSorted()).toEqual(['a', 'b'])
    expect(decideOnce(view(nodes, [], { weekMinute: 0 }), rules).wake).toEqual([])
  })

  it('without a first responder one node is always awake', () => {
    expect(decideOnce(view([node('a', 'off')], [], { responder: null })).wake).toEqual(['a'])
    const policy = new PowerPolicy()
    const alone = view([node('a', 'ready')], [], { responder: null })
    policy.decide(alone, 0)
    expect(policy.decide(alone, 1e7).sleep).toEqual([])
  })

  it('quiet nodes are not woken, and sleep as soon as nobody needs them', () => {
    const rules = { quiet: [{ hours: evening, nodes: ['a'] }], minOnSeconds: 0 }
    const off = decideOnce(view([node('a', 'off'), node('b', 'off')], [session('s')], inHours), rules)
    expect(off.wake).toEqual(['b'])
    expect(decideOnce(view([node('a', 'ready')], [], inHours), rules).sleep).toEqual(['a'])
    expect(decideOnce(view([node('a', 'busy')], [session('s')], inHours), rules).working).toEqual(['a'])
  })

  it('nodes in maintenance get no work and no power command', () => {
    const rules = { maintenance: [{ hours: evening, nodes: ['a'] }] }
    const nodes = [node('a', 'ready'), node('b', 'off')]
    const decision = decideOnce(view(nodes, [session('s')], inHours), rules)
    expect(decision).toMatchObject({ working: [], wake: ['b'], sleep: [] })
    expect(admissibleNodes(view(nodes, [], inHours), { ...usualRules, ...rules })).toHaveLength(1)
  })

  it('under a cap as many are admitted as may be busy at once', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id) => node(id, 'off'))
    const rules = { ...usualRules, totalCapWatts: 40, floorWatts: 10 }
    expect(admissibleNodes(view(nodes), rules)).toHaveLength(2)
    expect(admissibleNodes(view(nodes), usualRules)).toHaveLength(4)
  })
})

describe('whatever comes', () => {
  const phases = fc.constantFrom<PowerNode['phase']>(
    'off',
    'waking',
    'ready',
    'busy',
    'draining',
    'going-to-sleep',
    'failed',
  )
  const anyNodes = fc
    .array(fc.tuple(phases, fc.double({ min: 0.5, max: 3, noNaN: true })), { minLength: 1, maxLength: 8 })
    .map((all) => all.map(([phase, capacity], index) => node(`n${index}`, phase, { capacity })))
  const anySessions = fc
    .array(fc.tuple(fc.double({ min: 0.2, max: 2, noNaN: true }), fc.integer({ min: -5, max: 60 })), {
      maxLength: 6,
    })
    .map((all) => all.map(([demand, leadSeconds], index) => session(`s${index}`, { demand, leadSeconds })))

  it('what may be drawn never goes over the cap by a decision', () => {
    fc.assert(
      fc.property(
        anyNodes,
        anySessions,
        fc.integer({ min: 0, max: 120 }),
        (nodes, sessions, totalCapWatts) => {
          const decision = decideOnce(view(nodes, sessions), { totalCapWatts, floorWatts: 5 })
          const mostOf = ({ id, phase, profile }: PowerNode, isAfter: boolean) => {
            if (isAfter && decision.working.includes(id)) return profile.busyWatts
            if (isAfter && decision.wake.includes(id)) return profile.busyWatts
            if (phase === 'off') return profile.offWatts
            if (phase === 'waking') return profile.wakeWatts
            return phase === 'busy' || phase === 'draining' ? profile.busyWatts : profile.idleWatts
          }
          const sum = (isAfter: boolean) => nodes.reduce((total, each) => total + mostOf(each, isAfter), 5)
          expect(sum(true)).toBeLessThanOrEqual(Math.max(totalCapWatts, sum(false)) + 1e-9)
        },
      ),
    )
  })

  it('never fewer than are to be warm, as far as there are nodes that can be', () => {
    fc.assert(
      fc.property(anyNodes, anySessions, fc.integer({ min: 0, max: 8 }), (nodes, sessions, warm) => {
        const hours = readHours('00:00-24:00')!
        const decision = decideOnce(view(nodes, sessions), { keepWarm: [{ hours, nodes: warm }] })
        const able = nodes.filter(({ phase }) => phase !== 'failed')
        const stay = able.filter(
          ({ id, phase }) =>
            decision.wake.includes(id) ||
            (['ready', 'busy', 'waking'].includes(phase) && !decision.sleep.includes(id)),
        )
        expect(stay.length).toBeGreaterThanOrEqual(Math.min(warm, able.length))
      }),
    )
  })

  it('only nodes that are awake work, none is told two things, and the same view is answered the same', () => {
    fc.assert(
      fc.property(anyNodes, anySessions, (nodes, sessions) => {
        const seen = view(nodes, sessions)
        const { working, wake, sleep, bridge } = decideOnce(seen)
        const phaseOf = new Map(nodes.map(({ id, phase }) => [id, phase]))
        for (const id of working) expect(['ready', 'busy']).toContain(phaseOf.get(id))
        for (const id of wake) expect(['ready', 'busy', 'waking', 'failed']).not.toContain(phaseOf.get(id))
        for (const id of sleep) expect([...working, ...wake]).not.toContain(id)
        expect(bridge.length).toBeLessThanOrEqual(responder.slots)
        expect(decideOnce(seen)).toEqual({ ...decideOnce(seen), working, wake, sleep, bridge })
      }),
    )
  })

  it('a node is never woken twice within its least times on and off', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 90 })), { maxLength: 60 }),
        (course) => {
          const policy = new PowerPolicy()
          let a = node('a', 'off')
          let nowMs = 0
          const wakes: number[] = []
          for (const [hasViewer, seconds] of course) {
            nowMs += seconds * 1_000
            const { wake, sleep } = policy.decide(view([a], hasViewer ? [session('s')] : []), nowMs)
            if (wake.length > 0) wakes.push(nowMs)
            if (wake.length > 0) a = { ...a, phase: 'ready', sinceMs: nowMs }
            if (sleep.length > 0) a = { ...a, phase: 'off', sinceMs: nowMs }
          }
          const gaps = wakes.slice(1).map((atMs, index) => atMs - wakes[index]!)
          for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(90_000)
        },
      ),
    )
  })
})
