import { describe, expect, it } from 'vitest'
import { complexGraphs, simpleGraphs } from './filter-graphs-of.ts'
import { parseCommand } from './parse-command.ts'
import { printFilterGraph } from './print-filter-graph.ts'

const argv = ['-i', 'a', '-filter_complex', '[0:0]scale=1:2[0]', '-map', '[0]']
const command = parseCommand([
  ...argv,
  '-lavfi',
  '[0:1] anull[1]',
  '-af',
  'volume=2',
  '-filter:v:0',
  'null;',
  'b',
])

describe('the graphs of a command', () => {
  it('are those of the whole run, by either name, in order', () => {
    const graphs = complexGraphs(command)
    expect(graphs.map(({ option }) => option.spelling)).toEqual(['-filter_complex', '-lavfi'])
    expect(
      graphs.map(({ graph }) => (graph.kind === 'graph' ? printFilterGraph(graph) : graph.what)),
    ).toEqual(['[0:0]scale=1:2[0]', '[0:1] anull[1]'])
  })

  it('are those of an output, with the option that says for which streams', () => {
    const graphs = command.outputs.flatMap(simpleGraphs)
    expect(graphs.map(({ option }) => [option.spelling, option.media])).toEqual([
      ['-af', 'a'],
      ['-filter:v:0', null],
    ])
    expect(graphs[0]?.graph).toMatchObject({ kind: 'graph' })
  })

  it('are errors as data where they cannot be read', () => {
    expect(command.outputs.flatMap(simpleGraphs)[1]?.graph).toMatchObject({ kind: 'error', at: 5 })
    expect(complexGraphs(parseCommand(['-filter_complex']))[0]?.graph).toMatchObject({ kind: 'error' })
  })
})
