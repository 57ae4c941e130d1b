import { describe, expect, it } from 'vitest'
import { Clock } from './clock.ts'
import { Player } from './player.ts'
import type { Viewing } from './viewing.ts'

function watch(viewing: Partial<Viewing>) {
  const clock = new Clock()
  const log: string[] = []
  const player = new Player(
    clock,
    {
      ...{
        id: 'v',
        atSeconds: 0,
        watchSeconds: 100,
        titleSeconds: 100,
        pauses: [],
        demand: 1,
        platforms: [],
      },
      ...viewing,
    },
    0,
    {
      throttle: (on) => void log.push(`${Math.round(clock.nowMs / 1000)} throttle ${on}`),
      over: () => void log.push(`${Math.round(clock.nowMs / 1000)} over`),
    },
  )
  const publish = (seconds: number, atSeconds: number) =>
    clock.at(atSeconds * 1000, () => player.published(seconds))
  return { clock, log, player, publish }
}

describe('a player', () => {
  it('begins with the first segment and ends when all is watched', () => {
    const { clock, log, player, publish } = watch({ watchSeconds: 10 })
    publish(4, 2)
    publish(6, 4)
    clock.runUntil(60_000)
    expect(player).toMatchObject({ startSeconds: 2, stalls: 0 })
    expect(log).toEqual(['12 over'])
  })

  it('stalls where nothing is there, for as long, and is later by that', () => {
    const { clock, log, player, publish } = watch({ watchSeconds: 10 })
    publish(4, 2)
    publish(6, 9)
    clock.runUntil(60_000)
    expect(player.stalls).toBe(1)
    expect(player.stalledSeconds).toBeCloseTo(3, 3)
    expect(log).toEqual(['15 over'])
  })

  it('makes its server throttle at a minute in hand, and ask for more at fifty seconds', () => {
    const { clock, log, publish } = watch({})
    publish(70, 0)
    publish(10, 25)
    clock.runUntil(30_000)
    expect(log).toEqual(['0 throttle true', '20 throttle false'])
  })

  it('pauses where it is told, and uses nothing up meanwhile', () => {
    const { clock, log, player, publish } = watch({ pauses: [{ afterSeconds: 20, seconds: 300 }] })
    publish(65, 0)
    publish(35, 310)
    clock.runUntil(600_000)
    expect(log).toEqual([
      '0 throttle true',
      '15 throttle false',
      '310 throttle true',
      '350 throttle false',
      '400 over',
    ])
    expect(player.stalls).toBe(0)
  })
})
