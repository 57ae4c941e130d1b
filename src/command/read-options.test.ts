import { describe, expect, it } from 'vitest'
import type { OutputFile } from './command.ts'
import { parseCommand } from './parse-command.ts'
import {
  frameRateMode,
  hasFlag,
  lastValue,
  mapsOf,
  optionsOf,
  streamOption,
  streamOptions,
  streamValue,
} from './read-options.ts'
import type { StreamFacts } from './select-streams.ts'

const streams: readonly StreamFacts[] = [{ media: 'v' }, { media: 'a' }, { media: 'a' }, { media: 's' }]

function parse(line: string) {
  return parseCommand(line.split(' '))
}

/** The first output of a line. */
function output(line: string): OutputFile {
  const first = parse(`-i a.mkv ${line} out.ts`).outputs[0]
  if (first === undefined) throw new Error('no output')
  return first
}

describe('optionsOf', () => {
  it('finds every spelling of an option, in order', () => {
    const file = output('-c:v libx264 -b 1M -acodec aac -codec:s copy')
    expect(optionsOf(file, 'codec').map(({ spelling }) => spelling)).toEqual(['-c:v', '-acodec', '-codec:s'])
    expect(optionsOf(file, 'crf')).toEqual([])
  })
})

describe('lastValue', () => {
  it('takes the last, as FFmpeg does', () => {
    const file = output('-f hls -f dash')
    expect(lastValue(file.options, 'f')).toBe('dash')
    expect(lastValue(file.options, 't')).toBeNull()
  })

  it('reads global options', () => {
    expect(lastValue(parse('-i a b -v quiet -loglevel error').globals, 'loglevel')).toBe('error')
  })
})

describe('hasFlag', () => {
  it('is on when the flag stands there, and off when the last one says no', () => {
    const { globals, inputs } = parse('-noaccurate_seek -i a -copyts -nostats b')
    expect(hasFlag(globals, 'copyts')).toBe(true)
    expect(hasFlag(globals, 'stats')).toBe(false)
    expect(hasFlag(globals, 'start_at_zero')).toBe(false)
    expect(hasFlag(inputs[0]?.options ?? [], 'accurate_seek')).toBe(false)
    expect(hasFlag(parse('-nostats -stats').globals, 'stats')).toBe(true)
  })

  it('reads the number of an older switch', () => {
    expect(hasFlag(output('-autoscale 0').options, 'autoscale')).toBe(false)
    expect(hasFlag(output('-autoscale 1').options, 'autoscale')).toBe(true)
    expect(hasFlag(output('-noautoscale').options, 'autoscale')).toBe(false)
  })
})

describe('streamValue', () => {
  it.each([
    ['-codec:0 libx264 -codec:1 aac -codec:3 ass', ['libx264', 'aac', null, 'ass']],
    ['-c copy', ['copy', 'copy', 'copy', 'copy']],
    ['-c copy -c:a aac', ['copy', 'aac', 'aac', 'copy']],
    ['-c:a aac -c copy', ['copy', 'copy', 'copy', 'copy']],
    ['-c:a aac -c:a:1 ac3', [null, 'aac', 'ac3', null]],
    ['-vcodec h264 -acodec aac -scodec srt', ['h264', 'aac', 'aac', 'srt']],
    ['-codec:x wrong', [null, null, null, null]],
  ])('of the codec in %s is %j', (line, codecs) => {
    const file = output(line)
    expect(streams.map((_, position) => streamValue(file, 'codec', streams, position))).toEqual(codecs)
  })

  it('takes a bare bit rate for the video, and -ab for all sound', () => {
    const file = output('-b 5M -ab 128k')
    expect(streams.map((_, position) => streamValue(file, 'b', streams, position))).toEqual([
      '5M',
      '128k',
      '128k',
      null,
    ])
  })

  it('reads the specifier that a short name has, not what the name means', () => {
    expect(streamValue(output('-ab:a:1 96k'), 'b', streams, 1)).toBeNull()
    expect(streamValue(output('-ab:a:1 96k'), 'b', streams, 2)).toBe('96k')
  })

  it('reads the hints for an input, by the ids of its streams too', () => {
    const [input] = parse('-codec:#0x1011 h264 -codec:1 eac3_eae -eae_prefix:1 p_ -i a.ts').inputs
    const facts: readonly StreamFacts[] = [
      { media: 'v', id: 0x1011 },
      { media: 'a', id: 0x1100 },
    ]
    if (input === undefined) throw new Error('no input')
    expect(streamValue(input, 'codec', facts, 0)).toBe('h264')
    expect(streamValue(input, 'codec', facts, 1)).toBe('eac3_eae')
    expect(streamValue(input, 'eae_prefix', facts, 0)).toBeNull()
  })

  it('reads metadata by its own rule', () => {
    const file = output('-metadata:s:1 language=eng -metadata:s:a:1 language=deu -metadata title=x')
    expect(streamValue(file, 'metadata', streams, 0)).toBe('title=x')
    expect(streamOption({ options: file.options.slice(0, 3) }, 'metadata', streams, 3)?.spelling).toBe(
      '-metadata',
    )
    expect(streamValue({ options: file.options.slice(0, 2) }, 'metadata', streams, 1)).toBe('language=eng')
    expect(streamValue({ options: file.options.slice(0, 2) }, 'metadata', streams, 2)).toBe('language=deu')
  })
})

describe('streamOptions', () => {
  it('lists what holds for one stream, the last of each name', () => {
    const file = output('-map 0:0 -crf:0 23 -codec:0 libx264 -b:1 128k -crf:0 21 -f hls -codec:1 aac')
    expect(streamOptions(file, streams, 0).map(({ name, value }) => [name, value])).toEqual([
      ['codec', 'libx264'],
      ['crf', '21'],
    ])
    expect(streamOptions(file, streams, 1).map(({ name, value }) => [name, value])).toEqual([
      ['b', '128k'],
      ['codec', 'aac'],
    ])
  })
})

describe('mapsOf', () => {
  it('lists the maps of an output in order', () => {
    const maps = mapsOf(output('-map [1] -map 0:1 -map -0:s -map wrong'))
    expect(maps.map(({ kind, text }) => [kind, text])).toEqual([
      ['label', '[1]'],
      ['streams', '0:1'],
      ['streams', '-0:s'],
      ['invalid', 'wrong'],
    ])
  })
})

describe('frameRateMode', () => {
  it.each([
    ['-i a -fps_mode cfr b', 'cfr'],
    ['-i a b -vsync cfr', 'cfr'],
    ['-i a -vsync -1 b', 'auto'],
    ['-i a -vsync 0 b', 'passthrough'],
    ['-i a -vsync 2 b', 'vfr'],
    ['-i a -vsync vfr -fps_mode:v passthrough b', 'passthrough'],
    ['-i a -fps_mode:1 cfr b', null],
    ['-i a b', null],
  ])('of %s is %s', (line, mode) => {
    const command = parse(line)
    const [first] = command.outputs
    expect(first && frameRateMode(command, first, streams, 0)).toBe(mode)
  })
})
