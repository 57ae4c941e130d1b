import { describe, expect, it } from 'vitest'
import { createPlayer } from './player.ts'

describe('a player with a fast clock', () => {
  it('plays at its speed what is announced, from the first segment on', () => {
    const player = createPlayer(4)
    expect(player.leadSeconds(5_000)).toBe(0)
    player.announced(2, 10_000)
    player.announced(8, 10_250)
    expect(player.leadSeconds(10_250)).toBe(7)
    expect(player.leadSeconds(11_000)).toBe(4)
    expect(player.stalledMs(11_000)).toBe(0)
  })

  it('waits where there is nothing, says for how long, and goes on from there', () => {
    const player = createPlayer(2)
    player.announced(2, 0)
    expect(player.stalledMs(3_000)).toBe(2_000)
    expect(player.leadSeconds(3_000)).toBe(0)
    player.announced(4, 3_000)
    expect(player.leadSeconds(3_500)).toBe(1)
    expect(player.stalledMs(3_500)).toBe(2_000)
  })

  it('does not forget what was announced when a list names less', () => {
    const player = createPlayer(1)
    player.announced(6, 0)
    player.announced(2, 1_000)
    expect(player.leadSeconds(1_000)).toBe(5)
  })
})
