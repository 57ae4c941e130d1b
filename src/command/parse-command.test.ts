import { describe, expect, it } from 'vitest'
import type { CommandOption } from './command.ts'
import { parseCommand } from './parse-command.ts'
import { printCommand } from './print-command.ts'

function spellings(options: readonly CommandOption[]): string[] {
  return options.map(({ spelling }) => spelling)
}

function parse(line: string, tool: 'ffmpeg' | 'ffprobe' = 'ffmpeg') {
  return parseCommand(line.split(' '), tool)
}

describe('parseCommand for ffmpeg', () => {
  it('binds options to the file that follows them', () => {
    const command = parse(
      '-ss 5 -codec:0 h264 -i a.mkv -ss 6 -i b.srt -map 0:0 -codec:0 copy out.ts -map 1:0 -f srt out.srt',
    )
    expect(command.inputs.map(({ path, options }) => [path, spellings(options)])).toEqual([
      ['a.mkv', ['-ss', '-codec:0']],
      ['b.srt', ['-ss']],
    ])
    expect(command.outputs.map(({ path, options }) => [path, spellings(options)])).toEqual([
      ['out.ts', ['-map', '-codec:0']],
      ['out.srt', ['-map', '-f']],
    ])
    expect(command.problems).toEqual([])
  })

  it('finds global options after the last input, as new Plex servers write them', () => {
    const command = parse(
      '-i a.mkv -start_at_zero -copyts -fps_mode cfr -y -nostats -loglevel_plex error -progressurl u -map 0 dash',
    )
    expect(spellings(command.globals)).toEqual([
      '-start_at_zero',
      '-copyts',
      '-y',
      '-nostats',
      '-loglevel_plex',
      '-progressurl',
    ])
    expect(spellings(command.outputs[0]?.options ?? [])).toEqual(['-fps_mode', '-map'])
    expect(command.problems).toEqual([])
  })

  it('finds global options after the last output, as old Plex servers write them', () => {
    const command = parse(
      '-i a.mkv -map 0 dash -map 0:2 sub -start_at_zero -copyts -vsync cfr -y -nostats -progressurl u',
    )
    expect(command.outputs.map(({ path }) => path)).toEqual(['dash', 'sub'])
    expect(spellings(command.globals)).toEqual([
      '-start_at_zero',
      '-copyts',
      '-vsync',
      '-y',
      '-nostats',
      '-progressurl',
    ])
    expect(command.trailing).toEqual([])
    expect(command.problems).toEqual([])
  })

  it('takes a lone dash for an output, with options after it', () => {
    const command = parse('-i a.mkv -f null - -y')
    expect(command.outputs[0]).toMatchObject({ path: '-', index: 4 })
    expect(spellings(command.globals)).toEqual(['-y'])
  })

  it('takes an empty argument for an output, since FFmpeg does', () => {
    expect(parseCommand(['-i', 'a', '']).outputs).toMatchObject([{ path: '' }])
  })

  it('reads the name after -- whatever it looks like, but only that one', () => {
    const command = parseCommand(['-i', 'a', '--', '-y', '-y', '--', '--', 'b'])
    expect(command.outputs.map(({ path }) => path)).toEqual(['-y', 'b'])
    expect(spellings(command.globals)).toEqual(['-y'])
    expect(printCommand(command)).toEqual(['-i', 'a', '--', '-y', '-y', '--', '--', 'b'])
  })

  it('keeps blanks and line ends inside an argument', () => {
    const graph = "[0:1] aresample=async=1:ochl='stereo'[2]\n"
    const command = parseCommand(['-i', 'a b.mkv', '-filter_complex', graph, '-map', '[2]', 'out put'])
    expect(command.globals[0]?.value).toBe(graph)
    expect(command.inputs[0]?.path).toBe('a b.mkv')
  })

  it('does not read options out of a value that a client put them into', () => {
    const command = parseCommand([
      '-user_agent',
      'x" -i /etc/passwd -f null',
      '-i',
      'http://a',
      '-c',
      'copy',
      'o.ts',
    ])
    expect(command.inputs.map(({ path }) => path)).toEqual(['http://a'])
  })

  it('notes where each part stands', () => {
    const command = parse('-y -i a -c copy b')
    expect(command.parts.map(({ kind, index }) => [kind, index])).toEqual([
      ['option', 0],
      ['input', 1],
      ['option', 3],
      ['output', 5],
    ])
  })

  it('lists unknown options and keeps them where they stand', () => {
    const command = parse('-wrong 1 -i a -c copy -odd -c:a aac b')
    expect(command.unknown.map(({ option, index }) => [option.spelling, option.value, index])).toEqual([
      ['-wrong', '1', 0],
      ['-odd', null, 6],
    ])
    expect(spellings(command.inputs[0]?.options ?? [])).toEqual(['-wrong'])
    expect(spellings(command.outputs[0]?.options ?? [])).toEqual(['-c', '-odd', '-c:a'])
  })
})

describe('the problems of a command', () => {
  it.each([
    ['-i a -c', ['missing-value', 'no-output']],
    ['-i a b -i', ['missing-value']],
    ['-i a', ['no-output']],
    ['-y', ['no-output']],
    ['-i a -codec:x copy b', ['bad-specifier']],
    ['-i a -metadata:v:0 k=v b', ['bad-specifier']],
    ['-i a b -c copy', ['trailing-option']],
    ['-i a -c copy b', []],
    ['-decoders', []],
    ['-threads 2 -version', []],
    ['-h filter=scale', []],
    ['-v verbose -init_hw_device vaapi=va', ['no-output']],
  ])('%s: %j', (line, kinds) => {
    const found = parse(line).problems.map(({ kind }) => kind)
    expect([...found].sort()).toEqual([...kinds].sort())
  })

  it('says where and what', () => {
    expect(parse('-i a -codec:x copy b').problems).toEqual([
      {
        kind: 'bad-specifier',
        index: 2,
        text: '-codec:x names its streams in a way that FFmpeg does not know',
      },
    ])
  })

  it('has no output and says so where attachments only are wanted', () => {
    const command = parseCommand(['-dump_attachment:t', '', '-y', '-i', 'a.mks'])
    expect(command.problems).toEqual([{ kind: 'no-output', index: null, text: 'no output is named' }])
    expect(command.inputs[0]?.options).toMatchObject([{ name: 'dump_attachment', value: '' }])
    expect(command.unknown).toEqual([])
  })

  it('of no arguments at all is the missing file', () => {
    expect(parseCommand([]).problems.map(({ kind }) => kind)).toEqual(['no-output'])
    expect(parseCommand([], 'ffprobe').problems.map(({ kind }) => kind)).toEqual(['no-input'])
  })
})

describe('parseCommand for ffprobe', () => {
  it('binds options to the one input wherever they stand', () => {
    const command = parse(
      '-analyzeduration 200M -i a.mkv -threads 0 -v warning -print_format json -show_streams',
      'ffprobe',
    )
    expect(command.inputs).toMatchObject([{ path: 'a.mkv', flag: '-i' }])
    expect(spellings(command.inputs[0]?.options ?? [])).toEqual(['-analyzeduration', '-threads'])
    expect(spellings(command.globals)).toEqual(['-v', '-print_format', '-show_streams'])
    expect(command.problems).toEqual([])
  })

  it('takes an argument without a dash for the input', () => {
    const command = parse('-show_format a.mkv -show_error', 'ffprobe')
    expect(command.inputs).toMatchObject([{ path: 'a.mkv', flag: null }])
    expect(command.outputs).toEqual([])
  })

  it('takes everything after -- for inputs', () => {
    const command = parse('-show_format -- -i --', 'ffprobe')
    expect(command.inputs.map(({ path }) => path)).toEqual(['-i', '--'])
    expect(printCommand(command)).toEqual(['-show_format', '--', '-i', '--'])
  })

  it('needs no input to tell its versions', () => {
    expect(parse('-show_versions', 'ffprobe').problems).toEqual([])
    expect(parse('-show_streams', 'ffprobe').problems).toMatchObject([{ kind: 'no-input' }])
  })
})
