import { describe, expect, it } from 'vitest'
import { missingFeatures, serverFeaturesLine } from './server-features.ts'

describe('what newer servers add', () => {
  it('is everything for the server of Debian 12', () => {
    const since = missingFeatures('2.9.10').map((feature) => feature.since)
    expect(new Set(since)).toEqual(new Set(['2.10.0', '2.11.0', '2.11.15']))
  })

  it('shrinks with the version, compared by number and not by letter', () => {
    const counts = ['2.9.25', '2.10.0', '2.11.0', '2.11.9', '2.11.15', '2.12.0', '2.100.0', '3.0.0'].map(
      (version) => missingFeatures(version).length,
    )
    expect(counts).toEqual([5, 2, 1, 1, 0, 0, 0, 0])
  })

  it('reads versions with a prefix or a suffix, and trusts none that it cannot read', () => {
    expect(missingFeatures('v2.12.1-RC.2')).toEqual([])
    expect(missingFeatures('unknown')).toHaveLength(5)
  })

  it('is told in one line, with what is done instead', () => {
    const line = serverFeaturesLine('2.11.3')
    expect(line).toContain('nats-server 2.11.3 works')
    expect(line).toContain('2.11.15; nodes are kept in an account without JetStream')
    expect(line).not.toContain('\n')
    expect(serverFeaturesLine('2.14.0')).toBe('nats-server 2.14.0')
  })
})
