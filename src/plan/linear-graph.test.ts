import { describe, expect, it } from 'vitest'
import { parseFilterGraph } from '../command/parse-filter-graph.ts'
import { linearGraph, namedArguments, type Step, simpleLine } from './linear-graph.ts'
import { NotPlannable } from './refusal.ts'

function graphOf(text: string) {
  const graph = parseFilterGraph(text)
  if (graph.kind === 'error') throw new Error(graph.what)
  return graph
}

function follow(text: string): string {
  const { source, steps, result } = linearGraph(graphOf(text))
  return [source, ...steps.map(named), String(result)].join(' > ')
}

/** A step's name, with the line that joins it: `overlay(0:2 > scale)`. */
function named({ filter, side }: Step): string {
  return side ? `${filter.name}(${[side.source, ...side.steps.map(named)].join(' > ')})` : filter.name
}

describe('a filter graph that is one line', () => {
  it.each([
    ['of one filter', '[0:0]scale=1:2[1]', '0:0 > scale > 1'],
    ['of one chain', '[0:0]scale=1:2,format=nv12,null[1]', '0:0 > scale > format > null > 1'],
    [
      'of several chains',
      '[0:0]scale=1:2[a];[a]format=nv12[b];[b]null[c]',
      '0:0 > scale > format > null > c',
    ],
    [
      'of chains in another order',
      '[b]null[c];[0:0]scale=1:2[a];[a]format=nv12[b]',
      '0:0 > scale > format > null > c',
    ],
    ['of chains with several filters', '[0:1]a,b[x];[x]c,d[y]', '0:1 > a > b > c > d > y'],
    ['that names no end', '[0:0]scale=1:2[a];[a]null', '0:0 > scale > null > null'],
    // As Plex numbers its links: 0 is the link first, and 1 the output.
    ['whose labels look like streams', '[0:0]scale=1:2[0];[0]format=nv12[1]', '0:0 > scale > format > 1'],
  ])('is followed from its stream to its label: %s', (_name, text, way) => {
    expect(follow(text)).toBe(way)
  })

  it('keeps the arguments of each filter', () => {
    const { steps } = linearGraph(graphOf('[0:0]scale=w=1280:h=720[1]'))
    expect(steps[0]!.filter.args).toEqual([
      { name: 'w', value: '1280' },
      { name: 'h', value: '720' },
    ])
  })
})

describe('a line that another joins', () => {
  it.each([
    ['a stream as it is', '[0:0][0:2]overlay[1]', '0:0 > overlay(0:2) > 1'],
    [
      'a stream with filters of its own',
      '[0:2]scale=1:2,format=rgba[0];[0:0]null[1];[1][0]overlay,format=nv12[2]',
      '0:0 > null > overlay(0:2 > scale > format) > format > 2',
    ],
    [
      'one after the other',
      '[0:0][0:2]overlay[a];[a][0:3]overlay[b]',
      '0:0 > overlay(0:2) > overlay(0:3) > b',
    ],
    [
      'a picture of nothing',
      'alphasrc=s=2x2,format=yuva420p[sub];[0:0]null[main];[main][sub]overlay_cuda',
      '0:0 > null > overlay_cuda( > alphasrc > format) > null',
    ],
  ])('is kept beside the main one: %s', (_name, text, way) => {
    expect(follow(text)).toBe(way)
  })
})

describe('a graph for one stream', () => {
  it('is its filters in order', () => {
    const steps = simpleLine(graphOf('hwdownload,format=nv12,scale=1:2'))
    expect(steps.map(named)).toEqual(['hwdownload', 'format', 'scale'])
  })

  it.each([
    ['labels', '[in]null[out]', /labels/],
    ['a second chain', 'null;null', /more than one chain/],
    ['options for scalers', 'sws_flags=lanczos;null', /sws_flags/],
  ])('is refused with %s', (_name, text, why) => {
    expect(() => simpleLine(graphOf(text))).toThrow(NotPlannable)
    expect(() => simpleLine(graphOf(text))).toThrow(why)
  })
})

describe('a filter graph that is not one line', () => {
  it.each([
    ['two lines', '[0:0]scale=1:2[1];[0:1]aresample[2]', /other than one output/],
    ['no input', 'color=red[1]', /color has no input/],
    ['two without a label', '[0:0]scale=1:2;[0:1]aresample', /other than one output/],
    ['a split', '[0:0]split[a][b];[a]null[1];[b]null[2]', /other than one output/],
    ['a split that comes together again', '[0:0]split[a][b];[a][b]overlay[1]', /splits/],
    ['a join of three', '[0:0][0:1][0:2]hstack[1]', /more than two/],
    ['a source of its own', '[0:0]null[1];color=red,nullsink', /other than one output/],
    ['a chain that nothing leads to', '[0:0]null[1];null', /other than one output/],
    ['labels inside a chain', '[0:0]null,[0:2]overlay[1]', /labels inside/],
    ['options for scalers that are put in by themselves', 'sws_flags=lanczos;[0:0]scale=1:2[1]', /sws_flags/],
  ])('is refused: %s', (_name, text, why) => {
    expect(() => follow(text)).toThrow(NotPlannable)
    expect(() => follow(text)).toThrow(why)
  })
})

describe('the arguments of a filter', () => {
  const filterOf = (text: string) => graphOf(`[0:0]${text}[1]`).chains[0]!.filters[0]!
  const byName = (text: string) => [...namedArguments(filterOf(text), ['w', 'h', 'flags'], ['w', 'h'])]

  it('are known by name and by place', () => {
    expect(byName('scale=w=1:h=2')).toEqual([
      ['w', '1'],
      ['h', '2'],
    ])
    expect(byName('scale=1:2')).toEqual([
      ['w', '1'],
      ['h', '2'],
    ])
    expect(byName('scale=1:h=2:flags=bicubic').length).toBe(3)
  })

  it('count as the last one says', () => {
    expect(byName('scale=w=1:w=3')).toEqual([['w', '3']])
  })

  it.each([
    ['a name that is not known', 'scale=1:2:eval=frame', 'the filter scale with eval'],
    ['a place that is not known', 'scale=1:2:3', 'the filter scale with 3'],
  ])('are refused for %s', (_name, text, why) => {
    expect(() => byName(text)).toThrow(NotPlannable)
    expect(() => byName(text)).toThrow(why)
  })
})
