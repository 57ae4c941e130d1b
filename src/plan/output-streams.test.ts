import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { outputStreams, streamFacts } from './output-streams.ts'
import { NotPlannable } from './refusal.ts'
import { sampleAudio, sampleInfo, sampleSubtitle, sampleVideo } from './testing/sample-info.ts'

const info = sampleInfo([
  sampleVideo,
  { ...sampleAudio, language: 'ger' },
  { ...sampleAudio, language: 'eng', dispositions: ['default'] },
  sampleSubtitle,
  { ...sampleVideo, attachedPicture: true, id: 0x1011 },
])

function streams(...options: string[]): string[] {
  const command = parseCommand(['-i', 'a.mkv', ...options, 'out.ts'])
  return outputStreams(command, command.outputs, [info]).flatMap((streams) =>
    streams.map(
      ({ kind, source, steps }) => `${kind} ${source.index} ${steps.map(({ filter }) => filter.name).join()}`,
    ),
  )
}

const graph = (text: string) => ['-filter_complex', text]
const map = (label: string) => ['-map', `[${label}]`]

describe('the streams of an output', () => {
  it('come in the order of its maps, each with its filters', () => {
    const graphs = [...graph('[0:0]scale=1:2[0];[0]format=nv12[1]'), ...graph('[0:1]aresample[2]')]
    expect(streams(...graphs, ...map('1'), ...map('2'))).toEqual([
      'video 0 scale,format',
      'audio 1 aresample',
    ])
    expect(streams(...graphs, ...map('2'), ...map('1'))).toEqual([
      'audio 1 aresample',
      'video 0 scale,format',
    ])
  })

  it.each([
    ['0:v', 'video 0 null'],
    ['0:a:1', 'audio 2 null'],
    ['0:a:m:language:eng', 'audio 2 null'],
    ['0:2', 'audio 2 null'],
  ])('are found as FFmpeg finds them: %s', (label, stream) => {
    expect(streams(...graph(`[${label}]null[x]`), ...map('x'))).toEqual([stream])
  })

  it('may be mapped as they are, several at a time, or be missing', () => {
    expect(streams('-map', '0:0', '-map', '0:a')).toEqual(['video 0 ', 'audio 1 ', 'audio 2 '])
    expect(streams('-map', '0:3', '-map', '0:t?')).toEqual(['subtitle 3 '])
  })

  it('use each result of a graph once', () => {
    const twice = [...graph('[0:0]null[x]'), ...graph('[0:1]anull[x]'), ...map('x'), ...map('x')]
    expect(streams(...twice)).toEqual(['video 0 null', 'audio 1 anull'])
  })

  it.each([
    ['a map of no stream', ['-map', '0:9'], /-map 0:9 names none/],
    [
      'a label that nothing gives',
      [...graph('[0:0]null[x]'), ...map('y')],
      /-map \[y\] names no filter graph/,
    ],
    [
      'a result that goes nowhere',
      [...graph('[0:0]null[x]'), ...graph('[0:1]anull[y]'), ...map('x')],
      /goes nowhere/,
    ],
    ['subtitles', [...graph('[0:3]null[x]'), ...map('x')], /neither picture nor sound/],
    ['a cover', [...graph('[0:4]null[x]'), ...map('x')], /neither picture nor sound/],
    ['a stream that is not there', [...graph('[0:9]null[x]'), ...map('x')], /\[0:9\] is no stream/],
    ['another input', [...graph('[1:0]null[x]'), ...map('x')], /\[1:0\] is no stream/],
    ['a graph that branches', [...graph('[0:0]split[x][y]'), ...map('x')], /other than one output/],
    ['a graph that cannot be read', [...graph('[0:0]scale=1:2[x'), ...map('x')], /cannot be read/],
  ])('stay with the server for %s', (_name, options, why) => {
    expect(() => streams(...options)).toThrow(NotPlannable)
    expect(() => streams(...options)).toThrow(why)
  })
})

describe('what option lookup knows of a file’s streams', () => {
  it('is their kind, id, language and dispositions', () => {
    expect(streamFacts(info)).toEqual([
      { media: 'v', id: 0, dispositions: [] },
      { media: 'a', id: 0, dispositions: [], tags: { language: 'ger' } },
      { media: 'a', id: 0, dispositions: ['default'], tags: { language: 'eng' } },
      { media: 's', id: 0, dispositions: [] },
      { media: 'v', id: 0x1011, dispositions: [] },
    ])
  })
})
