import { describe, expect, it } from 'vitest'
import { demoResult, openDemoReport, resultText } from './demo-report.ts'

const arrivals = ['node-1', 'node-2', 'node-2', 'node-1', 'node-1', 'node-2'].map((node, segment) => ({
  segment,
  node,
}))

function recorder() {
  const shown: [number | null, string][] = []
  const said: string[] = []
  return {
    ...{ shown, said },
    line: {
      show: (percent: number | null, text: string) => void shown.push([percent, text]),
      clear: () => {},
    },
    say: (text: string) => void said.push(text),
  }
}

describe('the report on a terminal', () => {
  it('is one line with the share that is done and who made the newest segments', () => {
    const { line, say, shown, said } = recorder()
    const report = openDemoReport(line, true, say)
    report.show(0, [])
    report.show(33.3, arrivals.slice(0, 2))
    report.show(null, arrivals)
    expect(shown).toEqual([
      [0, 'waiting for the first segment'],
      [33.3, 'made 0 by node-1, 1 by node-2'],
      [null, 'made ... 2 by node-2, 3 by node-1, 4 by node-1, 5 by node-2'],
    ])
    expect(said).toEqual([])
  })
})

describe('the report elsewhere', () => {
  it('is one line for each segment, once', () => {
    const { line, say, shown, said } = recorder()
    const report = openDemoReport(line, false, say)
    report.show(0, [])
    report.show(20, arrivals.slice(0, 1))
    report.show(20, arrivals.slice(0, 1))
    report.show(60, arrivals.slice(0, 3))
    expect(said).toEqual([
      'Segment 0 came from node-1.',
      'Segment 1 came from node-2.',
      'Segment 2 came from node-2.',
    ])
    expect(shown).toEqual([])
  })
})

describe('the result', () => {
  const result = demoResult(20, 4.0004, [...arrivals, { segment: 6, node: 'node-1' }], 'http://127.0.0.1:9/')

  it('counts segments by node and sets film seconds against wall seconds', () => {
    expect(result).toEqual({
      ...{ filmSeconds: 20, seconds: 4, speed: 5 },
      nodes: { 'node-1': { segments: 4 }, 'node-2': { segments: 3 } },
      ...{ page: 'http://127.0.0.1:9/', playlist: 'http://127.0.0.1:9/index.m3u8' },
    })
  })

  it('is said in one line', () => {
    expect(resultText(result)).toBe(
      '20.0 s of film in 4.0 s, 5.00x real time: node-1 made 4 segments, node-2 made 3 segments. ' +
        'Watch it at http://127.0.0.1:9/ or with: ffplay http://127.0.0.1:9/index.m3u8',
    )
  })

  it('knows the singular, and names nodes in order', () => {
    const one = demoResult(
      6,
      3,
      [
        { segment: 0, node: 'b' },
        { segment: 1, node: 'a' },
      ],
      'http://x/',
    )
    expect(resultText(one)).toContain(': a made 1 segment, b made 1 segment. ')
  })
})
