import { describe, expect, it } from 'vitest'
import type { Filter, FilterGraph } from './filter-graph.ts'
import { parseFilterGraph } from './parse-filter-graph.ts'

function read(text: string): FilterGraph {
  const graph = parseFilterGraph(text)
  if (graph.kind === 'error') throw new Error(`${graph.what} at ${graph.at}`)
  return graph
}

/** The only filter of a graph. */
function only(text: string): Filter {
  const filter = read(text).chains[0]?.filters[0]
  if (filter === undefined) throw new Error('no filter')
  return filter
}

/** The value of a named argument. */
function argumentOf(filter: Filter, name: string): string | undefined {
  return filter.args.find((argument) => argument.name === name)?.value
}

describe('parseFilterGraph', () => {
  it('splits chains at semicolons and filters at commas', () => {
    const graph = read(
      '[0:0]scale=w=720:h=404[0];[0]format=p010,tonemap=mobius[1];[1]format=pix_fmts=yuv420p|nv12[2]',
    )
    expect(graph.chains.map(({ filters }) => filters.map(({ name }) => name))).toEqual([
      ['scale'],
      ['format', 'tonemap'],
      ['format'],
    ])
    expect(graph.chains[1]?.filters.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [['0'], []],
      [[], ['1']],
    ])
  })

  it('reads labels of streams by number, by id and by name', () => {
    expect(only('[0:#0x1011]hwupload[0]').inputs).toEqual(['0:#0x1011'])
    expect(only('[in]fps=0.5[out]')).toMatchObject({ inputs: ['in'], outputs: ['out'] })
    expect(only('[5][0]overlay_vaapi[6]').inputs).toEqual(['5', '0'])
    expect(only("[a\\]b][' c ']overlay").inputs).toEqual(['a]b', ' c '])
  })

  it('reads the name of an instance', () => {
    expect(only('[0:0]format@f1=pix_fmts=yuv420p[f1_out0]')).toMatchObject({ name: 'format', instance: 'f1' })
    expect(only('scale').instance).toBeNull()
  })

  it('allows blanks and line ends around everything', () => {
    const graph = read(' [1:0]format=yuva444p , scale=1920:808[sub] ;\n [0:0] [sub] overlay \t')
    expect(graph.chains.map(({ filters }) => filters.length)).toEqual([2, 1])
    expect(graph.chains[1]?.filters[0]).toMatchObject({ name: 'overlay', inputs: ['0:0', 'sub'], args: [] })
    expect(only("[0:1] aresample=async=1:ochl='stereo':osr=48000[2]").args).toEqual([
      { name: 'async', value: '1' },
      { name: 'ochl', value: 'stereo' },
      { name: 'osr', value: '48000' },
    ])
  })

  it('reads the options of the scalers at the start', () => {
    const graph = read('  sws_flags=lanczos+accurate_rnd;scale=1:2')
    expect(graph.scaler).toMatchObject({ value: 'lanczos+accurate_rnd' })
    expect(graph.chains.length).toBe(1)
  })

  it('takes both levels of quoting off expressions', () => {
    const filter = only('scale=trunc(min(max(iw\\,ih*a)\\,min(1920\\,1080*a))/2)*2:trunc(ow/a/2)*2')
    expect(filter.args).toEqual([
      { name: null, value: 'trunc(min(max(iw,ih*a),min(1920,1080*a))/2)*2' },
      { name: null, value: 'trunc(ow/a/2)*2' },
    ])
  })

  it('takes them off settings inside a value', () => {
    const filter = only(
      'inlineass=language=en:overrides=ScaledBorderAndShadow\\\\\\=yes\\\\\\,FontName\\\\\\=Noto\\\\\\ Sans\\\\\\,Bold\\\\\\=500:outline=2.6',
    )
    expect(argumentOf(filter, 'overrides')).toBe('ScaledBorderAndShadow=yes,FontName=Noto Sans,Bold=500')
    expect(argumentOf(filter, 'outline')).toBe('2.6')
  })

  it('takes them off a path with a drive letter and an apostrophe', () => {
    const filter = only(
      "subtitles=f='E\\:/Shows/A Show (2008) [id-1]/Une coupe d'\\\\\\''un jour.ass':charenc=utf-8:alpha=1",
    )
    expect(argumentOf(filter, 'f')).toBe("E:/Shows/A Show (2008) [id-1]/Une coupe d'un jour.ass")
    expect(argumentOf(filter, 'charenc')).toBe('utf-8')
  })

  it('lets a quote of the graph span several arguments', () => {
    expect(only("subtitles='/media/a [1], b.mkv:si=0'").args).toEqual([
      { name: null, value: '/media/a [1], b.mkv' },
      { name: 'si', value: '0' },
    ])
  })

  it('reads times behind a quote and a backslash', () => {
    expect(argumentOf(only("alphasrc=r=10:start='00\\:01\\:33\\.000'"), 'start')).toBe('00:01:33.000')
  })

  it('keeps the exact text of each filter', () => {
    const graph = read(' [0:0] scale = 1:2 , null ;null')
    expect(graph.chains.flatMap(({ filters }) => filters.map(({ source }) => source))).toEqual([
      ' [0:0] scale = 1:2 ',
      ' null ',
      'null',
    ])
  })

  it.each([
    ['', 0, '"" is no name of a filter'],
    ['null;', 5, '"" is no name of a filter'],
    ['null,,null', 5, '"" is no name of a filter'],
    ['a b', 0, '"a b" is no name of a filter'],
    ['[]null', 0, 'a label is empty'],
    ['[0null', 0, 'a label has no closing bracket'],
    ['null[0', 4, 'a label has no closing bracket'],
    ['null[0]null', 7, '"n" stands where a filter should have ended'],
    ['scale=1]', 7, '"]" stands where a filter should have ended'],
    ['scale=w=1:2', 6, 'scale: "2" has no name but follows an argument that has one'],
    ['sws_flags=lanczos', 0, 'sws_flags does not end in a semicolon'],
  ])('finds what is wrong with "%s"', (text, at, what) => {
    expect(parseFilterGraph(text)).toEqual({ kind: 'error', at, what })
  })
})
