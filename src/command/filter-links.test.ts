import { describe, expect, it } from 'vitest'
import { filterLinks, labelledStream } from './filter-links.ts'
import { parseFilterGraph } from './parse-filter-graph.ts'

function linksOf(text: string) {
  const graph = parseFilterGraph(text)
  if (graph.kind === 'error') throw new Error(graph.what)
  const { links, inputs, outputs } = filterLinks(graph)
  return {
    links: links.map(({ from, to }) => `${from.chain}.${from.filter} ${from.label} ${to.chain}.${to.filter}`),
    inputs: inputs.map(({ label }) => label),
    outputs: outputs.map(({ label }) => label),
  }
}

describe('filterLinks', () => {
  it('tells the streams that go in, the labels between filters and what comes out', () => {
    expect(linksOf('[0:0]scale=1:2[0];[0]format=p010,tonemap=mobius[1];[1]null[2]')).toEqual({
      links: ['0.0 0 1.0', '1.1 1 2.0'],
      inputs: ['0:0'],
      outputs: ['2'],
    })
  })

  it('joins two streams into one', () => {
    expect(linksOf('[0:5]scale=9:9,hwupload[0];[0:0]hwupload[1];[1]null[5];[5][0]overlay[6]')).toEqual({
      links: ['1.0 1 2.0', '2.0 5 3.0', '0.1 0 3.0'],
      inputs: ['0:5', '0:0'],
      outputs: ['6'],
    })
  })

  it('lets a label be used again once it is used up', () => {
    expect(linksOf('[0]null[0];[0]null[0]').links).toEqual(['0.0 0 0.0', '1.0 0 1.0'])
    expect(linksOf('[0:0]null[a];[a]null[a];[a]null[a]')).toEqual({
      links: ['0.0 a 1.0', '1.0 a 2.0'],
      inputs: ['0:0'],
      outputs: ['a'],
    })
  })

  it('finds a label that is taken before it is given', () => {
    expect(linksOf('[b]null[c];[0:0]null[b]')).toEqual({
      links: ['1.0 b 0.0'],
      inputs: ['0:0'],
      outputs: ['c'],
    })
  })

  it('has nothing to say about a graph without labels', () => {
    expect(linksOf('scale=1:2,null')).toEqual({ links: [], inputs: [], outputs: [] })
  })
})

describe('labelledStream', () => {
  it.each([
    ['0:0', 0, '0'],
    ['0', 0, ''],
    ['1:s:m:language:eng', 1, 's:m:language:eng'],
    ['0:#0x1011', 0, '#0x1011'],
    ['12:v', 12, 'v'],
  ])('reads %s', (label, input, streams) => {
    expect(labelledStream(label)).toMatchObject({ input, streams: { text: streams } })
  })

  it.each(['in', 'main', 'f1_out0', '0:x', '', ':0', '0a'])('finds no stream in "%s"', (label) => {
    expect(labelledStream(label)).toBeNull()
  })
})
