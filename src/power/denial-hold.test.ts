import { describe, expect, it } from 'vitest'
import { DenialHold } from './denial-hold.ts'

describe('a driver that was denied', () => {
  const minuteMs = 60_000
  function isHeld(hold: DenialHold): boolean {
    try {
      hold.check()
      return false
    } catch (error) {
      expect(error).toMatchObject({ code: 'E_POWER_DENIED' })
      return true
    }
  }

  /** The minutes for which nothing is sent after each of some denials in a row. */
  function heldMinutes(denials: number): number[] {
    let nowMs = 0
    const hold = new DenialHold('bmc', () => nowMs)
    return Array.from({ length: denials }, () => {
      hold.denied()
      let minutes = 0
      for (; minutes <= 2_000 && isHeld(hold); minutes++) nowMs += minuteMs
      return minutes
    })
  }

  it('is quiet for a minute, then twice as long each time, and never over 1024', () => {
    expect(heldMinutes(12)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1024])
  })

  it('says how long it will be quiet', () => {
    let nowMs = 0
    const hold = new DenialHold('bmc', () => nowMs)
    hold.denied()
    nowMs = 15_500
    expect(() => hold.check()).toThrow('bmc: nothing sent, not tried again for 45 s')
  })

  it('begins anew after it was let in', () => {
    let nowMs = 0
    const hold = new DenialHold('bmc', () => nowMs)
    hold.denied()
    hold.denied()
    hold.passed()
    hold.check()
    hold.denied()
    nowMs = minuteMs
    hold.check()
  })
})
