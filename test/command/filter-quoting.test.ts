import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { filterText } from '../../src/command/print-filter-graph.ts'

/** Values that need quoting at one level or both. */
const values = [
  'plain',
  'a:b',
  'a,b;c',
  "it's",
  'back\\slash',
  'ends in \\',
  '[0:0]',
  'k=v:w=x',
  '  blanks around  ',
  "\\\\' , ' ; [ ] = : @ %",
  "E:\\films\\d'un [1], b;c.ass",
  'ScaledBorderAndShadow=yes,FontName=Noto Sans',
  'größer 😀',
]

/** Labels that need quoting. */
const label = "a ]b'\\c,;"

describe('the quoting of filter values', () => {
  it('is what FFmpeg takes off again', () => {
    const add = values.map((value, place) =>
      filterText({
        name: 'metadata',
        args: [
          { name: null, value: 'add' },
          { name: 'key', value: `k${place}` },
          { name: 'value', value },
        ],
        ...(place === 0 ? { outputs: [label] } : {}),
        ...(place === 1 ? { inputs: [label] } : {}),
      }),
    )
    const print = filterText({
      name: 'metadata',
      instance: 'printer',
      args: [
        { name: null, value: 'print' },
        { name: 'file', value: '-' },
      ],
    })
    const graph = `${add[0]};${add.slice(1).join(',')},${print}`
    const input = ['-f', 'lavfi', '-i', 'color=s=16x16:r=1:d=1']
    const printed = execFileSync('ffmpeg', [
      '-v',
      'error',
      ...input,
      '-vf',
      graph,
      '-frames:v',
      '1',
      '-f',
      'null',
      '-',
    ])
    const read = new Map(
      printed
        .toString()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
    )
    expect(values.map((_, place) => read.get(`k${place}`))).toEqual(values)
  })
})
