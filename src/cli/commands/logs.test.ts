import { describe, expect, it } from 'vitest'
import { logText } from './logs.ts'

describe('a line of a log', () => {
  it('has when, who, about what, and nothing that steers a terminal', () => {
    const line = {
      atMs: 1_800_000_000_123,
      level: 'info',
      from: 'loft',
      message: 'made \u001b[2J',
      fields: { n: 1 },
    }
    expect(logText({ ...line, session: 's-1' })).toBe('08:00:00.123 info loft [s-1]: made ?[2J {"n":1}')
    expect(logText({ ...line, session: null, fields: {} })).toBe('08:00:00.123 info loft: made ?[2J')
  })
})
