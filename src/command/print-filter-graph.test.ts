import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Filter, FilterArgument } from './filter-graph.ts'
import { parseFilterGraph } from './parse-filter-graph.ts'
import { filterText, printFilterGraph } from './print-filter-graph.ts'

function reprint(text: string): string {
  const graph = parseFilterGraph(text)
  return graph.kind === 'error' ? `error: ${graph.what}` : printFilterGraph(graph)
}

/** Without the text that it was read from. */
function bare({ source: _, ...filter }: Filter): Omit<Filter, 'source'> {
  return filter
}

function arg(name: string | null, value: string): FilterArgument {
  return { name, value }
}

const graphs = [
  '[0:0]scale=w=720:h=404:force_divisible_by=4[0];[0]format=pix_fmts=yuv420p|nv12[1]',
  "[0:1] aresample=async=1:ochl='5.1':rematrix_maxval=0.000000dB:osr=48000[3]",
  ' [1:0]format=yuva444p , scale=1920:808[sub] ;\n [0:0] [sub] overlay \t',
  '[1]inlineass=overrides=FontName\\\\\\=Noto\\\\\\ Sans\\\\\\,Bold\\\\\\=500:outline=2.6[2]',
  "subtitles=f='E\\:/d'\\\\\\''un.ass':fontsdir='/fonts'",
  ' sws_flags=lanczos;[in]scale@x = 1 : 2[out]',
  "scale='open",
]

describe('printFilterGraph', () => {
  it.each(graphs)('prints back exactly %s', (text) => {
    expect(reprint(text)).toBe(text)
  })

  it('prints back exactly whatever it could read', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '[0:0]',
        '[a]',
        'scale',
        'null',
        '@x',
        '=',
        ':',
        ',',
        ';',
        ' ',
        "'",
        '\\',
        'w=1',
        'sws_flags=',
        '\n',
      ),
      fc.string({ maxLength: 4 }),
    )
    let read = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const graph = parseFilterGraph(text)
        if (graph.kind === 'error') return
        read += 1
        expect(printFilterGraph(graph)).toBe(text)
      }),
      { numRuns: 3000 },
    )
    expect(read).toBeGreaterThan(50)
  })

  it('writes a filter anew once it says something else, and leaves its neighbours alone', () => {
    const graph = parseFilterGraph('[0:0] scale = 1:2 [a]; [a] null ')
    if (graph.kind === 'error') throw new Error(graph.what)
    const chains = graph.chains.map(({ filters }) => ({
      filters: filters.map((filter) =>
        filter.name === 'scale' ? { ...filter, args: [arg('w', '3')] } : filter,
      ),
    }))
    expect(printFilterGraph({ ...graph, chains })).toBe('[0:0]scale=w=3[a]; [a] null ')
  })

  it.each<[string, Partial<Filter>]>([
    ['its name', { name: 'crop' }],
    ['its instance', { instance: 'y' }],
    ['its inputs', { inputs: ['b'] }],
    ['its outputs', { outputs: [] }],
    ['the name of an argument', { args: [arg('height', '1')] }],
    ['the value of an argument', { args: [arg('w', '2')] }],
  ])('does not print the old text after a change of %s', (_, change) => {
    const graph = parseFilterGraph('[a]scale@x=w=1[c]')
    if (graph.kind === 'error') throw new Error(graph.what)
    const filters = graph.chains[0]?.filters.map((filter) => ({ ...filter, ...change })) ?? []
    const again = parseFilterGraph(printFilterGraph({ ...graph, chains: [{ filters }] }))
    expect(again.kind === 'graph' && again.chains[0]?.filters.map(bare)).toEqual(filters.map(bare))
  })

  it('writes new options for the scalers', () => {
    const graph = parseFilterGraph(' sws_flags=lanczos;null')
    if (graph.kind === 'error') throw new Error(graph.what)
    expect(printFilterGraph({ ...graph, scaler: { ...graph.scaler, value: 'bicubic' } })).toBe(
      'sws_flags=bicubic;null',
    )
    expect(printFilterGraph({ ...graph, scaler: null })).toBe('null')
  })
})

describe('filterText', () => {
  it.each([
    [{ name: 'hwupload' }, 'hwupload'],
    [{ name: 'scale', args: [arg('w', '1280'), arg('h', '720')] }, 'scale=w=1280:h=720'],
    [{ name: 'scale', instance: 'x', inputs: ['0:0'], outputs: ['a'] }, '[0:0]scale@x[a]'],
    [{ name: 'overlay', inputs: ['main', 'sub'] }, '[main][sub]overlay'],
    [{ name: 'scale', args: [arg(null, 'max(iw,ih)'), arg(null, '-1')] }, 'scale=max(iw\\,ih):-1'],
    [{ name: 'subtitles', args: [arg('f', "E:/it's [1].ass")] }, "subtitles=f=E\\\\:/it\\\\\\'s \\[1\\].ass"],
    [{ name: 'null', args: [arg(null, '')] }, 'null=:'],
  ])('writes %j', (parts, text) => {
    expect(filterText(parts)).toBe(text)
  })

  it('writes any values and labels so that reading gives them back', () => {
    const value = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."\\':=,;[]@ \n\t\rab%") }))
    const label = value.filter((text) => text !== '')
    const named = fc
      .tuple(fc.constantFrom('w', 'fontsdir', 'x-y'), value)
      .map(([name, text]) => arg(name, text))
    const made = fc.record({
      name: fc.constantFrom('scale', 'subtitles', 'tonemap_cuda'),
      instance: fc.option(label),
      inputs: fc.array(label, { maxLength: 2 }),
      outputs: fc.array(label, { maxLength: 2 }),
      args: fc
        .tuple(
          fc.array(
            value.map((text) => arg(null, text)),
            { maxLength: 2 },
          ),
          fc.array(named, { maxLength: 2 }),
        )
        .map((lists) => lists.flat()),
    })
    fc.assert(
      fc.property(
        fc.array(made, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(',', ';'),
        (filters, separator) => {
          const graph = parseFilterGraph(filters.map(filterText).join(separator))
          if (graph.kind === 'error') throw new Error(`${graph.what} at ${graph.at}`)
          expect(graph.chains.flatMap((chain) => chain.filters.map(bare))).toEqual(filters)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it.each([
    [{ name: '' }],
    [{ name: 'a b' }],
    [{ name: 'scale', instance: '' }],
    [{ name: 'scale', inputs: [''] }],
    [{ name: 'scale', args: [arg('', '1')] }],
    [{ name: 'scale', args: [arg('a b', '1')] }],
    [{ name: 'scale', args: [arg('w', '1'), arg(null, '2')] }],
  ])('throws on %j, which no text can say', (parts) => {
    expect(() => filterText(parts)).toThrow(TypeError)
  })
})
