import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type LifeAction,
  type LifeEvent,
  type LifeSettings,
  type NodeLife,
  newLife,
  stepLife,
  usualLifeSettings,
} from './node-life.ts'

const second = 1_000

/** Tells a node's life one event after the other. */
class Story {
  life: NodeLife
  nowMs = 0
  readonly settings: LifeSettings

  constructor(phase: 'off' | 'ready', settings: Partial<LifeSettings> = {}, boot: string | null = 'a') {
    this.life = newLife(phase, 0, boot)
    this.settings = { ...usualLifeSettings, ...settings }
  }

  tell(event: LifeEvent, afterMs = 0): string[] {
    this.nowMs += afterMs
    const { life, actions } = stepLife(this.life, event, this.nowMs, this.settings)
    this.life = life
    return actions.map(textOf)
  }

  beat(boot: string, leases = 0, afterMs = 0): string[] {
    return this.tell({ type: 'beat', boot, leases }, afterMs)
  }
}

function textOf(action: LifeAction): string {
  if (action.type === 'report') return action.what
  return action.type === 'woke' ? `woke in ${action.seconds} s` : action.type
}

describe('a node that is woken', () => {
  it('is ready with the first beat of another boot, and says how long it took', () => {
    const story = new Story('off')
    expect(story.tell({ type: 'wake' })).toEqual(['power-on'])
    expect(story.tell({ type: 'wake' }, second)).toEqual([])
    expect(story.beat('a', 0, second)).toEqual([])
    expect(story.life.phase).toBe('waking')
    expect(story.beat('b', 0, 18 * second)).toEqual(['woke in 20 s'])
    expect(story.life.phase).toBe('ready')
  })

  it('may be the same process where it was suspended', () => {
    const story = new Story('off', { keepsBoot: true })
    story.tell({ type: 'wake' })
    expect(story.beat('a', 0, 3 * second)).toEqual(['woke in 3 s'])
  })

  it('is switched off and on when it does not come, then left alone, longer each time', () => {
    const story = new Story('off')
    story.tell({ type: 'wake' })
    expect(story.tell({ type: 'tick' }, 119 * second)).toEqual([])
    expect(story.tell({ type: 'tick' }, second)).toEqual(['power-cycle'])
    expect(story.tell({ type: 'power-failed', reason: 'no answer' }, second)).toEqual(['power-cycle'])
    expect(story.tell({ type: 'tick' }, 120 * second)).toEqual(['did-not-wake'])
    expect(story.life.phase).toBe('failed')
    expect(story.tell({ type: 'wake' })).toEqual([])
    story.tell({ type: 'tick' }, 299 * second)
    expect(story.life.phase).toBe('failed')
    story.tell({ type: 'tick' }, second)
    expect(story.life.phase).toBe('off')
    story.tell({ type: 'wake' })
    for (let tries = 0; tries < 3; tries += 1) story.tell({ type: 'power-failed', reason: 'no answer' })
    expect(story.life.retryAtMs! - story.nowMs).toBe(600 * second)
  })

  it('says nothing of how long it takes when it came at the second try', () => {
    const story = new Story('off')
    story.tell({ type: 'wake' })
    story.tell({ type: 'tick' }, 120 * second)
    expect(story.beat('b', 0, 20 * second)).toEqual([])
    expect(story.life).toMatchObject({ phase: 'ready', tries: 0 })
  })

  it('is welcome after it was given up', () => {
    const story = new Story('off')
    story.tell({ type: 'wake' })
    for (let tries = 0; tries < 3; tries += 1) story.tell({ type: 'power-failed', reason: 'no answer' })
    expect(story.beat('b')).toEqual(['came-back'])
    expect(story.life).toMatchObject({ phase: 'ready', failures: 0 })
  })
})

describe('a node that is to sleep', () => {
  it('goes at once when it has nothing in hand', () => {
    const story = new Story('ready')
    expect(story.tell({ type: 'sleep' })).toEqual(['power-off'])
    expect(story.tell({ type: 'gone' }, 9 * second)).toEqual([])
    expect(story.life.phase).toBe('off')
  })

  it('finishes what it has in hand first', () => {
    const story = new Story('ready')
    story.beat('a', 2)
    expect(story.life.phase).toBe('busy')
    expect(story.tell({ type: 'sleep' })).toEqual(['drain'])
    expect(story.beat('a', 1)).toEqual([])
    expect(story.beat('a', 0)).toEqual(['power-off'])
  })

  it('resumes when somebody needs it while it drains', () => {
    const story = new Story('ready')
    story.beat('a', 1)
    story.tell({ type: 'sleep' })
    expect(story.tell({ type: 'wake' })).toEqual(['resume'])
    expect(story.life.phase).toBe('busy')
  })

  it('comes again when somebody needs it while its power goes, with one power command at a time', () => {
    const story = new Story('ready')
    story.tell({ type: 'sleep' })
    expect(story.tell({ type: 'wake' }, second)).toEqual([])
    expect(story.tell({ type: 'gone' }, 5 * second)).toEqual(['power-on'])
    expect(story.life.phase).toBe('waking')
  })

  it('counts as ready again when it does not go', () => {
    const stays = new Story('ready')
    stays.tell({ type: 'sleep' })
    expect(stays.tell({ type: 'tick' }, 120 * second)).toEqual(['did-not-sleep'])
    expect(stays.life.phase).toBe('ready')
    const refuses = new Story('ready')
    refuses.tell({ type: 'sleep' })
    expect(refuses.tell({ type: 'power-failed', reason: 'denied' })).toEqual(['did-not-sleep'])
    const restarts = new Story('ready')
    restarts.tell({ type: 'sleep' })
    expect(restarts.beat('a')).toEqual([])
    expect(restarts.beat('b')).toEqual(['did-not-sleep'])
    expect(restarts.life.phase).toBe('ready')
  })
})

describe('what nobody ordered', () => {
  it('a silent reboot is noticed by the identity of the agent', () => {
    const story = new Story('ready')
    expect(story.beat('a', 1)).toEqual([])
    expect(story.beat('b', 0)).toEqual(['rebooted'])
    expect(story.life.boot).toBe('b')
  })

  it('one that vanishes is off, and may come back as it was', () => {
    const story = new Story('ready')
    expect(story.tell({ type: 'gone' })).toEqual(['vanished'])
    expect(story.life.phase).toBe('off')
    expect(story.beat('a')).toEqual(['woke-by-itself'])
  })

  it('a beat that was under way when it went off does not wake it', () => {
    const story = new Story('ready')
    story.tell({ type: 'sleep' })
    story.tell({ type: 'gone' })
    expect(story.beat('a')).toEqual([])
    expect(story.life.phase).toBe('off')
  })
})

describe('any course of events', () => {
  const events: fc.Arbitrary<LifeEvent> = fc.oneof(
    fc.constantFrom<LifeEvent>({ type: 'wake' }, { type: 'sleep' }, { type: 'gone' }, { type: 'tick' }),
    fc.record({
      type: fc.constant('beat' as const),
      boot: fc.constantFrom('a', 'b', 'c'),
      leases: fc.nat(2),
    }),
    fc.record({ type: fc.constant('power-failed' as const), reason: fc.constant('no answer') }),
  )

  it('orders a power command only at the beginning of a phase that waits for it, or after that has run out', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(events, fc.nat(200_000)), { maxLength: 60 }), (course) => {
        const story = new Story('off')
        for (const [event, afterMs] of course) {
          const before = story.life
          const actions = story.tell(event, afterMs)
          const commands = actions.filter((each) => each.startsWith('power-'))
          expect(commands.length).toBeLessThanOrEqual(1)
          const waits = before.phase === 'waking' || before.phase === 'going-to-sleep'
          const mayEnd = event.type === 'power-failed' || event.type === 'tick' || event.type === 'gone'
          if (commands.length > 0 && waits) expect(mayEnd).toBe(true)
          if (commands.length > 0) expect(story.life.sinceMs).toBe(story.nowMs)
        }
      }),
    )
  })

  it('never leaves a node that is wanted and comes without work', () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (course) => {
        const story = new Story('off')
        for (const event of course) story.tell(event, second)
        story.tell({ type: 'tick' }, 3 * 3_600_000)
        story.tell({ type: 'tick' }, 3 * 3_600_000)
        story.tell({ type: 'gone' })
        story.tell({ type: 'wake' })
        story.beat('never heard before')
        expect(['ready', 'busy']).toContain(story.life.phase)
      }),
    )
  })
})
