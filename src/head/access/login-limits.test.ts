import { beforeEach, describe, expect, it } from 'vitest'
import { createLoginLimits, type LoginLimits, networkOf } from './login-limits.ts'

let nowMs: number
let limits: LoginLimits

beforeEach(() => {
  nowMs = 0
  limits = createLoginLimits(() => nowMs, { perAddress: 3, inAll: 5, windowMs: 60_000 })
})

describe('who tries', () => {
  it('may so often from one address, and again when time has passed', () => {
    for (let n = 0; n < 3; n++) {
      expect(limits.waitSeconds('admin', '10.0.0.1')).toBeNull()
      limits.failed('admin', '10.0.0.1')
      nowMs += 1_000
    }
    expect(limits.waitSeconds('admin', '10.0.0.1')).toBe(57)
    expect(limits.waitSeconds('admin', '10.0.0.2')).toBeNull()
    nowMs = 60_000
    expect(limits.waitSeconds('admin', '10.0.0.1')).toBeNull()
  })

  it('has all his tries again after the right one', () => {
    limits.failed('admin', '10.0.0.1')
    limits.failed('admin', '10.0.0.1')
    limits.succeeded('admin', '10.0.0.1')
    limits.failed('admin', '10.0.0.1')
    expect(limits.waitSeconds('admin', '10.0.0.1')).toBeNull()
  })

  it('may so often in all, but for who has been in before', () => {
    limits.succeeded('admin', '10.9.9.9')
    for (let n = 0; n < 5; n++) limits.failed('admin', `10.0.0.${n}`)
    expect(limits.waitSeconds('admin', '10.1.1.1')).toBe(60)
    expect(limits.waitSeconds('admin', '10.9.9.9')).toBeNull()
    for (let n = 0; n < 3; n++) limits.failed('admin', '10.9.9.9')
    expect(limits.waitSeconds('admin', '10.9.9.9')).toBe(60)
  })

  it('has no more guesses at one thing for being let in to another', () => {
    for (let n = 0; n < 3; n++) {
      limits.failed('admin', '10.0.0.1')
      limits.succeeded('viewer', '10.0.0.1')
      limits.succeeded('key', '10.0.0.1')
    }
    expect(limits.waitSeconds('admin', '10.0.0.1')).toBe(60)
    expect(limits.waitSeconds('viewer', '10.0.0.1')).toBeNull()
  })

  it('is counted by his browser where that is known, however many others have failed', () => {
    for (let n = 0; n < 5; n++) limits.failed('admin', '10.0.0.1')
    expect(limits.waitSeconds('admin', 'device a')).toBeNull()
    for (let n = 0; n < 3; n++) limits.failed('admin', 'device a')
    expect(limits.waitSeconds('admin', 'device a')).toBe(60)
    expect(limits.waitSeconds('admin', 'device b')).toBeNull()
  })

  it('does not fill the memory, whatever addresses he has', () => {
    for (let n = 0; n < 3; n++) limits.failed('admin', '10.0.0.1')
    const many = createLoginLimits(() => nowMs, { perAddress: 1, inAll: 1_000_000, windowMs: 60_000 })
    many.failed('admin', '10.0.0.1')
    for (let n = 0; n < 1_500; n++) many.failed('admin', `192.168.${n >> 8}.${n & 255}`)
    expect(many.waitSeconds('admin', '10.0.0.1')).toBeNull()
    expect(many.waitSeconds('admin', '192.168.5.219')).not.toBeNull()
  })
})

describe('an address', () => {
  it.each([
    ['192.168.1.2', '192.168.1.2'],
    ['::ffff:192.168.1.2', '192.168.1.2'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
