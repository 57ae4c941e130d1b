import { describe, expect, it } from 'vitest'
import { createLogRing } from './log-ring.ts'

const line = (message: string, session?: string) => ({
  ...{ atMs: 1, level: 'info' as const, message, fields: {} },
  ...(session !== undefined && { session }),
})

describe('the end of a log', () => {
  it('is its last lines, of all or of one session', () => {
    const ring = createLogRing(4)
    for (const [message, session] of [['a'], ['b', 's'], ['c', 't'], ['d', 's'], ['e']] as const)
      ring.add(line(message, session))
    expect(ring.last(10).map(({ message }) => message)).toEqual(['b', 'c', 'd', 'e'])
    expect(ring.last(2).map(({ message }) => message)).toEqual(['d', 'e'])
    expect(ring.last(10, 's').map(({ message }) => message)).toEqual(['b', 'd'])
    expect(ring.last(1, 's').map(({ message }) => message)).toEqual(['d'])
    expect(ring.last(10, 'u')).toEqual([])
  })

  it('has no line of any length', () => {
    const ring = createLogRing()
    const long = 'x'.repeat(5_000)
    ring.add({ ...line(long), fields: { text: long, list: [long], short: [1], none: null } })
    const [kept] = ring.last(1)
    expect(JSON.stringify(kept).length).toBeLessThan(3_500)
    expect(kept?.fields).toMatchObject({ short: [1], none: null })
  })
})
