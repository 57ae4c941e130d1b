import { describe, expect, it } from 'vitest'
import { exposition } from './exposition.ts'

describe('the text for Prometheus', () => {
  it('has help, type and samples of each metric, and nothing of those without any', () => {
    const samples = [{ labels: { node: 'loft', state: 'ready' }, value: 1 }, { value: 0.5 }]
    const text = exposition([
      { name: 'paceline_a', help: 'What it is.', type: 'gauge', samples },
      { name: 'paceline_b_total', help: 'Never.', type: 'counter', samples: [] },
    ])
    expect(text).toBe(
      '# HELP paceline_a What it is.\n# TYPE paceline_a gauge\npaceline_a{node="loft",state="ready"} 1\npaceline_a 0.5\n',
    )
  })

  it('lets no name end its quotes or its line', () => {
    const samples = [{ labels: { node: 'a"} 1\nevil 2\\' }, value: Number.POSITIVE_INFINITY }]
    const text = exposition([{ name: 'paceline_a', help: 'x\ny', type: 'gauge', samples }])
    expect(text.split('\n')).toEqual([
      '# HELP paceline_a x\\ny',
      '# TYPE paceline_a gauge',
      'paceline_a{node="a\\"} 1\\nevil 2\\\\"} +Inf',
      '',
    ])
  })
})
